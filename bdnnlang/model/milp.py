"""A mixed-integer linear program as flat arrays, under HiGHS's field names: what is written to files and solved.

    minimise  offset + col_cost · x + col_square · x²   subject to   row_lower ≤ A x ≤ row_upper,  col_lower ≤ x ≤ col_upper

`A` is column-wise: column j holds rows `index[start[j]:start[j + 1]]`, ascending, with the coefficients `value[…]`, none
twice and none zero. A row may be *conditional*: it holds only where a binary column has a given value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Bytes, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Consecutive rows or columns that share a name: `W1` with shape (4, 9) is `W1_0_0` … `W1_3_8`, last index fastest."""

    name: str
    shape: tuple[int, ...]
    kept: Ints | None = None  # flat positions of the members that exist, ascending; None: all

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64)) if self.kept is None else len(self.kept)

    def names(self) -> Bytes:
        """Names of all members, as bytes, shape (size,)."""
        out: Any = np.array([self.name.encode()])
        for extent in self.shape:
            suffix = np.char.add(b"_", np.arange(extent).astype(f"S{len(str(extent))}"))
            out = np.char.add(out[:, None], suffix[None, :]).ravel()
        return np.asarray(out if self.kept is None else out[self.kept])


@dataclass(frozen=True, slots=True, eq=False)
class Cone:
    """bound ≥ ‖factor · members‖₂, element by element."""

    bound: int  # a column, not negative
    members: Ints  # (n,), columns
    factor: Floats  # (n,)

    def violation(self, x: Floats) -> float:
        return float(np.sqrt(((self.factor * x[self.members]) ** 2).sum()) - x[self.bound])


