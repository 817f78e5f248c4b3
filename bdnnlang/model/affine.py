"""Rows of Σ value · column: coefficients as triplets, or array-shaped where the neurons of a layer share those of a sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask

Values = Callable[[Floats], Floats]  # element by element; 0 stays 0


@dataclass(frozen=True, eq=False)
class Triplets:
    """Coefficients one by one, in any order."""

    row: Ints  # (nonzeros,)
    column: Ints  # (nonzeros,)
    value: Floats  # (nonzeros,)

    @property
    def triplets(self) -> Triplets:
        return self

    def with_rows(self, place: Ints) -> Triplets:
        """Row i as row place[i]; without those where that is -1."""
        row = place[self.row]
        kept = row >= 0
        return replace(self, row=row) if kept.all() else Triplets(row[kept], self.column[kept], self.value[kept])

    def sums(self, rows: int, least: Floats, most: Floats) -> tuple[Floats, Floats]:
        """Least and greatest sum of each row over a box, both (rows,)."""
        low, high = self.value * least[self.column], self.value * most[self.column]
        return _sum(self.row, np.minimum(low, high), rows), _sum(self.row, np.maximum(low, high), rows)

    def largest(self, size: Floats) -> None:
        """Raise each row's `size` (rows,) to that of its largest coefficient."""
        np.maximum.at(size, self.row, np.abs(self.value))

    def has_below(self, size: Floats) -> bool:
        """Whether some coefficient is smaller than its row's `size` (rows,)."""
        return bool((np.abs(self.value) < size[self.row]).any())


@dataclass(frozen=True, eq=False)
class Shared:
    """Coefficient value[i, f] of column[k, f] in row[i, k], ascending in i, or in none where that is -1; zeros are none."""

    row: Ints  # (m, width)
    column: Ints  # (width, n)
    value: Floats  # (m, n)

    @property
    def triplets(self) -> Triplets:
        """Row by row."""
        shape = (*self.row.shape, self.value.shape[1])
        row, column = (np.broadcast_to(view, shape) for view in (self.row[:, :, None], self.column[None]))
        value = np.broadcast_to(self.value[:, None], shape)
        present = (row >= 0) & (value != 0)
        if present.all():
            return Triplets(row.ravel(), column.ravel(), value.ravel())
        return Triplets(row[present], column[present], value[present])

    @property
    def count(self) -> Ints:
        """How many coefficients each column has, (width, n)."""
        present, nonzero = (self.row >= 0).T.astype(np.float64), (self.value != 0).astype(np.float64)
        return np.asarray((present @ nonzero).astype(np.int64))  # sums of ones are exact

    def by_column(self) -> Iterator[tuple[int, Ints, Floats]]:
        """Each column, with its rows, ascending, and the coefficients in them, both (count,)."""
        values = np.ascontiguousarray(self.value.T)
        for columns, row in zip(self.column.tolist(), np.ascontiguousarray(self.row.T), strict=True):
            for column, value in zip(columns, values, strict=True):
                kept = (row >= 0) & (value != 0)
                yield (column, row, value) if kept.all() else (column, row[kept], value[kept])

    def with_rows(self, place: Ints) -> Shared:
        return replace(self, row=np.append(place, -1)[self.row])

    def sums(self, rows: int, least: Floats, most: Floats) -> tuple[Floats, Floats]:
        """As of triplets, and added up in the same order; worked out once for neurons with the same box, which is finite."""
        sums = np.zeros((2, rows))
        box = part = np.empty(0)
        for k, column in enumerate(self.column):
            if not np.array_equal(mine := np.stack([least[column], most[column]]), box):
                box = mine
                low, high = self.value * box[0], self.value * box[1]
                part = np.stack([_in_order(np.minimum(low, high)), _in_order(np.maximum(low, high))])
            present = self.row[:, k] >= 0
            sums[:, self.row[present, k]] = part[:, present]
        return sums[0], sums[1]

    def largest(self, size: Floats) -> None:
        mine = np.broadcast_to(np.abs(self.value).max(axis=1, initial=0.0)[:, None], self.row.shape)
        present = self.row >= 0
        size[self.row[present]] = np.maximum(size[self.row[present]], mine[present])

    def has_below(self, size: Floats) -> bool:
        least = np.where(self.value == 0, np.inf, np.abs(self.value)).min(axis=1, initial=np.inf)
        present = self.row >= 0  # there may be no rows at all
        return bool((np.broadcast_to(least[:, None], self.row.shape)[present] < size[self.row[present]]).any())


