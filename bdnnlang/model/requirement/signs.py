"""Which way features work, as rows over the signs of weights and of paths; and features that may not work at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.model.blocks import Problem, Role
from bdnnlang.model.growing import Growing, terms
from bdnnlang.problem.requirement.signs import Monotone

Pair = tuple[Ints, Ints]  # columns that say whether something is positive, and whether it is negative


def add(growing: Growing, monotone: Sequence[Monotone]) -> None:
    """r ≥ whether a path to a neuron has a positive product, f ≥ whether one has a negative one; outputs may have no wrong one.

    Layer 1:  w ≤ w⁺ r,  −w ≤ −w⁻ f.  Above, with p, n the signs of a weight:  r_i ≥ r_j + p_ij − 1,  r_i ≥ f_j + n_ij − 1,
    f_i ≥ r_j + n_ij − 1,  f_i ≥ f_j + p_ij − 1.
    """
    if not monotone:
        return
    problem = growing.problem
    features = np.array([one.feature for one in monotone])
    first = problem.weights(1).index.T[features]  # (features, d_1)
    below = _paths(growing, 1, monotone)
    _signs(growing, 1, first, below)
    for k in range(2, problem.depth + 1):
        weights = problem.weights(k)
        bits = tuple(growing.binaries(role, k, weights.shape).index for role in (Role.POSITIVE, Role.NEGATIVE))
        _signs(growing, k, weights.index, (bits[0], bits[1]))
        above = _paths(growing, k, monotone)
        _products(growing, k, below, (bits[0], bits[1]), above)
        below = above


def _paths(growing: Growing, k: int, monotone: Sequence[Monotone]) -> Pair:
    """Of each feature and neuron of a layer, both (features, d_k)."""
    problem = growing.problem
    shape = (len(monotone), len(problem.weights(k).index))
    most = np.ones((2, *shape))
    if k == problem.depth:
        most = np.stack([one.allowed(shape[1]) for one in monotone], axis=1).astype(np.float64)
    rises, falls = (growing.binaries(role, k, shape, upper) for role, upper in zip((Role.RISES, Role.FALLS), most, strict=True))
    return rises.index, falls.index


def _signs(growing: Growing, k: int, weights: Ints, bits: Pair) -> None:
    """w ≤ w⁺ · positive,  −w ≤ −w⁻ · negative."""
    lower, upper = growing.problem.box()
    for bit, name, sign, largest in ((bits[0], "above", -1.0, upper[weights]), (bits[1], "below", 1.0, -lower[weights])):
        value = np.stack([np.maximum(largest, 0.0).ravel(), np.full(weights.size, sign)], axis=1)
        growing.rows(f"sign{k}_{name}", terms(bit, weights), value, 0.0, least=bit.ravel())


def _products(growing: Growing, k: int, below: Pair, weights: Pair, above: Pair) -> None:
    """A path goes on with the sign that a weight gives it, (features, d_k, d_{k-1})."""
    (rises, falls), (positive, negative) = below, weights
    for bits, name, pairs in (
        (above[0], "up", ((rises, positive), (falls, negative))),
        (above[1], "down", ((rises, negative), (falls, positive))),
    ):
        columns = np.concatenate([terms(bits[:, :, None], path[:, None, :], weight[None]) for path, weight in pairs])
        growing.rows(f"path{k}_{name}", columns, np.array([1.0, -1.0, -1.0]), -1.0, least=bits.ravel())


def without(problem: Problem, features: Ints) -> Problem:
    """Nothing but 0 for the weights to these features."""
    lower, upper = problem.box()
    columns = problem.weights(1).index[:, features]
    lower[columns] = upper[columns] = 0.0
    return problem.with_box(lower, upper)