@dataclass(frozen=True)
class Milp:
    """See the module. All arrays are read-only by convention."""

    name: str
    col_cost: Floats  # (columns,)
    col_lower: Floats  # (columns,), may be -inf
    col_upper: Floats  # (columns,), may be inf
    integrality: NDArray[np.int8]  # (columns,), 1 = integer
    row_lower: Floats  # (rows,), may be -inf
    row_upper: Floats  # (rows,), may be inf
    start: Ints  # (columns + 1,)
    index: NDArray[np.int32]  # (nonzeros,), row of each coefficient
    value: Floats  # (nonzeros,)
    offset: float
    col_families: tuple[Family, ...]  # in order, sizes add up to `columns`
    row_families: tuple[Family, ...]  # in order, sizes add up to `rows`
    condition: Ints | None = None  # (rows,), the binary column a row depends on, -1 for none; None: no row is conditional
    condition_value: NDArray[np.int8] | None = None  # (rows,), the value (0 or 1) under which the row holds
    cones: tuple[Cone, ...] = ()
    col_square: Floats | None = None  # (columns,), at least 0; None: the objective is linear
    unit: Fraction = Fraction(1)  # what is meant is unit · objective
    order: tuple[Ints, Ints] | None = None  # of columns and rows, which members of their families they are; None: as they stand

    @property
    def unit_text(self) -> str:
        """What a reader of the objective has to know; empty where it is what it says."""
        return (
            ""
            if self.unit == 1
            else f"the objective counts units of {self.unit}: times {self.unit} it is the loss with its penalties"
        )

    @property
    def columns(self) -> int:
        return len(self.col_cost)

    @property
    def rows(self) -> int:
        return len(self.row_lower)

    @property
    def nonzeros(self) -> int:
        return len(self.value)

    @cached_property
    def binary(self) -> NDArray[np.bool_]:
        """Columns that are integer with bounds inside [0, 1], shape (columns,)."""
        return np.asarray((self.integrality == 1) & (self.col_lower >= 0) & (self.col_upper <= 1))

    @property
    def is_finite(self) -> bool:
        """No number is NaN, and none infinite but a bound that is none: solvers accept such without a word."""
        whole = (self.col_cost, self.value, np.array([self.offset]), *([] if self.col_square is None else [self.col_square]))
        lower, upper = (self.col_lower, self.row_lower), (self.col_upper, self.row_upper)
        return (
            all(bool(np.isfinite(part).all()) for part in whole)
            and all(bool((part < np.inf).all()) for part in lower)
            and all(bool((part > -np.inf).all()) for part in upper)
        )

    @property
    def is_bounded(self) -> bool:
        """Has each column two finite bounds? Then it is feasible or infeasible, and nothing else."""
        return bool(np.isfinite([self.col_lower, self.col_upper]).all())

    @property
    def conditional(self) -> bool:
        return self.condition is not None and bool((self.condition >= 0).any())

    @cached_property
    def column_of(self) -> NDArray[np.int32]:
        """Column of each coefficient, shape (nonzeros,)."""
        return np.repeat(np.arange(self.columns, dtype=np.int32), np.diff(self.start))

    def col_names(self) -> Bytes:
        """Shape (columns,)."""
        return self.in_order(_names(self.col_families), 0)

    def row_names(self) -> Bytes:
        """Shape (rows,)."""
        return self.in_order(_names(self.row_families), 1)

    def in_order(self, names: Bytes, side: int) -> Bytes:
        """Names of the members of all families as those of the columns (side 0) or of the rows (1)."""
        return names if self.order is None else names[self.order[side]]

    def permuted(self, columns: Ints, rows: Ints) -> Milp:
        """The same program, without conditional rows, in another order: column columns[j] and row rows[i] as j and i."""
        start, index, value = self._permuted_matrix(columns, rows)
        before, place = self.order or (np.arange(self.columns), np.arange(self.rows)), np.argsort(columns)
        return replace(
            self,
            col_cost=self.col_cost[columns],
            col_lower=self.col_lower[columns],
            col_upper=self.col_upper[columns],
            integrality=self.integrality[columns],
            row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows],
            start=start,
            index=index,
            value=value,
            order=(before[0][columns], before[1][rows]),
            cones=tuple(Cone(int(place[cone.bound]), place[cone.members], cone.factor) for cone in self.cones),
            col_square=None if self.col_square is None else self.col_square[columns],
        )

    def unshuffled(self, x: Floats) -> Floats:
        """A point of this program, (columns,), as one of the program whose order was changed."""
        if self.order is None:
            return x
        point = np.empty_like(x)
        point[self.order[0]] = x
        return point

    def _permuted_matrix(self, columns: Ints, rows: Ints) -> tuple[Ints, NDArray[np.int32], Floats]:
        place = np.empty(self.rows, dtype=np.int32)
        place[rows] = np.arange(self.rows, dtype=np.int32)
        count = np.diff(self.start)[columns]
        start = np.concatenate([[0], np.cumsum(count)])
        entry = np.arange(start[-1]) + np.repeat(self.start[:-1][columns] - start[:-1], count)
        index = place[self.index[entry]]
        order = np.argsort(np.repeat(np.arange(self.columns), count) * self.rows + index, kind="stable")
        return start, index[order], self.value[entry[order]]

    def by_row(self) -> tuple[Ints, NDArray[np.int32], Floats]:
        """The matrix row-wise: start (rows + 1,), column and value of each coefficient, columns ascending in each row."""
        order = np.argsort(self.index, kind="stable")
        start = np.zeros(self.rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.index, minlength=self.rows), out=start[1:])
        return start, self.column_of[order], self.value[order]

    def activity(self, x: Floats) -> Floats:
        """A x, shape (rows,)."""
        return np.bincount(self.index, weights=self.value * x[self.column_of], minlength=self.rows).astype(np.float64)

    def objective(self, x: Floats) -> float:
        return float(self.offset + self.col_cost @ x + (0.0 if self.col_square is None else self.col_square @ x**2))

    def violation(self, x: Floats) -> float:
        """Largest violation of a bound, row, cone or integrality at x; a conditional row counts only where it has to hold."""
        activity = self.activity(x)
        row = np.maximum(self.row_lower - activity, activity - self.row_upper)
        if self.condition is not None and self.condition_value is not None:
            free = (self.condition >= 0) & (np.round(x[self.condition]) != self.condition_value)
            row = np.where(free, 0.0, row)
        bound = np.maximum(self.col_lower - x, x - self.col_upper)
        fraction = np.where(self.integrality == 1, np.abs(x - np.round(x)), 0.0)
        cone = np.array([cone.violation(x) for cone in self.cones])
        return float(max(part.max(initial=0.0) for part in (row, bound, fraction, cone)))

    def feasible(self, x: Floats, tolerance: float = 1e-9) -> bool:
        return self.violation(x) <= tolerance


def _names(families: tuple[Family, ...]) -> Bytes:
    return np.concatenate([family.names() for family in families]) if families else np.array([], dtype="S1")