@dataclass(frozen=True, eq=False)
class Affine:
    """Rows of Σ value · column, in parts that are added up; a row has each column at most once."""

    rows: int
    parts: tuple[Triplets | Shared, ...]

    @classmethod
    def of(cls, rows: int, row: Ints, column: Ints, value: Floats) -> Affine:
        """From triplets, all (nonzeros,)."""
        return cls(rows, (Triplets(row, column, value),))

    @cached_property
    def triplets(self) -> Triplets:
        """All coefficients one by one: large for a layer that shares them."""
        flat = [part.triplets for part in self.parts]
        if not flat:
            return Triplets(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
        if len(flat) == 1:
            return flat[0]
        row, column, value = (np.concatenate([getattr(t, name) for t in flat]) for name in ("row", "column", "value"))
        return Triplets(row, column, value)

    @property
    def row(self) -> Ints:
        """The row of each coefficient, (nonzeros,)."""
        return self.triplets.row

    @property
    def column(self) -> Ints:
        return self.triplets.column

    @property
    def value(self) -> Floats:
        return self.triplets.value

    def activity_bounds(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """Least and greatest value of each row over the box of the columns, both (rows,)."""
        low, high = np.zeros(self.rows), np.zeros(self.rows)
        for part in self.parts:
            least, most = part.sums(self.rows, lower, upper)
            low, high = low + least, high + most
        return low, high

    def at(self, x: Floats) -> Floats:
        """The value of each row at x (columns,), shape (rows,)."""
        return self.activity_bounds(x, x)[0]

    def selected(self, rows: Ints) -> Affine:
        """The given rows (ascending), renumbered from 0."""
        if len(rows) == self.rows:
            return self
        place = np.full(self.rows, -1)
        place[rows] = np.arange(len(rows))
        return Affine(len(rows), tuple(part.with_rows(place) for part in self.parts))

    def kept(self, which: Mask) -> Affine:
        """With some of the coefficients, `which` (nonzeros,), only."""
        flat = self.triplets
        return Affine.of(self.rows, flat.row[which], flat.column[which], flat.value[which])

    def mapped(self, f: Values) -> Affine:
        """With other coefficients."""
        return Affine(self.rows, tuple(replace(part, value=f(part.value)) for part in self.parts))

    def with_column(self, column: Ints, value: Floats) -> Affine:
        """With one more coefficient in each row, of columns (rows,), where its value (rows,) is not 0."""
        some = np.flatnonzero(value)
        return Affine(self.rows, (*self.parts, Triplets(some, column[some], value[some])))


def merge(affines: list[Affine]) -> Affine:
    """Affine rows one after another."""
    starts = np.cumsum([0, *(a.rows for a in affines)])
    parts = (
        part.with_rows(np.arange(start, start + a.rows))
        for a, start in zip(affines, starts.tolist(), strict=False)
        for part in a.parts
    )
    return Affine(int(starts[-1]), tuple(parts))


def _sum(row: Ints, terms: Floats, rows: int) -> Floats:
    return np.bincount(row, weights=terms, minlength=rows).astype(np.float64)


def _in_order(terms: Floats) -> Floats:
    """The sum of each row, from left to right: rounded as `bincount` rounds it."""
    return np.asarray(np.cumsum(terms, axis=1)[:, -1] if terms.shape[1] else np.zeros(len(terms)))
