"""Columns with the coefficients of an earlier one, as the neurons of a layer have them: of the text only names change."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Bytes, Floats, Ints
from bdnnlang.solve.files import text
from bdnnlang.solve.files.text import Words

Ids = NDArray[np.int32]
Letters = NDArray[np.uint8]
KEPT = 1 << 26  # bytes that are remembered
MOST = 3  # letters in which a name may differ from the one before
SHIFTS = 8  # distances of rows
Write = Callable[[BinaryIO, Bytes, Bytes, Ints, Ids, Words], None]  # columns, table of rows, starts, rows, numbers


@dataclass(slots=True)
class _Column:
    """The lines of a column, two entries each, and where its names stand in them."""

    name: bytes
    row: Ids  # (entries,)
    value: Floats  # (entries,)
    numbers: Words  # (entries,)
    letters: Letters
    name_at: Ints  # (lines,)
    row_at: Ints  # (entries,)

    @property
    def size(self) -> int:
        """Bytes."""
        arrays = self.row, self.value, self.numbers.table, self.numbers.pick, self.letters, self.name_at, self.row_at
        return sum(array.nbytes for array in arrays)


@dataclass(frozen=True, slots=True)
class _Shift:
    """In which letters the name of each row differs from that of the row so many further on."""

    count: Letters  # (rows,), how many; `MOST` + 1 where the two are not as long, or differ in more
    place: Letters  # (MOST, rows)
    letter: Letters  # (MOST, rows), what stands there then


class RepeatedColumns:
    """Texts of columns. Where an earlier one had the same coefficients and names as long, its text is changed, not made anew.

    Memory does not grow with the program: beyond `KEPT` bytes all that is remembered is forgotten.
    """

    def __init__(self, rows: Bytes, write: Write) -> None:
        self._rows, self._write = rows, write
        self._letters = rows.view(np.uint8).reshape(len(rows), rows.itemsize)
        self._lengths = np.count_nonzero(self._letters, axis=1)
        self._known: dict[tuple[int, int], _Column] = {}
        self._size = 0
        self._shifts: dict[int, _Shift] = {}

    def text(self, name: bytes, row: Ids, value: Floats) -> Letters:
        """The lines of a column with these rows and coefficients, both (entries,)."""
        bits = value.view(np.int64)
        key = len(row), int(bits @ np.arange(len(bits)))  # a hash
        known = self._known.get(key)
        if known is not None and not np.array_equal(known.value.view(np.int64), bits):
            known = None
        if known is None or not self._renamed(known, name, row):
            known = self._made(name, row, value, text.numbers(value) if known is None else known.numbers)
            self._remember(key, known)
        return known.letters

    def _remember(self, key: tuple[int, int], column: _Column) -> None:
        self._size += column.size
        if self._size > KEPT:
            self._known.clear()
            self._size = column.size
        self._known[key] = column

    def _made(self, name: bytes, row: Ids, value: Floats, numbers: Words) -> _Column:
        stream = io.BytesIO()
        self._write(stream, np.array([name]), self._rows, np.array([0, len(row)]), row, numbers)
        letters = np.frombuffer(bytearray(stream.getvalue()), dtype=np.uint8)
        length = self._lengths[row] + np.char.str_len(numbers.table)[numbers.pick] + 2  # each after a space
        place = np.cumsum(length) - length
        around = len(name) + 2  # a line's space, name and end
        line = np.arange(len(row)) // 2
        return _Column(name, row, value, numbers, letters, (place + line * around)[::2] + 1, place + (line + 1) * around)

    def _renamed(self, column: _Column, name: bytes, row: Ids) -> bool:
        """Give a column's text other names; False where that is not done by changing a few letters."""
        by = int(row[0]) - int(column.row[0])
        shift = self._shift(by)
        if shift is None or len(name) != len(column.name) or not (row == column.row + np.int32(by)).all():
            return False
        before = column.row.astype(np.intp)
        count = int(shift.count.take(before).max())
        if count > MOST:
            return False
        for place, letter in zip(shift.place[:count], shift.letter[:count], strict=True):
            column.letters[column.row_at + place.take(before)] = letter.take(before)
        for at, (old, new) in enumerate(zip(column.name, name, strict=True)):
            if old != new:
                column.letters[column.name_at + at] = new
        column.name, column.row = name, row
        return True

    def _shift(self, by: int) -> _Shift | None:
        """Worked out when first asked for; a program has few, and None stands for more."""
        if by not in self._shifts and len(self._shifts) < SHIFTS:
            self._shifts[by] = _shift(self._letters, self._lengths, by)
        return self._shifts.get(by)


def _shift(letters: Letters, lengths: Ints, by: int) -> _Shift:
    rows = len(letters)
    other = np.clip(np.arange(rows) + by, 0, rows - 1)
    differs = letters != letters[other]
    count = np.where(lengths == lengths[other], np.minimum(np.count_nonzero(differs, axis=1), MOST + 1), MOST + 1)
    place, letter = np.zeros((2, MOST, rows), dtype=np.uint8)
    for k in range(MOST):
        place[k] = differs.argmax(axis=1)  # the first one again where there is no further one
        place[k] = np.where(count > k, place[k], place[0])
        letter[k] = letters[other, place[k]]
        differs[np.arange(rows), place[k]] = False
    return _Shift(count.astype(np.uint8), place, letter)
