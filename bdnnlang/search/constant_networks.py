"""The network that every schedule starts from: a constant one, which always exists when biases are free."""

from __future__ import annotations

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.blocks import Columns, Problem
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Incumbent, TrainingProblem


def constant_incumbent(problem: Problem, training: TrainingProblem) -> Incumbent:
    """The best of the networks whose outputs are all 0, or 1 for one class only, as near as the domains allow."""
    width = problem.activations(problem.depth).shape[1]
    patterns = np.vstack([np.zeros((1, width)), np.eye(width)]).astype(bool)
    networks = [_constant(problem, pattern) for pattern in patterns]
    return min(map(training.incumbent, networks), key=lambda incumbent: incumbent.rank)


def _constant(problem: Problem, pattern: np.ndarray) -> Network:
    layers = []
    for k in range(1, problem.depth):
        weights = _nearest(problem.weights(k), 0.0)
        layers.append(Layer(weights, _biases(problem, k, np.ones(len(weights), dtype=bool))))
    last = problem.depth
    weights = _nearest(problem.weights(last), 0.0)
    biases = problem.biases(last)
    if biases is None or biases.size < len(pattern):  # shared or no biases: the weights must decide
        weights[~pattern] = problem.weights(last).decode(problem.weights(last).lower)[~pattern]
        return Network((*layers, Layer(weights, _biases(problem, last, np.ones_like(pattern)))))
    return Network((*layers, Layer(weights, _biases(problem, last, pattern))))


def _biases(problem: Problem, k: int, fires: np.ndarray) -> Floats:
    """Biases that make neurons with weights near 0 fire or not: 0 and −1 where the weights are 0, else the extremes."""
    family = problem.biases(k)
    if family is None:
        return np.zeros(len(fires))
    zero = not _nearest(problem.weights(k), 0.0).any()
    low, high = (family.decode(side).max() for side in (family.lower, family.upper))
    on, off = (_nearest(family, v).max() for v in ((0.0, -1.0) if zero else (high, low)))
    on, off = (on if on >= 0 else high), (off if off < 0 else low)
    return np.where(fires, on, off) if family.size == len(fires) else np.full(len(fires), on)


def _nearest(family: Columns, wish: float) -> Floats:
    """The value of a domain that is nearest to `wish`, for each member of the family."""
    column = wish / float(family.unit)
    if family.points is not None:
        return family.decode(np.full(family.shape, family.points[np.argmin(np.abs(family.points - column))]))
    return family.decode(np.clip(column, family.lower, family.upper))
