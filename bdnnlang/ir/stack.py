"""Problem of `Linear` blocks → Milp: one flat matrix."""

from __future__ import annotations

import numpy as np

from bdnnlang.diagnostics import InternalError
from bdnnlang.ir.blocks import Affine, Linear, Margin, Problem, merge
from bdnnlang.milp import Cone, Family, Floats, Ints, Milp


def stack(problem: Problem) -> Milp:
    """All blocks one below the other, column-wise. Raises InternalError if a block is neither `Linear` yet nor a cone."""
    linear = [block for block in problem.blocks if isinstance(block, Linear)]
    cones = [block for block in problem.blocks if isinstance(block, Margin) and block.kind == "cone"]
    if len(linear) + len(cones) != len(problem.blocks):
        raise InternalError("stack: a pass is missing from the pipeline")
    affine = merge([block.affine for block in linear])
    lower, upper = problem.box()
    cost = _dense(problem.cost_column, problem.cost_value, problem.size)
    start, index, value = _by_column(affine, problem.size)
    conditional = any(block.condition is not None for block in linear)
    return Milp(
        name=problem.name,
        col_cost=cost,
        col_lower=lower,
        col_upper=upper,
        integrality=np.repeat(np.array([c.integer for c in problem.columns], dtype=np.int8), [c.size for c in problem.columns]),
        row_lower=np.concatenate([block.lower for block in linear]),
        row_upper=np.concatenate([block.upper for block in linear]),
        start=start,
        index=index,
        value=value,
        offset=problem.offset,
        col_families=tuple(Family(c.name, c.shape) for c in problem.columns),
        row_families=tuple(family for block in linear for family in block.families),
        condition=np.concatenate([_condition(block)[0] for block in linear]) if conditional else None,
        condition_value=np.concatenate([_condition(block)[1] for block in linear]) if conditional else None,
        cones=tuple(Cone(int(b.rho[j, 0]), b.weights[j], b.factor) for b in cones for j in range(len(b.rho))),
        col_square=_dense(problem.square_column, problem.square_value, problem.size) if len(problem.square_column) else None,
    )


def _dense(column: Ints, value: Floats, size: int) -> Floats:
    return np.bincount(column, weights=value, minlength=size).astype(np.float64)


def _by_column(affine: Affine, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.argsort(affine.column * affine.rows + affine.row)  # one key sorts by column, then by row
    start = np.zeros(columns + 1, dtype=np.int64)
    np.cumsum(np.bincount(affine.column, minlength=columns), out=start[1:])
    return start, affine.row[order].astype(np.int32), affine.value[order]


def _condition(block: Linear) -> tuple[np.ndarray, np.ndarray]:
    if block.condition is None or block.condition_value is None:
        return np.full(block.affine.rows, -1, dtype=np.int64), np.zeros(block.affine.rows, dtype=np.int8)
    return block.condition, block.condition_value
