"""Preprocessing with its fitted numbers: from a raw row, as text or numbers, to exact scaled features."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats
from bdnnlang.data.diagnosis.errors import BadCell, TooManyDigits
from bdnnlang.data.exact import as_floats, scaled_features
from bdnnlang.data.preprocessing.advice import advice_for_texts
from bdnnlang.data.preprocessing.levels import Levels
from bdnnlang.data.preprocessing.units import Unit, without_unit
from bdnnlang.data.table import RawColumn, Table, and_more, quoted, short
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.source import Span
from bdnnlang.strict_json import Malformed, read

MISSING_VALUE = "the value is missing"
LARGEST, SMALLEST = 1e100, 1e-100  # so that no quotient of two values leaves the range of float64


@dataclass(frozen=True, slots=True)
class Encoding:
    """What becomes of one column. No categories: it is a number; else one 0/1 feature for each of them."""

    name: str
    categories: tuple[str | float, ...] = ()  # all texts, or all numbers
    fill: float | str | None = None  # for a missing value; None: must not be missing
    levels: Levels | None = None  # of a number; None: it stays as it is
    seen: tuple[float, float] | None = None  # least and greatest number of the training part; None: not known
    unit: Unit | None = None  # that cells may have with their number

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
        return np.concatenate([encoding.encode(column) for encoding, column in self.paired(table)], axis=1)

    def paired(self, table: Table) -> list[tuple[Encoding, RawColumn]]:
        """The used columns, their cells read without units."""
        by_name = {column.name: column for column in table.columns}
        return [(encoding, without_unit(by_name[encoding.name], encoding.unit)) for encoding in self.columns]

    def scale(self, raw: Floats) -> Floats:
        """Correctly rounded scaled features, (rows, features)."""
        return as_floats(scaled_features(raw, np.array(self.lower), np.array(self.upper)))

    def check(self, table: Table, span: Span | None = None) -> list[Diagnostic]:
        """What is wrong with the cells of new rows."""
        return [
            diagnostic
            for encoding, column in self.paired(table)
            for diagnostic in check_column(
                table, column, number=not encoding.categories, imputed=encoding.fill is not None, span=span
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
        """Read what `to_json` wrote. Raises Malformed if it is something else."""
        try:
            stated: _RecipeFile = read(_RecipeFile, data)
            recipe = cls(stated.target, stated.header, tuple(map(_encoding, stated.columns)), stated.lower, stated.upper)
            _check(recipe)
        except Malformed as error:
            raise Malformed(f"the preprocessing is damaged: {error}") from None
        return recipe


@dataclass(frozen=True, slots=True)
class _ColumnFile:
    name: str
    kind: Literal["number", "category", "level"]
    categories: tuple[str | float, ...] = ()
    bits: int | None = None
    least: float | None = None
    greatest: float | None = None
    impute: str | float | None = None
    seen: tuple[float, ...] | None = None  # not in files of version 0.1
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class _RecipeFile:
    target: str
    header: tuple[str, ...]
    columns: tuple[_ColumnFile, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


def _encoding(column: _ColumnFile) -> Encoding:
    kinds = {type(value) for value in column.categories}
    if len(kinds) != (column.kind == "category") or len(set(column.categories)) < len(column.categories):
        raise Malformed(f"a column of kind `{column.kind}` with these categories")
    levels = None
    if column.kind == "level":
        try:
            levels = Levels(_sized(column.least), _sized(column.greatest), column.bits or 0)
        except ValueError as error:
            raise Malformed(f"levels with {error}") from None
    elif (column.bits, column.least, column.greatest) != (None, None, None):
        raise Malformed(f"a column of kind `{column.kind}` with levels")
    if column.unit and column.categories:
        raise Malformed("categories with a unit")
    encoding = Encoding(column.name, column.categories, column.impute, levels, _seen(column.seen), column.unit)
    if encoding.fill is not None and isinstance(encoding.fill, str) == encoding.by_number:
        raise Malformed(f"`impute` is {encoding.fill!r} among {'numbers' if encoding.by_number else 'texts'}")
    for number in (*column.categories, encoding.fill):
        if isinstance(number, float):
            _sized(number)
    return encoding


def _seen(stated: tuple[float, ...] | None) -> tuple[float, float] | None:
    if stated is None:
        return None
    if len(stated) != 2 or not _sized(stated[0]) <= _sized(stated[1]):
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
        if not _sized(low) < _sized(high):
            raise Malformed(f"no number lies between {low} and {high}")


def _sized(value: float | None) -> float:
    """A number no larger or smaller than a cell may be."""
    if value is None or (value and not SMALLEST <= abs(value) <= LARGEST):
        raise Malformed(f"{value} is not between {SMALLEST} and {LARGEST} in size")
    return value


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _column_to_json(column: Encoding) -> dict[str, Any]:
    kind = "category" if column.categories else "number" if column.levels is None else "level"
    data: dict[str, Any] = {"name": column.name, "kind": kind}
    if column.categories:
        data["categories"] = [c if isinstance(c, str) else _plain(c) for c in column.categories]
    if column.seen is not None:
        data["seen"] = [_plain(value) for value in column.seen]
    if column.levels is not None:
        levels = column.levels
        data |= {"bits": levels.bits, "least": _plain(levels.least), "greatest": _plain(levels.greatest)}
    if column.unit is not None:
        data["unit"] = asdict(column.unit)
    if column.fill is not None:
        data["impute"] = column.fill if isinstance(column.fill, str) else _plain(column.fill)
    return data


def check_column(table: Table, column: RawColumn, *, number: bool, imputed: bool, span: Span | None = None) -> list[Diagnostic]:
    """What is wrong with the cells of a column: one diagnostic for each kind of mistake, at its first row."""
    found: list[Diagnostic] = []

    def report(rows: Any, problem: str, advice: str) -> None:
        where = np.flatnonzero(rows)
        if not len(where):
            return
        first, more = int(where[0]), and_more(len(where))
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
        report(text, "`{}` is not a number", _advice_for_texts(table, column, text))
        report(_infinite(column), "`{}` is not a finite number", "write a finite number, or leave the cell empty")
        odd = (np.abs(numbers) > LARGEST) | ((np.abs(numbers) < SMALLEST) & (numbers != 0)) | _vanished(column)
        report(odd & ~_infinite(column), "`{}` is not between 1e-100 and 1e100 in size", "measure it in other units")
        found += _inexact(table, column, ~odd, span)
    if not imputed:
        report(column.missing, *_about_missing(column, number=number))
    return found


def _about_missing(column: RawColumn, *, number: bool) -> tuple[str, str]:
    """What is wrong, and a hint. Among texts, what counts as missing by default may be a category, such as `NA`."""
    if column.missing.all():
        return f"{MISSING_VALUE}, as in all rows", f"write `drop [{quoted(column.name)}]`"
    if number or not column.codes:
        return MISSING_VALUE, "write `impute median`, remove the row, or drop the column"
    code = column.codes[0].replace("{", "{{").replace("}", "}}")
    advice = (
        f"write `impute median`; or, if `{column.codes[0]}` is a category, `missing = []`: then only an empty cell is missing"
    )
    return f"{MISSING_VALUE}, where `{code}` counts as missing", advice


def _infinite(column: RawColumn) -> NDArray[np.bool_]:
    """Cells that say so, not those that are too large to be read."""
    rows = np.isinf(column.numbers)
    for row in np.flatnonzero(rows):
        rows[row] = not any(character.isdigit() for character in column.cell(int(row)))
    return rows


def _vanished(column: RawColumn) -> NDArray[np.bool_]:
    """Numbers too small to be read as anything but 0, (rows,)."""
    none = np.zeros(len(column.numbers), dtype=bool)
    return none if column.inexact is None else column.inexact & (column.numbers == 0)


def _inexact(table: Table, column: RawColumn, rows: NDArray[np.bool_], span: Span | None) -> list[Diagnostic]:
    """The first number among `rows` that is not what is written, and another one that would become the same."""
    where = np.flatnonzero(rows & column.inexact) if column.inexact is not None else np.array([], dtype=np.int64)
    if not len(where):
        return []
    first = int(where[0])
    cell, number = column.cell(first), column.numbers[first]
    same = next((int(i) for i in np.flatnonzero(column.numbers == number) if column.cell(int(i)) != cell), None)
    other = "" if same is None else f", and so would `{column.cell(same)[:60]}` in line {table.lines[same]}"
    return [
        TooManyDigits(
            file=table.source.removeprefix("csv "),
            line=int(table.lines[first]),
            column=column.name,
            cell=cell[:60],
            number=short(number),
            other=other,
            more=and_more(len(where)) if same is None else "",
            quoted=quoted(column.name),
            span=span,
        )
    ]


def _advice_for_texts(table: Table, column: RawColumn, text: NDArray[np.bool_]) -> str:
    where = np.flatnonzero(text)
    if not len(where):
        return ""
    if text[0] and len(where) == 1 and table.lines[0] == 1:
        return "if the first line names the columns, write `header = true`"
    texts = list(dict.fromkeys(column.cell(int(row)) for row in where))
    return advice_for_texts(column.name, texts, column.style)
