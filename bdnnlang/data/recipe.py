"""Preprocessing with its fitted numbers: from a raw row, as text or numbers, to exact scaled features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.errors import BadCell
from bdnnlang.data.exact import Floats, as_floats, scaled_features
from bdnnlang.data.levels import Levels
from bdnnlang.data.table import RawColumn, Table, short
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.source import Span

LARGEST, SMALLEST = 1e100, 1e-100  # so that no quotient of two values leaves the range of float64


@dataclass(frozen=True, slots=True)
class Encoding:
    """What becomes of one column. No categories: it is a number; else one 0/1 feature for each of them."""

    name: str
    categories: tuple[str | float, ...] = ()  # all texts, or all numbers
    fill: float | str | None = None  # for a missing value; None: must not be missing
    levels: Levels | None = None  # of a number; None: it stays as it is

    @property
    def by_number(self) -> bool:
        """Whether cells are read as numbers, even if these stand for categories."""
        return not isinstance(self.categories[0] if self.categories else 0.0, str)

    @property
    def features(self) -> tuple[str, ...]:
        names = (short(c) if isinstance(c, float) else c for c in self.categories)
        return tuple(f"{self.name}={name}" for name in names) if self.categories else (self.name,)

    def encode(self, column: RawColumn) -> Floats:
        """(rows, features) of a column that `check_column` has passed; unknown categories are all zeros."""
        values: NDArray[Any] = column.numbers if self.by_number else column.as_texts
        if self.fill is not None:
            values = np.where(column.missing, self.fill, values)
        if not self.categories:
            numbers = values.astype(np.float64)
            return (numbers if self.levels is None else self.levels.of(numbers))[:, None]
        return np.stack([values == category for category in self.categories], axis=1).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Fitted preprocessing. Feature j of a row is exactly (raw_j − lower_j) / (upper_j − lower_j), in decimals.

    A quantised feature is a level already in `raw`, and its bounds are 0 and 1.
    """

    target: str
    header: tuple[str, ...]  # all columns of the source in order, the target and unused ones too
    columns: tuple[Encoding, ...]  # the used ones, in order
    lower: tuple[float, ...]  # (features,)
    upper: tuple[float, ...]  # (features,)

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(name for column in self.columns for name in column.features)

    def raw(self, table: Table) -> Floats:
        """Encoded (quantised too), not yet scaled features of a table that holds the used columns by name, (rows, features)."""
        by_name = {column.name: column for column in table.columns}
        return np.concatenate([column.encode(by_name[column.name]) for column in self.columns], axis=1)

    def scale(self, raw: Floats) -> Floats:
        """Correctly rounded scaled features, (rows, features)."""
        return as_floats(scaled_features(raw, np.array(self.lower), np.array(self.upper)))

    def check(self, table: Table, span: Span | None = None) -> list[Diagnostic]:
        """What is wrong with the cells of new rows."""
        by_name = {column.name: column for column in table.columns}
        return [
            diagnostic
            for column in self.columns
            for diagnostic in check_column(
                table, by_name[column.name], number=not column.categories, imputed=column.fill is not None, span=span
            )
        ]

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are the shortest decimals that are read back bit for bit."""
        return {
            "target": self.target,
            "header": list(self.header),
            "columns": [_column_to_json(column) for column in self.columns],
            "lower": [_plain(value) for value in self.lower],
            "upper": [_plain(value) for value in self.upper],
        }

    @classmethod
    def from_json(cls, data: Any) -> Recipe:
        """Read what `to_json` wrote. Raises ValueError if it is something else."""
        try:
            recipe = cls(
                target=_text(data["target"]),
                header=tuple(_text(name) for name in data["header"]),
                columns=tuple(_column_from_json(column) for column in data["columns"]),
                lower=tuple(float(value) for value in data["lower"]),
                upper=tuple(float(value) for value in data["upper"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ValueError(f"the preprocessing is damaged near {error}") from None
        if not _sound(recipe):
            raise ValueError("the preprocessing is damaged: its bounds do not fit its features")
        return recipe


def _sound(recipe: Recipe) -> bool:
    width = len(recipe.features)
    bounds = np.array([recipe.lower, recipe.upper]) if len(recipe.lower) == len(recipe.upper) == width else None
    return bounds is not None and bool(np.isfinite(bounds).all() and (bounds[0] < bounds[1]).all())


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(repr(value))
    return value


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _column_to_json(column: Encoding) -> dict[str, Any]:
    kind = "category" if column.categories else "number" if column.levels is None else "level"
    data: dict[str, Any] = {"name": column.name, "kind": kind}
    if column.categories:
        data["categories"] = [c if isinstance(c, str) else _plain(c) for c in column.categories]
    if column.levels is not None:
        levels = column.levels
        data |= {"bits": levels.bits, "least": _plain(levels.least), "greatest": _plain(levels.greatest)}
    if column.fill is not None:
        data["impute"] = column.fill if isinstance(column.fill, str) else _plain(column.fill)
    return data


def _column_from_json(data: Mapping[str, Any]) -> Encoding:
    if data["kind"] not in ("number", "category", "level"):
        raise ValueError(f"kind {data['kind']!r}")
    categories: Sequence[Any] = data["categories"] if data["kind"] == "category" else ()
    fill = data.get("impute")
    return Encoding(
        name=_text(data["name"]),
        categories=tuple(c if isinstance(c, str) else float(c) for c in categories),
        fill=fill if fill is None or isinstance(fill, str) else float(fill),
        levels=Levels(float(data["least"]), float(data["greatest"]), data["bits"]) if data["kind"] == "level" else None,
    )


def check_column(table: Table, column: RawColumn, *, number: bool, imputed: bool, span: Span | None = None) -> list[BadCell]:
    """What is wrong with the cells of a column: one diagnostic for each kind of mistake, at its first row."""
    found: list[BadCell] = []

    def report(rows: Any, problem: str, advice: str) -> None:
        where = np.flatnonzero(rows)
        if not len(where):
            return
        first, others = int(where[0]), len(where) - 1
        more = f", and in {others} more line{'s' if others > 1 else ''}" if others else ""
        found.append(
            BadCell(
                file=table.source.removeprefix("csv "),
                line=int(table.lines[first]),
                column=column.name,
                problem=problem.format(column.cell(first)[:40]),
                advice=advice,
                more=more,
                span=span,
            )
        )

    if number:
        text, numbers = column.is_text, column.numbers
        report(text, "`{}` is not a number", _advice_for_text(table, column, text))
        report(np.isinf(numbers), "`{}` is not a finite number", "write a finite number, or leave the cell empty")
        finite = np.isfinite(numbers) & (numbers != 0)
        odd = finite & ((np.abs(numbers) > LARGEST) | (np.abs(numbers) < SMALLEST))
        report(odd, "`{}` is not between 1e-100 and 1e100 in size", "measure it in other units")
    if not imputed:
        report(column.missing, "the value is missing", "write `impute median`, remove the row, or drop the column")
    return found


def _advice_for_text(table: Table, column: RawColumn, text: Any) -> str:
    cell = column.cell(int(np.flatnonzero(text)[0])) if text.any() else ""
    if text[0] and text.sum() == 1 and table.lines[0] == 1:
        return "if the first line names the columns, write `header = true`"
    if "," in cell and cell.replace(",", "", 1).lstrip("+-").isdigit():
        return "write decimals with a point"
    return "write a number, leave the cell empty and `impute`, or name the column in `onehot`"
