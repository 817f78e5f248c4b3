"""The range of pre-activations over the boxes of the columns, and the range in which biases matter."""

from __future__ import annotations

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Columns, Problem, Step

LEAST_MARGIN = 1e-4
MARGIN_PER_M = 1e-5  # of the largest M: below it, solvers' tolerances let wrong activations through (docs/solvers.md 1)
FILE_MARGIN_PER_M = 3e-5  # for solvers at their defaults: GLPK and Gurobi are right from there on


def constant_beyond(problem: Problem, step: Step, biases: Columns) -> tuple[Floats, Floats]:
    """The greatest bias at which a neuron is always off and the least at which it is always on, both (biases,).

    In units of the columns, from the boxes of the weights alone; for a bias that neurons share, of all of them.
    """
    lower, upper = problem.box()
    lower[biases.index] = upper[biases.index] = 0.0
    slope = bias_slopes(step.affine, biases)
    down = (step.greatest.activity_bounds(lower, upper)[1] + step.threshold) / slope
    up = -step.least.activity_bounds(lower, upper)[0] / slope
    neuron = np.arange(len(slope)) % step.on.shape[1] if biases.size > 1 else np.zeros(len(slope), dtype=np.int64)
    off, on = np.full(biases.size, -np.inf), np.full(biases.size, -np.inf)
    np.maximum.at(off, neuron, down)
    np.maximum.at(on, neuron, up)
    return -off, on


def reaches_beyond(problem: Problem, step: Step, biases: Columns) -> bool:
    """Do the biases reach beyond every weighted sum, so that cutting them off there would change nothing?"""
    low, high = constant_beyond(problem, step, biases)
    return biases.points is None and bool((biases.lower <= low).all() and (biases.upper >= high).all())


def row_constants(problem: Problem, step: Step) -> Floats:
    """The M that each plain row of a step needs, (rows of its masks `on` and `off`,)."""
    box = problem.box()
    down, up = -step.least.activity_bounds(*box)[0], step.greatest.activity_bounds(*box)[1]
    return np.asarray(np.maximum(np.concatenate([down[step.on.ravel()], up[step.off.ravel()]]), 0.0))


def enough_threshold(problem: Problem, step: Step) -> float:
    """The threshold that the constants of the rows ask for, where that is less than the step's own."""
    most = float(row_constants(problem, step).max(initial=0.0))
    return min(step.threshold, step.relative * max(1.0, step.margin_per_m * most / LEAST_MARGIN))


def bias_slopes(affine: Affine, biases: Columns) -> Floats:
    """The coefficient of the bias in each row."""
    is_bias = (affine.column >= biases.first) & (affine.column < biases.first + biases.size)
    return np.asarray(np.bincount(affine.row[is_bias], weights=affine.value[is_bias], minlength=affine.rows), dtype=np.float64)
