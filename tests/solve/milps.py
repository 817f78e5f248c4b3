"""Small programs, and the slow truth about them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Family, Milp

INF = np.inf


def make(
    matrix: Sequence[Sequence[float]] | Floats,
    row_lower: Sequence[float] | Floats,
    row_upper: Sequence[float] | Floats,
    cost: Sequence[float] | Floats,
    lower: Sequence[float] | Floats,
    upper: Sequence[float] | Floats,
    integer: Sequence[int] | bool = True,
    **rest: Any,
) -> Milp:
    """A Milp from a dense matrix; `integer` per column, or True for all."""
    rows, columns = len(row_lower), len(cost)
    dense = np.array(matrix, dtype=np.float64).reshape(rows, columns)
    column, row = np.nonzero(dense.T)
    start = np.append(0, np.cumsum((dense != 0).sum(axis=0))).astype(np.int64)
    vectors = (np.array(v, dtype=np.float64) for v in (cost, lower, upper))
    kinds = np.full(columns, int(integer)) if isinstance(integer, bool) else np.array(integer)
    return Milp(
        rest.pop("name", "test"),
        *vectors,
        kinds.astype(np.int8),
        *(np.array(v, dtype=np.float64) for v in (row_lower, row_upper)),
        *(start, row.astype(np.int32), dense.T[column, row], rest.pop("offset", 0.0)),
        rest.pop("col_families", (Family("x", (columns,)),)),
        rest.pop("row_families", (Family("r", (rows,)),)),
        **rest,
    )


def knapsack() -> Milp:
    """Optimum -13.5, at (0, 1, 1, 0, 0) and at (1, 1, 0, 1, 0)."""
    return make([[3, 5, 7, 4, 6]], [-INF], [12], [-4, -6, -9, -5, -7], [0] * 5, [1] * 5, offset=1.5)


def mixed() -> Milp:
    """Every kind of row, bound and column at once, and a constant; the optimum is 3.8."""
    matrix = [
        [1, 2, 0, -0.5, 0, 0, 1],
        [1 / 3, 1, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 0],
        [0, 1, 0, 1, 0, 1, 0],
        [1, 0, 0, 0, 0, 0, 0],
    ]
    return make(
        matrix,
        *([-INF, 0.1, -1, -INF, 2, -3], [4, 1.5, 1, INF, 2, INF]),
        [1, -2, 3, 0, 0, 1, -1],
        *([0, -1, -INF, -INF, 0, 2, -5], [1, 1, INF, 3, INF, 2, -1]),
        [1, 1, 0, 0, 0, 0, 1],
        offset=2.5,
    )


def hard(rows: int = 4, columns: int = 40) -> Milp:
    """A market split problem with slacks: a solution is at hand, a proof is hours away."""
    rng = np.random.default_rng(1)
    split = rng.integers(0, 100, (rows, columns)).astype(np.float64)
    half = np.floor(split.sum(axis=1) / 2)
    matrix = np.hstack([split, np.eye(rows), -np.eye(rows)])
    upper = np.append(np.ones(columns), np.full(2 * rows, split.sum()))
    cost = np.append(np.zeros(columns), np.ones(2 * rows))
    return make(matrix, half, half, cost, np.zeros(len(cost)), upper)


def hard_start(milp: Milp) -> Floats:
    """The worst solution of a `hard` one: nothing chosen."""
    x = np.zeros(milp.columns)
    x[-2 * milp.rows : -milp.rows] = milp.row_lower
    return x


def random_integer(seed: int, conditional: bool = False) -> Milp:
    """Five integer columns, four rows of all kinds; often infeasible."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-4, 5, (4, 5)) * (rng.random((4, 5)) < 0.7)
    lower = np.append([0, 0], rng.integers(-3, 1, 3))
    upper = np.append([1, 1], lower[2:] + rng.integers(0, 4, 3))
    middle = matrix @ rng.integers(lower, upper + 1)
    row_lower = np.where(rng.random(4) < 0.3, -INF, middle - rng.integers(0, 3, 4) + rng.integers(0, 2))
    row_upper = np.where(rng.random(4) < 0.3, INF, middle + rng.integers(0, 3, 4))
    row_upper = np.maximum(row_lower, row_upper)
    cost = rng.integers(-5, 6, 5) / 4
    rest = {}
    if conditional:
        rest["condition"] = np.array([0, -1, 1, 0], dtype=np.int64)
        rest["condition_value"] = np.array([1, 0, 0, 0], dtype=np.int8)
    return make(matrix, row_lower, row_upper, cost, lower, upper, offset=float(seed), **rest)


def random_mixed(seed: int) -> Milp:
    """Odd numbers of all sizes, every kind of row and bound, and always a feasible bounded problem."""
    rng = np.random.default_rng(seed)
    rows, columns = 6, 8
    matrix = rng.normal(size=(rows, columns)) * 10.0 ** rng.integers(-4, 5, (rows, columns))
    matrix[rng.random((rows, columns)) < 0.4] = 0
    integer = rng.random(columns) < 0.5
    lower = np.where(integer, rng.integers(-3, 1, columns), rng.normal(size=columns))
    upper = np.where(rng.random(columns) < 0.2, lower, lower + rng.integers(1, 4, columns))
    activity = matrix @ lower
    row_lower = activity - rng.random(rows)
    row_upper = activity + rng.random(rows)
    row_lower[:3], row_upper[2:4] = [-INF, activity[1], -INF], [INF, INF]
    row_upper[1] = row_lower[1]
    cost = np.where(rng.random(columns) < 0.3, 0.0, rng.normal(size=columns))
    return make(matrix, row_lower, row_upper, cost, lower, upper, integer.astype(int).tolist(), offset=rng.normal())


def brute_force(milp: Milp) -> float | None:
    """The optimum over all integer points in the bounds; None if there is no feasible one."""
    ranges = [range(int(a), int(b) + 1) for a, b in zip(milp.col_lower, milp.col_upper, strict=True)]
    points = (np.array(point, dtype=np.float64) for point in itertools.product(*ranges))
    return min((milp.objective(x) for x in points if milp.feasible(x)), default=None)
