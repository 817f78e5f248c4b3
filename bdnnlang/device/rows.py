"""Rows of a table as a device reads them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bdnnlang.data.dataset import Dataset
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.table import RawColumn, Table
from bdnnlang.device.readings import most_places
from bdnnlang.device.whole import Reading
from bdnnlang.network.numbers import exact


def places_of(recipe: Recipe, table: Table) -> dict[str, int]:
    """The most decimals of the numbers in each column."""
    return {
        encoding.name: most_places(np.unique(column.numbers[np.isfinite(column.numbers)]).tolist())
        for encoding, column in recipe.paired(table)
        if not encoding.categories
    }


def places_in(data: Dataset) -> dict[str, int]:
    """The same, of columns whose numbers are features as they are."""
    parts = [part for part in (data.train, data.validation, data.test) if part is not None]
    names = {column.name for column in data.recipe.columns if not column.categories and column.is_scaled}
    return {
        name: max(most_places(np.unique(part.raw[:, place].astype(np.float64)).tolist()) for part in parts)
        for place, name in enumerate(data.features)
        if name in names
    }


def rows_of(recipe: Recipe, table: Table, readings: Sequence[Reading]) -> tuple[tuple[int, ...], ...]:
    """The rows that lie in the declared ranges, in whole units; others have none."""
    columns = [
        _column(encoding, column, reading) for (encoding, column), reading in zip(recipe.paired(table), readings, strict=True)
    ]
    return tuple(row for row in zip(*columns, strict=True) if None not in row)


def _column(encoding: Encoding, column: RawColumn, reading: Reading) -> list[int | None]:
    """What is read for each cell; None: nothing stands for it."""
    values = column.numbers if encoding.by_number else column.as_texts
    missing = column.missing.tolist()
    known = {value: _read(encoding, value, reading) for value in set(values[~column.missing].tolist())}
    return [reading.missing if absent else known[value] for value, absent in zip(values.tolist(), missing, strict=True)]


def _read(encoding: Encoding, value: float | str, reading: Reading) -> int | None:
    if encoding.categories:
        return encoding.categories.index(value) if value in encoding.categories else len(encoding.categories)
    if isinstance(value, str) or not np.isfinite(value):
        return None
    r = (exact(value) - reading.offset) / reading.unit
    return int(r) if r.denominator == 1 and reading.first <= r <= reading.last else None
