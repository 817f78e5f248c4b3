"""Free MPS, in the dialect that every solver we tried reads as the same program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Bytes, Floats, Ints
from bdnnlang.model.milp import Milp
from bdnnlang.solve.files import text
from bdnnlang.solve.files.repeats import RepeatedColumns
from bdnnlang.solve.files.text import COST, Naming, Sides, Words, write_lines

Ids = NDArray[np.int32]
ENTRIES = 1 << 16  # coefficients that are laid out at once
LONG = 512  # of a column: from here on it is worth a look whether an earlier one had the same


def write(milp: Milp, stream: BinaryIO, *, names: Naming = "long", comments: Sequence[str] = ()) -> None:
    """Write the program, every number bit for bit. Raises ValueError for conditional rows, cones and unsafe names.

    A two-sided row becomes two rows; rows without sides are left out.
    """
    text.refuse_other_rows(milp)
    columns, rows = text.labels(milp, names)
    milp, columns = text.with_constant(milp, columns)
    sides = text.sides(milp, rows)
    stream.write(b"NAME " + text.title(milp) + b" FREE\n" + text.remarks(milp, comments, "*"))
    _write_rows(stream, sides)
    _write_columns(stream, milp, columns, sides)
    _write_sides(stream, sides)
    _write_bounds(stream, milp, columns)
    stream.write(b"ENDATA\n")


def _write_rows(stream: BinaryIO, sides: Sides) -> None:
    stream.write(b"ROWS\n N " + COST.encode() + b"\n")
    if len(sides.row):
        write_lines(stream, b" ", sides.relation, b" ", sides.names, b"\n")


def _write_columns(stream: BinaryIO, milp: Milp, columns: Bytes, sides: Sides) -> None:
    matrix = _Matrix(milp, sides)
    rows = np.append(sides.names, [COST.encode(), b""])
    repeated = RepeatedColumns(rows, _write_entries)
    stream.write(b"COLUMNS\n")
    integer = False
    for part in matrix.parts():
        if integer != bool(milp.integrality[part.start]):
            integer = not integer
            stream.write(b" MARKER 'MARKER' 'INTORG'\n" if integer else b" MARKER 'MARKER' 'INTEND'\n")
        start, row, value = matrix.entries(part)
        if len(row) >= LONG and part.stop == part.start + 1:
            stream.write(repeated.text(columns[part.start], row, value).data)
        else:
            _write_entries(stream, columns[part], rows, start, row, text.numbers(value))
    if integer:
        stream.write(b" MARKER 'MARKER' 'INTEND'\n")


def _write_entries(stream: BinaryIO, columns: Bytes, rows: Bytes, start: Ints, row: Ids, numbers: Words) -> None:
    """Two entries a line: `row` (entries,) points into `rows`, whose last word is empty, as that of the numbers is."""
    length = np.diff(start)
    lines = (length + 1) // 2
    owner = np.repeat(np.arange(len(length)), lines)
    first = start[owner] + 2 * (np.arange(len(owner)) - np.repeat(np.cumsum(lines) - lines, lines))
    whole = first + 1 < start[owner + 1]
    second = np.minimum(first + 1, len(row) - 1)
    row_again = np.where(whole, row[second], len(rows) - 1)
    number_again = np.where(whole, numbers.pick[second], len(numbers.table) - 1)
    gap = Words(np.array([b"", b" "]), whole.astype(np.int8))
    write_lines(
        stream,
        *(b" ", Words(columns, owner)),
        *(b" ", Words(rows, row[first]), b" ", Words(numbers.table, numbers.pick[first])),
        *(gap, Words(rows, row_again), gap, Words(numbers.table, number_again)),
        b"\n",
    )


class _Matrix:
    """The cost and the matrix column-wise, with the rows of the file in place of the program's."""

    def __init__(self, milp: Milp, sides: Sides) -> None:
        self.milp = milp
        self.copies = sides.copies
        self.target = (np.cumsum(sides.copies) - sides.copies).astype(np.int32)  # (milp.rows,), where a row is first written
        self.cost_row = len(sides.row)
        self.plain = bool((sides.copies == 1).all())

    def parts(self) -> Iterator[slice]:
        """Consecutive columns that are all integer or all continuous, and not too many entries; long ones by themselves."""
        turns = np.flatnonzero(np.diff(self.milp.integrality)) + 1
        long = np.flatnonzero(np.diff(self.milp.start) >= LONG)
        edges = np.unique(np.concatenate([[0], turns, long, long + 1, [self.milp.columns]])).tolist()
        for first, last in pairwise(edges):
            if last == first + 1:
                yield slice(first, last)
                continue
            for part in text.blocks(self.milp.start[first + 1 : last + 1] - self.milp.start[first], ENTRIES):
                yield slice(first + part.start, first + part.stop)

    def entries(self, part: slice) -> tuple[Ints, Ids, Floats]:
        """Starts, rows and values of a part's entries; the cost comes first, and stands for an empty column."""
        begin, end = int(self.milp.start[part.start]), int(self.milp.start[part.stop])
        start = self.milp.start[part.start : part.stop + 1] - begin
        row, value = self.milp.index[begin:end], self.milp.value[begin:end]
        if not self.plain:
            start, row, value = self._split(start, row, value)
        cost = self.milp.col_cost[part]
        if not cost.any() and (start[1:] > start[:-1]).all():
            return start, row, value
        here = np.flatnonzero((cost != 0) | (np.diff(start) == 0))
        row, value = np.insert(row, start[here], self.cost_row), np.insert(value, start[here], cost[here])
        extra = np.zeros(len(start), dtype=np.int64)
        extra[here + 1] = 1
        return start + np.cumsum(extra), row, value

    def _split(self, start: Ints, row: Ids, value: Floats) -> tuple[Ints, Ids, Floats]:
        """Repeat the entries of two-sided rows, drop those of free ones."""
        copies = self.copies[row]
        ends = np.append(0, np.cumsum(copies))
        copy = np.arange(ends[-1], dtype=np.int32) - np.repeat(ends[:-1].astype(np.int32), copies)
        return ends[start], np.repeat(self.target[row], copies) + copy, np.repeat(value, copies)


