"""Pass `fix_idle_weights`: weights of features that are 0 on all samples are 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Mask
from bdnnlang.model.blocks import Margin, Pass, Problem, Step
from bdnnlang.model.point import completed


@dataclass(frozen=True, slots=True)
class FixIdleWeights(Pass):
    """x_ij = 0 for all i:  w_lj = 0.

    Takes   the weights of layer 1 whose boxes hold 0 and that stand in no `Step` and no `Margin`.
    Makes   the same columns with 0 as both bounds.
    Source  docs/models.md 3.7. Exact: such a weight changes no activation, and 0 has the least penalty.
    """

    def __call__(self, problem: Problem) -> Problem:
        lower, upper = problem.box()
        idle = _idle(problem)
        return problem.with_box(np.where(idle, 0.0, lower), np.where(idle, 0.0, upper)) if idle.any() else problem

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """The same with 0 for the weights that say nothing."""
        return completed(after, np.where(_idle(before), 0.0, point))


def _idle(problem: Problem) -> Mask:
    lower, upper = problem.box()
    idle = np.zeros(problem.size, dtype=bool)
    own = problem.weights(1).index
    idle[own] = (lower[own] <= 0) & (upper[own] >= 0)
    for block in problem.blocks:
        match block:
            case Step():
                idle[np.concatenate([rows.column for rows in (block.affine, block.least, block.greatest)])] = False
            case Margin():
                idle[block.weights] = False
            case _:
                pass
    return idle
