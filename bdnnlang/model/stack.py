"""Problem of `Linear` blocks → Milp: one flat matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats, Ints
from bdnnlang.diagnostics import InternalError
from bdnnlang.model.affine import Affine, Shared, Triplets, merge
from bdnnlang.model.blocks import Linear, Margin, MarginKind, Problem
from bdnnlang.model.milp import Cone, Family, Milp

TINY = 1e-9  # HiGHS drops smaller coefficients


def stack(problem: Problem) -> Milp:
    """All blocks one below the other, column-wise. Raises InternalError if a block is neither `Linear` yet nor a cone."""
    linear = [block for block in problem.blocks if isinstance(block, Linear)]
    cones = [block for block in problem.blocks if isinstance(block, Margin) and block.kind is MarginKind.CONE]
    if len(linear) + len(cones) != len(problem.blocks):
        raise InternalError("stack: a pass is missing from the pipeline")
    lower, upper = problem.box()
    conditional = any(block.condition is not None for block in linear)
    rows = Rows(
        merge([block.affine for block in linear]),
        np.concatenate([block.lower for block in linear]),
        np.concatenate([block.upper for block in linear]),
    )
    rows = rows if conditional else without_tiny(rows, lower, upper)  # conditional rows are whole numbers
    affine = rows.affine
    cost = _dense(problem.cost_column, problem.cost_value, problem.size)
    start, index, value = by_column(affine, problem.size)
    return Milp(
        name=problem.name,
        col_cost=cost,
        col_lower=lower,
        col_upper=upper,
        integrality=np.repeat(np.array([c.integer for c in problem.columns], dtype=np.int8), [c.size for c in problem.columns]),
        row_lower=rows.lower,
        row_upper=rows.upper,
        start=start,
        index=index,
        value=value,
        offset=problem.offset,
        col_families=tuple(Family(c.name, c.shape) for c in problem.columns),
        row_families=tuple(family for block in linear for family in block.families),
        condition=np.concatenate([_condition(block)[0] for block in linear]) if conditional else None,
        condition_value=np.concatenate([_condition(block)[1] for block in linear]) if conditional else None,
        unit=problem.unit,
        cones=tuple(Cone(int(b.rho[j, 0]), b.weights[j], b.factor) for b in cones for j in range(len(b.rho))),
        col_square=_dense(problem.square_column, problem.square_value, problem.size) if len(problem.square_column) else None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """lower ≤ affine ≤ upper."""

    affine: Affine
    lower: Floats  # (rows,)
    upper: Floats  # (rows,)


def without_tiny(rows: Rows, col_lower: Floats, col_upper: Floats) -> Rows:
    """The same without coefficients below `TINY` of the largest of their row, or of 1, on columns that are bounded.

    Solvers drop such coefficients, or refuse them: features that nearly lie in the middle of their range leave some. What is
    left out is at most t⁺ = max Σ a_j x_j over the box and at least t⁻ = min Σ a_j x_j, so Σ kept ≥ lower − t⁺ and
    Σ kept ≤ upper − t⁻ for every point that meets the row. Hence no point is lost: bounds of the new program are bounds of the
    old one. It may have points that the old one has not, by less than the tolerances of solvers; networks are verified.
    """
    affine = rows.affine
    largest = np.ones(affine.rows)
    for part in affine.parts:
        part.largest(largest)
    if not any(part.has_below(TINY * largest) for part in affine.parts):
        return rows
    size = np.abs(affine.value)
    bounded = np.isfinite(col_lower)[affine.column] & np.isfinite(col_upper)[affine.column]
    tiny = bounded & (size < TINY * largest[affine.row])
    if not tiny.any():
        return rows
    least, most = affine.kept(tiny).activity_bounds(col_lower, col_upper)
    touched = np.isin(np.arange(affine.rows), affine.row[tiny])
    lower = np.where(touched, np.nextafter(rows.lower - most, -np.inf), rows.lower)
    upper = np.where(touched, np.nextafter(rows.upper - least, np.inf), rows.upper)
    return Rows(affine.kept(~tiny), lower, upper)


def _dense(column: Ints, value: Floats, size: int) -> Floats:
    return np.bincount(column, weights=value, minlength=size).astype(np.float64)


def by_column(affine: Affine, columns: int) -> tuple[Ints, NDArray[np.int32], Floats]:
    """Start of each column, row and value of its coefficients, ascending by row.

    Of `Shared` coefficients no list of triplets is ever made: they are most of a large model, and go where they belong.
    """
    shared = [part for part in affine.parts if isinstance(part, Shared)]
    single = Affine(affine.rows, tuple(part for part in affine.parts if isinstance(part, Triplets))).triplets
    count = np.bincount(single.column, minlength=columns)
    order = np.argsort(single.column * affine.rows + single.row, kind="stable")  # one key sorts by column, then by row
    rank = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    for part in shared:
        count[part.column] += part.count
    start = np.concatenate([[0], np.cumsum(count)])
    index, value, place = np.empty(start[-1], dtype=np.int32), np.empty(start[-1]), start[:-1].copy()
    for part in shared:
        for column, rows, values in part.by_column():
            some = slice(place[column], place[column] + len(rows))
            index[some], value[some] = rows, values
            place[column] = some.stop
    at = place[single.column[order]] + rank
    index[at], value[at] = single.row[order], single.value[order]
    _sort_columns(start, index, value)
    return start, index, value


def _sort_columns(start: Ints, index: NDArray[np.int32], value: Floats) -> None:
    """Bring the rows of each column in order, where they are not yet."""
    descends = np.diff(index, prepend=index[:1]) < 0
    descends[start[:-1][start[:-1] < len(index)]] = False  # where another column begins
    for column in set((np.searchsorted(start, np.flatnonzero(descends), side="right") - 1).tolist()):
        some = slice(start[column], start[column + 1])
        order = np.argsort(index[some])
        index[some], value[some] = index[some][order], value[some][order]


def _condition(block: Linear) -> tuple[np.ndarray, np.ndarray]:
    if block.condition is None or block.condition_value is None:
        return np.full(block.affine.rows, -1, dtype=np.int64), np.zeros(block.affine.rows, dtype=np.int8)
    return block.condition, block.condition_value
