"""Warnings about new rows whose cells can be read: categories, numbers and classes that training has not seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.diagnosis.row_warnings import FarOutside, UnknownLabel, UnseenCategory
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.table import RawColumn, Table, and_more, closest, listed, short
from bdnnlang.data.target import labels_among
from bdnnlang.diagnostics import Diagnostic

MOST_VALUES = 5  # of a column that have a warning each


def oddities(table: Table, recipe: Recipe) -> list[Diagnostic]:
    """One for each unseen category, and for each column with numbers far outside."""
    diagnostics: list[Diagnostic] = []
    for encoding, column in recipe.paired(table):
        diagnostics += _unseen(table, column, encoding) if encoding.categories else _outside(table, column, encoding)
    return diagnostics


def _unseen(table: Table, column: RawColumn, encoding: Encoding) -> Iterator[UnseenCategory]:
    values: NDArray[Any] = column.numbers if encoding.by_number else column.as_texts
    known = np.isin(values, np.array(encoding.categories, dtype=values.dtype))
    names = [short(c) if isinstance(c, float) else c for c in encoding.categories]
    for place, count in _first_of_each(values, ~known & ~column.missing):
        value = column.cell(place)
        yield UnseenCategory(
            file=_file(table), line=int(table.lines[place]), column=column.name, value=value[:40], known=listed(names),
            more=and_more(count), suggestion=closest(value, names),
        )  # fmt: skip


def _outside(table: Table, column: RawColumn, encoding: Encoding) -> Iterator[FarOutside]:
    """Beyond the range by more than its width."""
    if encoding.seen is None:
        return
    least, greatest = encoding.seen
    width = greatest - least
    where = np.flatnonzero((column.numbers < least - width) | (column.numbers > greatest + width))
    if len(where):
        place = int(where[0])
        yield FarOutside(
            file=_file(table), line=int(table.lines[place]), column=column.name, value=short(column.numbers[place]),
            least=short(least), greatest=short(greatest), more=and_more(len(where)),
        )  # fmt: skip


def unknown_labels(table: Table, target: RawColumn, classes: tuple[str, ...]) -> Iterator[UnknownLabel]:
    """Classes that the network does not know."""
    for place, count in _first_of_each(target.as_texts, (labels_among(target, classes) < 0) & ~target.missing):
        yield UnknownLabel(
            file=_file(table), line=int(table.lines[place]), column=target.name, value=target.cell(place)[:40],
            known=listed(classes), more=and_more(count),
        )  # fmt: skip


def _first_of_each(values: NDArray[Any], where: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The first place of each distinct value, and how often it is there, for the first few values."""
    counts: dict[Any, tuple[int, int]] = {}
    for place in np.flatnonzero(where).tolist():
        first, count = counts.get(values[place], (place, 0))
        counts[values[place]] = first, count + 1
    return list(counts.values())[:MOST_VALUES]


def _file(table: Table) -> str:
    return table.source.removeprefix("csv ")
