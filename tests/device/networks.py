"""Networks with preprocessing at random, each a function of its number, and every row that a device can read for them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from bdnnlang.data.exact import decimal, is_decimal
from bdnnlang.data.load import load
from bdnnlang.data.new_rows import load_rows
from bdnnlang.data.preprocessing.quantize import Levels
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.data.preprocessing.units import Unit
from bdnnlang.device.readings import Declared, readings_of
from bdnnlang.device.whole import Reading
from bdnnlang.language.spec import Column, Csv, DataSpec, DataStep, Impute, OneHot, Quantize, Scale, Units
from bdnnlang.network.exact import outputs
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Layer, Network

ROWS = "t,n,dose,colour,code,y\n" + "".join(
    f"{i * 0.3 - 1:.1f},{-i % 7 - 3},{i % 5} kg,{('red', 'green', 'blue')[i % 3]},{(1.5, 2, 7)[i % 3]},{'pqr'[i // 9]}\n"
    for i in range(27)
)
GAPS = ROWS.replace("\n-0.4,", "\n,").replace(",-1,", ",,").replace(",2 kg,green", ",,").replace(",7,", ",,", 2)
RANGES = {"t": (Fraction(-1, 5), Fraction(1, 5)), "n": (Fraction(-2), Fraction(1)), "dose": (Fraction(0), Fraction(2))}
WEIGHTS = ((-1.0, 0.0, 1.0), (-3.0, -1.0, 0.0, 0.0, 2.0, 4.0), (-0.75, -0.1, 0.0, 0.3, 0.6))


@dataclass(frozen=True)
class Example:
    file: NetworkFile
    recipe: Recipe
    readings: tuple[Reading, ...]

    def rows(self) -> Iterator[tuple[int, ...]]:
        """All readings within the declared ranges."""
        return itertools.product(*(range(reading.lower, reading.upper + 1) for reading in self.readings))

    def predict(self, rows: list[tuple[int, ...]], folder: Path) -> list[int]:
        """What `bdnnc predict` says of them, from a file of cells."""
        header = ",".join(reading.column for reading in self.readings)
        cells = [",".join(map(self.cell, self.readings, row)) for row in rows]
        (folder / "new.csv").write_text("\n".join([header, *cells, ""]))
        return classify(outputs(self.file.network, load_rows(folder / "new.csv", self.recipe))).tolist()

    def cell(self, reading: Reading, r: int) -> str:
        """What stands in a file for a reading."""
        if r == reading.missing:
            return ""
        if reading.categories:
            return reading.categories[r] if r < len(reading.categories) else "99"
        column = next(column for column in self.recipe.columns if column.name == reading.column)
        unit = column.step(Unit)
        value = r * reading.unit + reading.offset
        number = decimal(value) if is_decimal(value) else repr(float(value))  # a level that is no decimal: one next to it
        return number if unit is None else f"{unit.before}{number}{unit.after}"


ALWAYS: tuple[DataStep, ...] = (OneHot((Column("code"),)), Units((Column("dose"),)))


def steps(chance: random.Random, *, has_gaps: bool) -> tuple[DataStep, ...]:
    scale = chance.choice([(), (Scale("minmax"),), (Scale("standard"),), (Scale("none"),)])
    quantize = chance.choice([(), (), (Quantize(1),), (Quantize(3),)])
    impute = (Impute(chance.choice(["mean", "median", "most_frequent"])),) if has_gaps else ()
    return (*scale, *quantize, *impute)


def example(
    number: int, folder: Path, *, is_level: bool = False, given: tuple[DataStep, ...] | None = None, has_gaps: bool | None = None
) -> Example:
    """The same for the same number; a third has missing values. `given`: the steps, else drawn."""
    chance = random.Random(number)
    has_gaps = number % 3 == 0 if has_gaps is None else has_gaps
    drawn = steps(chance, has_gaps=has_gaps) if given is None else given
    (folder / "t.csv").write_text(GAPS if has_gaps else ROWS)
    data = load(DataSpec(Csv("t.csv"), steps=(*drawn, *ALWAYS)), folder)
    widths = [len(data.features), *(chance.randint(1, 3) for _ in range(number % 3)), 3]
    file = NetworkFile(network(chance, widths), data.features, data.classes, data.recipe.to_json())
    return Example(file, data.recipe, readings_of(data.recipe, declared(data.recipe, is_level=is_level)))


def declared(recipe: Recipe, *, is_level: bool) -> Declared:
    """Ranges of few values; a level has its own."""
    levels = {column.name for column in recipe.columns if column.step(Levels) is not None} if is_level else set()
    return Declared(ranges={name: ends for name, ends in RANGES.items() if name not in levels}, is_level=is_level)


def network(chance: random.Random, widths: list[int]) -> Network:
    """Of weights of one kind a layer, and biases near the middle of the sums, so that most neurons change."""
    layers = []
    for below, width in itertools.pairwise(widths):
        weights = np.array(chance.choices(chance.choice(WEIGHTS), k=below * width)).reshape(width, below)
        biases = -(weights.sum(axis=1) * 0.5).round(2) + np.array(chance.choices((-0.5, -0.1, 0.0, 0.2), k=width))
        layers.append(Layer(weights, biases.round(2)))
    return Network(tuple(layers))
