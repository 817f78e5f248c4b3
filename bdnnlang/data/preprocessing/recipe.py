"""Preprocessing with its fitted numbers: from a raw row, as text or numbers, to exact scaled features."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from bdnnlang.arrays import Compact, Floats, compact
from bdnnlang.data.diagnosis.cells import check_column
from bdnnlang.data.exact import as_floats
from bdnnlang.data.preprocessing.impute import Fill
from bdnnlang.data.preprocessing.onehot import Categories
from bdnnlang.data.preprocessing.scale import NOT_SCALED
from bdnnlang.data.preprocessing.step import FittedStep, Json, Values, plain, sized
from bdnnlang.data.preprocessing.steps import STEPS
from bdnnlang.data.table import RawColumn, Table
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.source import Span
from bdnnlang.strict_json import Malformed, members, printable, read, within

F = TypeVar("F", bound=FittedStep)


@dataclass(frozen=True, slots=True)
class Encoding:
    """What becomes of one column: it is a number, or its steps make features of it."""

    name: str
    steps: tuple[FittedStep, ...] = ()  # in the order of the table
    seen: tuple[float, float] | None = None  # least and greatest number of the training part; None: not known

    def step(self, kind: type[F]) -> F | None:
        """What a step has become for this column, if it does anything to it."""
        return next((step for step in self.steps if isinstance(step, kind)), None)

    @property
    def categories(self) -> tuple[str | float, ...]:
        """Of which each has a feature of 0 and 1; none: the column is a number."""
        categories = self.step(Categories)
        return categories.values if categories else ()

    @property
    def by_number(self) -> bool:
        """Whether cells are read as numbers, even if these stand for categories."""
        return not any(step.takes_texts for step in self.steps)

    @property
    def is_scaled(self) -> bool:
        """Whether its features are scaled."""
        return all(step.is_scaled for step in self.steps)

    @property
    def is_binary(self) -> bool:
        """Whether its features are 0 or 1, which do not change by a little."""
        return any(step.is_binary for step in self.steps)

    @property
    def features(self) -> tuple[str, ...]:
        return next((names for step in self.steps if (names := step.features(self.name)) is not None), (self.name,))

    def read(self, column: RawColumn) -> RawColumn:
        """The column, its cells read as the steps say."""
        for step in self.steps:
            column = step.read(column)
        return column

    def encode(self, column: RawColumn) -> Floats:
        """(rows, features) of a read column that `check_column` has passed; unknown categories are all zeros."""
        values: Values = column.numbers if self.by_number else column.as_texts
        for step in self.steps:
            values = step.apply(values, column.missing)
        numbers = values.astype(np.float64)
        return numbers if numbers.ndim == 2 else numbers[:, None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Fitted preprocessing. Feature j of a row is exactly (raw_j − lower_j) / (upper_j − lower_j), in decimals.

    Bounds of 0 and 1 leave a feature as it is.
    """

    target: str
    header: tuple[str, ...]  # all columns of the source in order, the target and unused ones too
    columns: tuple[Encoding, ...]  # the used ones, in order
    lower: tuple[float, ...]  # (features,)
    upper: tuple[float, ...]  # (features,)

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(name for column in self.columns for name in column.features)

    @property
    def fitted_numbers(self) -> int:
        """Those of the steps, and two for each feature that is scaled."""
        scaled = sum(bounds != NOT_SCALED for bounds in zip(self.lower, self.upper, strict=True))
        return 2 * scaled + sum(step.fitted_numbers for column in self.columns for step in column.steps)

    def raw(self, table: Table) -> Compact:
        """Encoded, not yet scaled features of a table that holds the used columns by name, (rows, features)."""
        raw: Compact = np.empty((table.rows, len(self.features)), dtype=np.uint8)
        place = 0
        for encoding, column in self.paired(table):
            for values in map(compact, encoding.encode(column).T):
                raw = raw.astype(np.result_type(raw, values), copy=False)
                raw[:, place] = values
                place += 1
        return raw

    def paired(self, table: Table) -> Iterator[tuple[Encoding, RawColumn]]:
        """The used columns with their cells read."""
        by_name = {column.name: column for column in table.columns}
        return ((encoding, encoding.read(by_name[encoding.name])) for encoding in self.columns)

    @property
    def is_plain(self) -> bool:
        """Does it leave all features as they are?"""
        return not any(self.lower) and all(upper == 1 for upper in self.upper)

    def scale(self, raw: Compact) -> Floats:
        """Correctly rounded scaled features, (rows, features)."""
        return raw.astype(np.float64, copy=False) if self.is_plain else as_floats(raw, self.lower, self.upper)

    def check(self, table: Table, span: Span | None = None) -> list[Diagnostic]:
        """What is wrong with the cells of new rows."""
        return [
            diagnostic
            for encoding, column in self.paired(table)
            for diagnostic in check_column(
                table, column, number=not encoding.categories, imputed=encoding.step(Fill) is not None, span=span
            )
        ]

    def to_json(self) -> Json:
        """Plain data; numbers are the shortest decimals that are read back bit for bit."""
        return {
            "target": self.target,
            "header": list(self.header),
            "columns": [_column_to_json(column) for column in self.columns],
            "lower": [plain(value) for value in self.lower],
            "upper": [plain(value) for value in self.upper],
        }

    @classmethod
    def from_json(cls, data: Any) -> Recipe:
        """Read what `to_json` wrote. Raises Malformed if it is something else."""
        try:
            stated: _RecipeRecord = read(_RecipeRecord, data)
            columns = (_encoding(column, f"columns[{i}]") for i, column in enumerate(stated.columns))
            recipe = cls(stated.target, stated.header, tuple(columns), stated.lower, stated.upper)
            _check(recipe)
        except Malformed as error:
            raise Malformed(f"the preprocessing is damaged: {error}") from None
        return recipe


