"""A network in whole numbers, by `bdnnc export --format python`: numpy is all that it needs.

`predict(rows)` takes values in the units of the data, `predict_whole(readings)` the whole numbers that a device reads. Both are
exact. A value that no reading stands for is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

# ---- the network (this one says whether x > y)

NAME = "example"
SHA256 = ""  # of the network.json that it comes from
CLASSES: tuple[str, ...] = ("no", "yes")
READINGS: tuple[tuple[Any, ...], ...] = (  # column, least, greatest, unit, offset, missing, categories
    ("x", 0, 255, "1", "0", None, ()),
    ("y", 0, 255, "1", "0", None, ()),
)
SIGNALS: tuple[tuple[str, int, Any], ...] = (  # kind, place of the reading, number or numbers
    ("Count", 0, 0),
    ("Count", 1, 0),
)
LAYERS: tuple[tuple[Any, ...], ...] = (  # of each neuron (place of an input, weight) …, and the threshold
    ((((0, 1), (1, -1)), 1),),
)
IS_WIDE = False  # sums leave 64 bits: Python's whole numbers, which have no end

# ---- what it does


def predict(rows: Iterable[Sequence[object] | Mapping[str, object]]) -> list[str]:
    """The class of each row: values in the order of READINGS, or by column. None, NaN and "" are missing.

    Raises ValueError for what no reading stands for, KeyError for a column that is not there.
    """
    return [CLASSES[number] for number in predict_whole([whole(row) for row in rows]).tolist()]


def whole(row: Sequence[object] | Mapping[str, object]) -> list[int]:
    """What is read of a row, in whole numbers."""
    values = [row[reading[0]] for reading in READINGS] if isinstance(row, Mapping) else list(row)
    if len(values) != len(READINGS):
        raise ValueError(f"a row has {len(READINGS)} values: {', '.join(reading[0] for reading in READINGS)}")
    return [_read(value, reading) for value, reading in zip(values, READINGS, strict=True)]


def predict_whole(readings: Sequence[Sequence[int]]) -> Any:
    """The number of each class, (rows,), of whole numbers (rows, columns) within their ranges."""
    r = np.array(readings, dtype=np.int64).reshape(-1, len(READINGS))
    kind: Any = object if IS_WIDE else np.int64
    inputs: Any = np.zeros((len(r), len(SIGNALS)), dtype=kind)
    for place, (signal, reading, numbers) in enumerate(SIGNALS):
        inputs[:, place] = _signal(signal, r[:, reading], READINGS[reading][5], numbers)
    for layer in LAYERS:
        weights = np.zeros((inputs.shape[1], len(layer)), dtype=kind)
        for k, (pairs, _) in enumerate(layer):
            for place, weight in pairs:
                weights[place, k] = weight
        inputs = (inputs @ weights >= np.array([threshold for _, threshold in layer], dtype=kind)).astype(kind)
    outputs = inputs.astype(np.int64)
    return outputs[:, 0] if outputs.shape[1] == 1 else outputs.argmax(axis=1)


def _read(value: object, reading: tuple[Any, ...]) -> int:
    column, lower, upper, unit, offset, missing, categories = reading
    text = "" if value is None or value != value else str(value).strip()
    if text == "":
        if missing is None:
            raise ValueError(f"{column}: the value is missing")
        return int(missing)
    if categories:
        return _place(text, categories)
    r = (Fraction(text) - Fraction(offset)) / Fraction(unit)
    if r.denominator != 1:
        raise ValueError(f"{column}: {text} is no whole number of {unit}" + (f" from {offset}" if Fraction(offset) else ""))
    if not lower <= r <= upper or r == missing:
        raise ValueError(f"{column}: {text} is {r} in units of {unit}, which is not from {lower} to {upper}")
    return int(r)


def _place(text: str, categories: tuple[str | float, ...]) -> int:
    """Of a category; behind the last: an unknown one. Numbers are compared as numbers."""
    if isinstance(categories[0], str):
        return categories.index(text) if text in categories else len(categories)
    number = Fraction(text)
    return next((place for place, one in enumerate(categories) if Fraction(str(one)) == number), len(categories))


def _signal(kind: str, r: Any, missing: int | None, numbers: Any) -> Any:
    if kind == "Equals":
        return r == numbers
    value = {"Count": lambda: r, "AtLeast": lambda: r >= numbers, "Level": lambda: np.searchsorted(numbers, r, side="right")}[
        kind
    ]()
    return value if missing is None else np.where(r == missing, 0, value)
