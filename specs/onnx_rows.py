"""A run through onnxruntime and through `bdnnc predict`, on 10,000 rows: `python specs/onnx_rows.py RUN MODEL.onnx [ROWS]`.

The rows are readings within the ranges that the model declares, most of them moved onto a threshold of the first layer or one
below it, where anything that is not exact shows. It needs onnxruntime (`pip install onnxruntime`).
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from bdnnlang.data.exact import decimal
from bdnnlang.device.fold import fold
from bdnnlang.device.many import signals, sums
from bdnnlang.device.vectors import draw, near_ties
from bdnnlang.device.whole import Reading, WholeNetwork
from bdnnlang.network.export.network_json import load

TYPES = {"tensor(int64)": np.int64, "tensor(float)": np.float32}


def said(session: Any) -> tuple[list[Reading], list[str]]:
    """What the model says of its columns and classes."""
    told = {
        key: json.loads(text)
        for key, text in session.get_modelmeta().custom_metadata_map.items()
        if key in ("readings", "classes")
    }
    readings = [
        Reading(
            **{**one, "unit": Fraction(one["unit"]), "offset": Fraction(one["offset"]), "categories": tuple(one["categories"])}
        )
        for one in told["readings"]
    ]
    return readings, told["classes"]


def rows_of(network: WholeNetwork, number: int) -> np.ndarray:
    """A quarter as they come, the others near ties."""
    rng = np.random.default_rng(0)
    each = -(-number * 3 // (8 * len(network.layers[0])))
    near = near_ties(network, each, rng)[: number * 3 // 4]
    return np.concatenate([near, draw(network, number - len(near), rng)])


def at_tie(network: WholeNetwork, rows: np.ndarray) -> int:
    """Of how many rows a sum of the first layer lies on its threshold or one below."""
    thresholds = np.array([neuron.threshold for neuron in network.layers[0]], dtype=object)
    slack = sums(network.layers[0], signals(network, rows)) - thresholds
    return int(((slack == 0) | (slack == -1)).any(axis=1).sum())


def cell(reading: Reading, r: int) -> str:
    """What stands in a CSV for a reading: nothing for a missing one, any other text for an unknown category."""
    if r == reading.missing:
        return ""
    if reading.categories:
        return reading.categories[r] if r < len(reading.categories) else "unknown"
    return decimal(r * reading.unit + reading.offset)


def predicted(run: Path, readings: list[Reading], rows: np.ndarray) -> list[str]:
    """The classes that `bdnnc predict` prints."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "rows.csv", Path(folder) / "classes.csv"
        with given.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([reading.column for reading in readings])
            writer.writerows([[cell(*pair) for pair in zip(readings, row, strict=True)] for row in rows.tolist()])
        command = [sys.executable, "-m", "bdnnlang.cli", "predict", str(run), str(given), "-o", str(found)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        with found.open(newline="") as stream:
            return [line["class"] for line in csv.DictReader(stream)]


def main(run: Path, model: Path, number: int = 10_000) -> int:
    """Prints how many rows differ, and is that."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    readings, classes = said(session)
    network = fold(load((run / "network.json").read_text()), readings)
    rows = rows_of(network, number)
    given = rows.astype(TYPES[session.get_inputs()[0].type])
    found = [classes[k] for k in session.run(["class"], {"readings": given})[0]]
    differ = sum(one != other for one, other in zip(found, predicted(run, readings, rows), strict=True))
    near = f"{at_tie(network, rows):,} of them on a threshold or one below"
    print(f"{len(rows):,} rows, {near}, {len(set(found))} classes: {differ} differ")
    return differ


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])), 1))
