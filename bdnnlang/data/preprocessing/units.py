"""Numbers with a unit, read alone: `$1.20`, `12%`, `40 kg`, where all values of a column have the same unit."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.data.table import RawColumn
from bdnnlang.data.text.cells import Style, is_exact, quantity


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands before or behind each number of a column."""

    before: str
    after: str


def find_unit(column: RawColumn) -> Unit | None:
    """The commonest unit among the texts of a column; None: no text has one."""
    if column.texts is None:
        return None
    found = Counter(
        Unit(cell.before, cell.after) for text in column.texts[column.is_text].tolist() if (cell := quantity(text)) is not None
    )
    return found.most_common(1)[0][0] if found else None


def without_unit(column: RawColumn, unit: Unit | None) -> RawColumn:
    """The column with the numbers of its cells that have this unit; others stay as they are."""
    if unit is None or column.texts is None:
        return column
    rows = np.flatnonzero(column.is_text)
    texts = column.texts[rows].tolist()
    plain = {text: _number(text, unit, column.style) for text in set(texts)}
    numbers = column.numbers.copy()
    numbers[rows] = [math.nan if (number := plain[text]) is None else float(number) + 0.0 for text in texts]
    rounded = {text for text, number in plain.items() if number is not None and not is_exact(number, float(number))}
    inexact = column.inexact
    if rounded:
        inexact = np.zeros(len(numbers), dtype=bool) if inexact is None else inexact.copy()
        inexact[rows] = [text in rounded for text in texts]
    return replace(column, numbers=numbers, inexact=inexact)


def _number(text: str, unit: Unit, style: Style) -> str | None:
    cell = quantity(text)
    return style.plain(cell.number) if cell and Unit(cell.before, cell.after) == unit else None
