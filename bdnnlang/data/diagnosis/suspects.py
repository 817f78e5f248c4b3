"""Columns of a text file that teach nothing or give the class away: a warning with a line to paste."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.data.diagnosis.warnings import ConstantColumns, Identifier, PointMayGroup, SuspectCode, TellsClass
from bdnnlang.data.table import RawColumn, listed, quoted, short
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.source import Span

FEWEST = 15  # rows from which on a column can be suspected
MAX_DIAGNOSTICS = 10  # warnings of a kind
_ID = re.compile(r"(.*[_\W])?(id|ids|uuid|guid|index|idx|key|nr|no|number|row|rows|rownames|unnamed\W*\d+)", re.IGNORECASE)
CODES = (-9.0, -99.0, -999.0, -9999.0, 999.0, 9999.0, 99999.0, 999999.0)  # for missing; the least or the greatest number

Check = Callable[[RawColumn, Ints, Span | None], Diagnostic | None]


def suspects(columns: list[RawColumn], y: Ints, span: Span | None) -> Iterator[Diagnostic]:
    """Warnings about the feature columns of rows of the classes `y` (rows,)."""
    if len(y) < FEWEST:
        return
    constant = [column for column in columns if _distinct(column) == 1 and not column.missing.any()]
    if constant:
        names = [column.name for column in constant]
        drop = ", ".join(map(quoted, names[:MAX_DIAGNOSTICS]))
        yield ConstantColumns(columns=listed(names), quoted=drop, names=tuple(names), span=span)
    others = [column for column in columns if _distinct(column) > 1]
    for check in (_identifier, _tells_class, _suspect_code, _point_may_group):
        warnings = (warning for column in others if (warning := check(column, y, span)))
        yield from (warning for warning, _ in zip(warnings, range(MAX_DIAGNOSTICS), strict=False))


def _present(column: RawColumn) -> list[str] | list[float]:
    """The values that are there, as texts or as numbers, whichever the column is of."""
    values = column.numbers if column.holds_numbers or column.texts is None else column.texts
    present: list[str] | list[float] = values[~column.missing].tolist()
    return present


def _distinct(column: RawColumn) -> int:
    return len(set(_present(column)))


def _identifier(column: RawColumn, y: Ints, span: Span | None) -> Identifier | None:
    present = _present(column)
    if len(present) < FEWEST:
        return None
    what = _of_numbers(column.name, column.numbers[~column.missing]) if column.holds_numbers else _of_texts(present)
    return Identifier(column=column.name, what=what, quoted=quoted(column.name), span=span) if what else None


def _of_texts(present: list[str] | list[float]) -> str:
    different = len(set(present))
    return f"names: {different} different texts in {len(present)} rows" if 2 * different > len(present) else ""


def _of_numbers(name: str, numbers: Floats) -> str:
    """Whole numbers that are all different although chance would have repeated some: exp(−m²/2R) of none is below 1 %."""
    if not (np.isfinite(numbers).all() and (numbers == np.floor(numbers)).all()):
        return ""
    m, reach, different = len(numbers), numbers.max() - numbers.min() + 1, np.unique(numbers)
    if _is_day(different[0]) and all(map(_is_day, different.tolist())):
        return f"dates: {int(numbers[0])} and so on"
    if len(different) < m:
        return ""
    if not (m * m > 10 * reach or _ID.fullmatch(name)):
        steps = np.diff(numbers)
        return f"a counter: {m} whole numbers, one after another" if (steps > 0).all() or (steps < 0).all() else ""
    least, greatest = short(numbers.min()), short(numbers.max())
    if reach == m:
        return f"row numbers: each of {least} to {greatest} once"
    return f"an identifier: {m} whole numbers, all different"


def _is_day(number: float) -> bool:
    """A day of our time, written as 20240131."""
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _tells_class(column: RawColumn, y: Ints, span: Span | None) -> TellsClass | None:
    values = column.numbers if column.texts is None else column.texts
    if column.missing.any() or _distinct(column) != len(np.unique(y)):
        return None
    pairs = set(zip(values.tolist(), y.tolist(), strict=True))
    if len(pairs) != len(np.unique(y)):
        return None
    return TellsClass(column=column.name, quoted=quoted(column.name), span=span)


def _suspect_code(column: RawColumn, y: Ints, span: Span | None) -> SuspectCode | None:
    if not column.holds_numbers:
        return None
    numbers = column.numbers[np.isfinite(column.numbers)]
    for code in (code for code in CODES if code in (numbers.min(), numbers.max())):
        rows, others = int((numbers == code).sum()), numbers[numbers != code]
        far = len(others) and (others.min() >= 0 if code < 0 else code > 5 * np.abs(others).max())
        if rows > 1 and far and len(np.unique(others)) > 2:
            value = short(code)
            return SuspectCode(column=column.name, value=value, count=rows, marks=column.style.marks_with(code), span=span)
    return None


def _point_may_group(column: RawColumn, y: Ints, span: Span | None) -> PointMayGroup | None:
    if column.pointed is None:
        return None
    cell, other = column.pointed
    return PointMayGroup(column=column.name, cell=cell, number=short(float(cell)), other=other, span=span)