# ---- as JSON


@dataclass(frozen=True, slots=True)
class _RecipeRecord:
    target: str
    header: tuple[str, ...]
    columns: tuple[Any, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _ColumnRecord:
    """What does not depend on the steps."""

    name: str
    kind: str
    seen: tuple[float, ...] | None = None  # not in files of version 0.1


_KINDS = {"number"} | {kind.fitted.column_kind for kind in STEPS if kind.fitted is not None}


def _encoding(data: Any, at: str) -> Encoding:
    records = dict(_records(data, at))
    column: _ColumnRecord = records.pop(_ColumnRecord)
    if column.kind not in _KINDS:
        raise Malformed(f"`{at}.kind` is not one of {', '.join(f'`{kind}`' for kind in sorted(_KINDS))}")
    parts = (kind.from_json(records[kind.record], column.kind) for kind in STEPS if kind.record in records)
    encoding = Encoding(column.name, tuple(step for step in parts if step is not None), _seen(column.seen))
    for step in encoding.steps:
        step.check(not encoding.by_number)
    return encoding


def _records(data: Any, at: str) -> Iterator[tuple[type, Any]]:
    """The keys of a column as one record for the column and one for each kind of step."""
    stated = dict(members(data, at))
    for record in (_ColumnRecord, *(kind.record for kind in STEPS if kind.record is not None)):
        keys = {field.name: stated.pop(field.name) for field in fields(record) if field.name in stated}
        yield record, read(record, keys, at)
    if stated:
        raise Malformed(f"`{printable(within(at, next(iter(stated))))}` is not known")


def _seen(stated: tuple[float, ...] | None) -> tuple[float, float] | None:
    if stated is None:
        return None
    if len(stated) != 2 or not sized(stated[0]) <= sized(stated[1]):
        raise Malformed("`seen` is not the least and the greatest number")
    return stated[0], stated[1]


def _check(recipe: Recipe) -> None:
    """Raise Malformed for what does not fit together."""
    names = [column.name for column in recipe.columns]
    if not names or len(set(recipe.header)) < len(recipe.header) or not {recipe.target, *names} <= set(recipe.header):
        raise Malformed("its columns are not those of its header")
    if not len(recipe.lower) == len(recipe.upper) == len(recipe.features):
        raise Malformed("its bounds do not fit its features")
    for low, high in zip(recipe.lower, recipe.upper, strict=True):
        if not sized(low) < sized(high):
            raise Malformed(f"no number lies between {low} and {high}")


def _column_to_json(column: Encoding) -> Json:
    """The steps from the last to the first, as files of version 0.1 have them."""
    kinds = (step.column_kind for step in column.steps if step.column_kind != "number")
    data: Json = {"name": column.name, "kind": next(kinds, "number")}
    if column.seen is not None:
        data["seen"] = [plain(value) for value in column.seen]
    for step in reversed(column.steps):
        data |= step.to_json()
    return data
