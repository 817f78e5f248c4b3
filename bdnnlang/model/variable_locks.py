"""Which way the objective and the plain rows of a problem would have each column go."""

from __future__ import annotations

import numpy as np

from bdnnlang.arrays import Mask
from bdnnlang.model.blocks import Linear, Problem


def variable_locks(problem: Problem) -> tuple[Mask, Mask]:
    """For each column: is there a cost or a row that larger values serve, and one that smaller values serve? Both (columns,).

    The rows are the `Linear` ones of the problem as it is: before lowering, those of the loss and of penalties.
    """
    larger, smaller = np.zeros(problem.size, dtype=bool), np.zeros(problem.size, dtype=bool)
    larger[problem.cost_column[problem.cost_value < 0]] = True
    smaller[problem.cost_column[problem.cost_value > 0]] = True
    for block in problem.blocks:
        if isinstance(block, Linear):
            column, up = block.affine.column, block.affine.value > 0
            irreducible, ceiling = np.isfinite(block.lower)[block.affine.row], np.isfinite(block.upper)[block.affine.row]
            larger[column[irreducible & up | ceiling & ~up]] = True
            smaller[column[irreducible & ~up | ceiling & up]] = True
    return larger, smaller
