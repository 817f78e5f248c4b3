"""A problem that columns and rows are appended to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Columns, Linear, Problem, Role
from bdnnlang.model.milp import Family


@dataclass
class Growing:
    """`problem` so far."""

    problem: Problem

    def binaries(self, role: Role, layer: int, shape: tuple[int, ...], upper: Floats | float = 1.0) -> Columns:
        """Binary columns, or some that are 0 where `upper` is."""
        most = np.broadcast_to(np.asarray(upper, dtype=np.float64), shape).copy()
        made = Columns(role, layer, self.problem.size, shape, np.zeros(shape), most, integer=True)
        self.problem = replace(self.problem, columns=(*self.problem.columns, made))
        return made

    def whole(self, role: Role, layer: int, least: float, most: float) -> Columns:
        """One column of a whole number."""
        made = Columns(role, layer, self.problem.size, (1,), np.full(1, least), np.full(1, most), integer=True)
        self.problem = replace(self.problem, columns=(*self.problem.columns, made))
        return made

    def rows(self, name: str, column: Ints, value: Floats, lower: Floats | float, *, least: Ints | None = None) -> None:
        """Rows Σ value · column ≥ lower, (rows, terms) both; `least`: columns that go as low as these rows let them."""
        count = len(column)
        row = np.repeat(np.arange(count), column.shape[1])
        flat, factors = column.ravel(), np.broadcast_to(value, column.shape).ravel().astype(np.float64)
        some = factors != 0
        affine = Affine.of(count, row[some], flat[some], factors[some])
        side = np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)).copy()
        block = Linear((Family(name, (count,)),), affine, side, np.full(count, np.inf), least=least)
        self.problem = self.problem.with_blocks((*self.problem.blocks, block))

    def at_most(self, name: str, columns: Ints, limit: int) -> None:
        """Σ of each row of columns (rows, terms) ≤ limit."""
        self.rows(name, columns, np.full(columns.shape, -1.0), -float(limit))


def terms(*parts: Ints) -> Ints:
    """Columns of the same shape side by side, (…, parts) as (rows, parts)."""
    return np.stack([part.ravel() for part in np.broadcast_arrays(*parts)], axis=1)


def reduced(values: Ints, most: int) -> tuple[Ints, int]:
    """Σ values · x ≤ most in the least whole numbers, for whole x."""
    divisor = math.gcd(*values.tolist())
    return (values // divisor, most // divisor) if divisor > 1 else (values, most)
