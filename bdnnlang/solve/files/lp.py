"""CPLEX LP, in the dialect that every solver we tried reads as the same program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Bytes
from bdnnlang.model.milp import Milp
from bdnnlang.solve.files import text
from bdnnlang.solve.files.by_rows import RowBlock, row_blocks
from bdnnlang.solve.files.text import COST, Naming, Sides, Words, write_lines

Ids = NDArray[np.int32]
Flags = NDArray[np.bool_]
BLOCK = 1 << 20  # coefficients that are sorted by row at once
ENTRIES = 1 << 16  # tokens that are laid out at once
LINE = 180  # characters; CBC and old readers stop at 255
TERM = 26  # characters of the longest number with its sign, ` - 2.2250738585072014e-308`


def write(milp: Milp, stream: BinaryIO, *, names: Naming = "long", comments: Sequence[str] = ()) -> None:
    """Write the program, every number bit for bit. Raises ValueError for conditional rows, cones and unsafe names.

    The objective names every column, so that readers that number columns as they meet them keep our order. Two-sided
    rows are always split, because several readers drop one side without a word; rows without sides are left out.
    """
    text.refuse_other_rows(milp)
    columns, rows = text.labels(milp, names)
    milp, columns = text.with_constant(milp, columns)
    sides = text.sides(milp, rows)
    stream.write(b"\\ " + text.title(milp) + b"\n" + text.remarks(milp, comments, "\\") + b"Minimize\n")
    _write_objective(stream, milp, columns)
    stream.write(b"Subject To\n")
    _write_rows(stream, milp, columns, sides)
    _write_bounds(stream, milp, columns)
    integer = columns[milp.integrality == 1]
    if len(integer):
        stream.write(b"General\n")
        write_lines(stream, b" ", integer, b"\n")
    stream.write(b"End\n")


def _write_objective(stream: BinaryIO, milp: Milp, columns: Bytes) -> None:
    words = _Tokens(_terms(milp.col_cost), columns)
    stream.write(b" " + COST.encode() + b":")
    every = np.arange(milp.columns, dtype=np.int32)
    words.write(stream, every, every, words.full(every) | (every == milp.columns - 1))


def _write_rows(stream: BinaryIO, milp: Milp, columns: Bytes, sides: Sides) -> None:
    """A row is a run of tokens: its name, a term for each coefficient (`0 x` for none), relation and right side."""
    relations = np.array([b" =", b" >=", b" <=", b""])  # E, G, L, and no word before a row's name
    right = np.concatenate([columns, np.char.add(sides.names, b":"), text.shortest(sides.bound)])
    for block in row_blocks(milp, BLOCK):
        ids, pool = text.pooled(block.value)
        words = _Tokens(np.concatenate([_terms(pool), np.array([b" + 0"]), relations]), right)
        rows = _Rows(block, ids, sides, columns=len(columns), numbers=len(pool))
        for part in text.blocks(np.cumsum(rows.length), ENTRIES):
            left, place_of_right, place, last = rows.tokens(part)
            words.write(stream, left, place_of_right, words.full(place) | last)


class _Tokens:
    """Pairs of words from two tables, each pair after a space."""

    def __init__(self, left: Bytes, right: Bytes) -> None:
        self.left, self.right = left, right
        self._per_line = max(1, LINE // (TERM + right.itemsize + 1))
        self._ends = np.array([b"", b"\n"])

    def full(self, place: Ids) -> Flags:
        """Whether a line must end after the token at each place of its row."""
        return np.equal((place + 1) % self._per_line, 0)

    def write(self, stream: BinaryIO, left: Ids, right: Ids, ends: Flags) -> None:
        ending = Words(self._ends, ends.astype(np.int8))
        write_lines(stream, Words(self.left, left), b" ", Words(self.right, right), ending)


class _Rows:
    """Where each token of the rows of a block finds its two words."""

    def __init__(self, block: RowBlock, number: Ids, sides: Sides, *, columns: int, numbers: int) -> None:
        first, last = np.searchsorted(sides.row, [block.first, block.first + len(block.start) - 1]).tolist()
        row = sides.row[first:last] - block.first
        terms = np.diff(block.start)[row]
        self.length = np.maximum(1, terms) + 2  # (written,)
        # An empty row finds the term `0 x` behind the others, x the first column.
        self.entry = np.where(terms > 0, block.start[row], len(number)).astype(np.int32)  # (written,), first one
        self.column = np.append(block.column, np.int32(0))
        self.number = np.append(number, np.int32(numbers))
        self.relation = numbers + 1 + np.searchsorted([b"E", b"G", b"L"], sides.relation[first:last])  # (written,)
        self.no_word = numbers + 4
        self.names, self.bounds = columns + first, columns + first + len(sides.row)

    def tokens(self, part: slice) -> tuple[Ids, Ids, Ids, Flags]:
        """Of each token of a part: where its words are in the tables, its place in its row, whether it is the last."""
        length, row = self.length[part], np.arange(part.start, part.stop)
        ends = np.cumsum(length)
        head, tail = ends - length, ends - 1
        place = np.arange(ends[-1], dtype=np.int32) - np.repeat(head.astype(np.int32), length)
        entry = np.repeat(self.entry[part], length) + (place - 1)
        entry[head] = entry[tail] = 0
        left, right = self.number[entry], self.column[entry]
        left[head], right[head] = self.no_word, self.names + row
        left[tail], right[tail] = self.relation[part], self.bounds + row
        last = np.zeros(len(place), dtype=np.bool_)
        last[tail] = True
        return left, right, place, last


def _terms(values: NDArray[np.float64]) -> Bytes:
    """Coefficients with their sign apart: ` + 1`, ` - 0.5`."""
    return np.char.add(np.where(values < 0, b" - ", b" + "), text.decimals(np.abs(values)))


def _write_bounds(stream: BinaryIO, milp: Milp, columns: Bytes) -> None:
    """Both bounds of every column."""
    stream.write(b"Bounds\n")
    lower, upper = milp.col_lower, milp.col_upper
    fixed, free = lower == upper, np.isneginf(lower) & np.isposinf(upper)
    low = np.where(np.isneginf(lower), b"-inf", text.shortest(np.where(np.isneginf(lower), 0.0, lower)))
    high = np.where(np.isposinf(upper), b"", text.shortest(np.where(np.isposinf(upper), 0.0, upper)))
    before = np.where(fixed | free, b"", np.char.add(low, b" <= "))
    relation = np.where(fixed, b" = ", np.where(free, b" free", np.where(np.isposinf(upper), b"", b" <= ")))
    write_lines(stream, b" ", before, columns, relation, high, b"\n")