def _write_sides(stream: BinaryIO, sides: Sides) -> None:
    stream.write(b"RHS\n")
    right = sides.bound != 0
    if right.any():
        write_lines(stream, b" RHS ", sides.names[right], b" ", text.shortest(sides.bound[right]), b"\n")


def _write_bounds(stream: BinaryIO, milp: Milp, columns: Bytes) -> None:
    """Both bounds of every column, in the order that no reader's rule about a negative upper bound can spoil."""
    stream.write(b"BOUNDS\n")
    lower, upper = milp.col_lower, milp.col_upper
    binary = (milp.integrality == 1) & (lower == 0) & (upper == 1)
    fixed = (lower == upper) & ~binary
    free = np.isneginf(lower) & np.isposinf(upper)
    low_word = np.where(np.isneginf(lower), b"MI", b"LO")
    low_word = np.where(binary, b"BV", np.where(fixed, b"FX", np.where(free, b"FR", low_word)))
    high_word = np.where(np.isposinf(upper), b"PL", b"UP")
    value = _blank_unless(np.isin(low_word, [b"LO", b"FX"]), lower)
    high_value = _blank_unless(np.isfinite(upper), upper)
    # One record per column; the upper bound's half is empty where the first word says it all.
    two = ~(binary | fixed | free)
    columns_again = np.where(two, columns, b"")
    head, tail = np.array([b"", b" "])[two.astype(np.int8)], np.array([b"", b"\n"])[two.astype(np.int8)]
    write_lines(
        stream,
        *(b" ", low_word, b" BND ", columns, value, b"\n"),
        *(head, np.where(two, high_word, b""), np.where(two, b" BND ", b""), columns_again),
        *(np.where(two, high_value, b""), tail),
    )


def _blank_unless(shown: NDArray[np.bool_], values: NDArray[np.float64]) -> Bytes:
    """A space and the number, or nothing, shape of `values`."""
    return np.where(shown, np.char.add(b" ", text.shortest(np.where(shown, values, 0.0))), b"")
