"""What a column holds, in a few numbers: for reports, and for warnings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from bdnnlang.data.table import RawColumn, Table


class ColumnKind(Enum):
    """A column with more numbers than texts is one of numbers."""

    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """Of all rows that were read. `least` and `greatest`: of the numbers, None where there are none."""

    name: str
    kind: ColumnKind
    least: float | None
    greatest: float | None
    missing: int
    distinct: int  # values that are there


def column_facts(table: Table) -> tuple[ColumnFacts, ...]:
    """One for each column, in order."""
    return tuple(map(_facts, table.columns))


def _facts(column: RawColumn) -> ColumnFacts:
    numbers = column.numbers[np.isfinite(column.numbers)]
    present = column.numbers if column.texts is None else column.texts
    return ColumnFacts(
        name=column.name,
        kind=ColumnKind.NUMBER if column.holds_numbers else ColumnKind.TEXT,
        least=float(numbers.min()) if len(numbers) else None,
        greatest=float(numbers.max()) if len(numbers) else None,
        missing=int(column.missing.sum()),
        distinct=len(np.unique(present[~column.missing]) if column.texts is None else set(present[~column.missing].tolist())),
    )
