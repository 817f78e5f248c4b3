"""`units`: numbers with a unit, read alone: `$1.20`, `12%`, `40 kg`, where all values of a column have the same unit."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass, replace

import numpy as np

from bdnnlang.data.preprocessing.step import FittedStep, Json, Plan, StepKind
from bdnnlang.data.table import RawColumn
from bdnnlang.data.text.cells import Style, is_exact, quantity
from bdnnlang.language.spec import Units
from bdnnlang.strict_json import Malformed


@dataclass(frozen=True, slots=True)
class Unit(FittedStep):
    """What stands before or behind each number of a column."""

    before: str
    after: str

    def read(self, column: RawColumn) -> RawColumn:
        """The numbers of the cells that have this unit; others stay as they are."""
        if column.texts is None:
            return column
        rows = np.flatnonzero(column.is_text)
        texts = column.texts[rows].tolist()
        plain = {text: self._number(text, column.style) for text in set(texts)}
        numbers = column.numbers.copy()
        numbers[rows] = [math.nan if (number := plain[text]) is None else float(number) + 0.0 for text in texts]
        rounded = {text for text, number in plain.items() if number is not None and not is_exact(number, float(number))}
        inexact = column.inexact
        if rounded:
            inexact = np.zeros(len(numbers), dtype=bool) if inexact is None else inexact.copy()
            inexact[rows] = [text in rounded for text in texts]
        return replace(column, stored=numbers, inexact=inexact)

    def has(self, text: str) -> bool:
        """Whether a text is a number with this unit."""
        cell = quantity(text)
        return cell is not None and Unit(cell.before, cell.after) == self

    def _number(self, text: str, style: Style) -> str | None:
        cell = quantity(text)
        return style.plain(cell.number) if cell and self.has(text) else None

    def to_json(self) -> Json:
        return {"unit": asdict(self)}


def find_unit(column: RawColumn) -> Unit | None:
    """The commonest unit among the texts of a column; None: no text has one."""
    if column.texts is None:
        return None
    texts = column.texts[column.is_text].tolist()
    counts = Counter(Unit(cell.before, cell.after) for text in texts if (cell := quantity(text)) is not None)
    return counts.most_common(1)[0][0] if counts else None


def recognise(plan: Plan, column: RawColumn) -> Unit | None:
    """The unit of a column that a step names, where it has one."""
    return find_unit(column) if plan.names(Units, column.name) else None


@dataclass(frozen=True, slots=True)
class _Stated:
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Record:
    unit: _Stated | None = None


def _from_json(record: _Record, column_kind: str) -> Unit | None:
    if record.unit is None:
        return None
    if column_kind == "category":
        raise Malformed("categories with a unit")
    return Unit(record.unit.before, record.unit.after)


STEP = StepKind(spec=Units, fitted=Unit, makes_numbers=True, recognise=recognise, record=_Record, from_json=_from_json)
