"""The matrix row by row, a block at a time: what is copied does not grow with the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.milp import Milp
from bdnnlang.solve.files import text

FEW = 1 << 16  # so many different numbers are sorted in linear time


@dataclass(frozen=True)
class RowBlock:
    """Consecutive rows of a program: row `first` + i has the entries start[i] … start[i + 1], columns ascending."""

    first: int
    start: Ints  # (rows + 1,)
    column: NDArray[np.int32]  # (entries,)
    value: Floats  # (entries,)


def row_blocks(milp: Milp, most: int) -> Iterator[RowBlock]:
    """All rows, in blocks of at most `most` coefficients, or of one row."""
    length = _lengths(milp, most)
    at = milp.start[:-1]  # (columns,), the next entry of each
    for part in text.blocks(np.cumsum(length), most):
        end = _search(milp, at, part.stop)
        count = end - at
        column = np.repeat(np.arange(milp.columns, dtype=np.int32), count)
        entry = np.arange(len(column)) + np.repeat(at - np.cumsum(count) + count, count)
        row = milp.index[entry] - np.int32(part.start)
        order = np.argsort(row.astype(np.uint16) if part.stop - part.start <= FEW else row, kind="stable")
        start = np.append(0, np.cumsum(length[part]))
        yield RowBlock(part.start, start, column[order], milp.value[entry[order]])
        at = end


def _lengths(milp: Milp, most: int) -> Ints:
    """Coefficients of each row, (rows,)."""
    length = np.zeros(milp.rows, dtype=np.int64)
    for first in range(0, milp.nonzeros, max(most, milp.rows)):
        length += np.bincount(milp.index[first : first + max(most, milp.rows)], minlength=milp.rows)
    return length


def _search(milp: Milp, at: Ints, row: int) -> Ints:
    """Of each column, the first entry from `at` on that stands in `row` or below: by bisection of all columns at once."""
    low, high = at.copy(), milp.start[1:].copy()
    open_ = np.flatnonzero(low < high)
    while len(open_):
        middle = (low[open_] + high[open_]) // 2
        above = milp.index[middle] < row
        low[open_[above]] = middle[above] + 1
        high[open_[~above]] = middle[~above]
        open_ = open_[low[open_] < high[open_]]
    return low
