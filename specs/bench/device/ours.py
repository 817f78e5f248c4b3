"""Our networks: trained by the specs beside this file, folded to whole numbers, and written in C in each style."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from competitors import Model, Split
from targets import exported

import bdnnlang as bd
from bdnnlang import compiler
from bdnnlang.cli import main as bdnnc
from bdnnlang.data.dataset import Dataset, Part
from bdnnlang.data.preprocessing.quantize import Levels
from bdnnlang.device.c.header import header
from bdnnlang.device.c.straight.inputs import input_type
from bdnnlang.device.c.styles import Optimise, Style
from bdnnlang.device.fold import fold
from bdnnlang.device.many import predict
from bdnnlang.device.readings import Declared, readings_of
from bdnnlang.device.simplify import live_weights, simplified
from bdnnlang.device.whole import WholeNetwork
from bdnnlang.network.export.network_json import load

HERE = Path(__file__).resolve().parent
READ_AS = Declared(is_level=True)  # numbers in their last decimal, columns of `quantize` in levels: bytes, all of them


@dataclass(frozen=True)
class Written:
    """A network, and the styles in which it is measured."""

    spec: str  # its name beside this file
    styles: tuple[Style, ...] = (Style.AUTO,)
    optimise: Optimise = Optimise.BYTES


@dataclass(frozen=True)
class Problem:
    """A split, our networks for it, and those of which the accuracy is asked of others."""

    name: str
    networks: tuple[Written, ...]


TABLES = (Style.LIST, Style.WALK)
PROBLEMS = (
    Problem("iris", (Written("iris_4"), Written("iris_10"))),
    Problem("breast cancer", (Written("breast_cancer", (Style.UNROLL, Style.WALK)), Written("breast_cancer_one"))),
    Problem("digits 3 and 8", (Written("digits_3_8", TABLES), Written("digits_3_8_one", (Style.UNROLL, *TABLES)))),
    Problem("ten digits", tuple(Written(f"digits_{width}", TABLES) for width in (16, 20, 24, 32))),
)


def data_of(spec: str) -> Dataset:
    return compiler.read_data(bd.load_spec(HERE / f"{spec}.bdnn"), HERE)


def split_of(data: Dataset) -> Split:
    """What a device reads of each sample."""
    assert data.test is not None
    return Split(_rows(data, data.train), data.train.y, _rows(data, data.test), data.test.y)


def _rows(data: Dataset, part: Part) -> np.ndarray:
    """Of columns of numbers, without gaps."""
    readings = readings_of(data.recipe, READ_AS)
    units = [1.0 if c.step(Levels) else float(r.unit) for c, r in zip(data.recipe.columns, readings, strict=True)]
    return np.rint(part.raw / np.array(units)).astype(int)


def network(spec: str, runs: Path) -> WholeNetwork:
    """As the run folder has it, simplified; without one it is trained first."""
    folder = runs / spec
    if not (folder / "network.json").exists():
        bdnnc(["run", str(HERE / f"{spec}.bdnn"), "--out", str(folder)])
    file = load((folder / "network.json").read_text(encoding="utf-8"))
    return simplified(fold(file, readings_of(data_of(spec).recipe, READ_AS)))


def model(whole: WholeNetwork, split: Split, style: Style, optimise: Optimise) -> Model:
    """The header, and what the network answers in exact arithmetic."""
    text = header(whole, "network", style, optimise)
    source = exported(text, "network", input_type(whole.readings).name, len(whole.readings))
    return Model(source, predict(whole, split.x_test), f"{live_weights(whole)} weights")
