"""Penalties on weights, as columns, rows and costs that are appended to a problem."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.language.spec import Penalty
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Columns, Linear, Problem, Role
from bdnnlang.model.milp import Family
from bdnnlang.network.numbers import exact


def penalise(problem: Problem, penalties: tuple[Penalty, ...]) -> Problem:
    """Add factor · penalty to the objective, over the weights of all layers; `bytes` are added elsewhere (code_size.py).

    `l1`: ξ ≥ ±w at the cost of |w|, or w itself where its sign is known. `sparsity`: w⁻z ≤ w ≤ w⁺z with binary z. `l2`: squares
    of weights and biases [KB], which stay in the objective. Exact: ξ and z go as low as the rows let them.
    """
    for penalty in penalties:
        price = exact(penalty.factor) / problem.unit
        for k in range(1, problem.depth + 1):
            problem = _penalised(problem, penalty, k, price)
    return problem


def _penalised(problem: Problem, penalty: Penalty, k: int, price: Fraction) -> Problem:
    match penalty.kind:
        case "l1":
            return _absolute(problem, problem.weights(k), price)
        case "sparsity":
            return _nonzero(problem, problem.weights(k), price)
        case "l2":
            return _squared(problem, k, price)
        case "bytes":
            return problem
        case _:
            assert_never(penalty.kind)


def _absolute(problem: Problem, weights: Columns, price: Fraction) -> Problem:
    cost = float(price * weights.unit)
    low, high = float(weights.lower.min()), float(weights.upper.max())
    if low >= 0 or high <= 0:
        return priced(problem, weights.index, cost if low >= 0 else -cost)
    size = _columns(problem, Role.SIZES, weights, max(-low, high), weights.integer, weights.unit)
    rows = _two_sided(size, ("above", "below"), weights, (1.0, 1.0))
    return priced(_grown(problem, size, rows), size.index, cost)


def with_uses(problem: Problem) -> Problem:
    """With binary columns that say which weights are not 0, of all layers, unless a penalty has brought them."""
    for k in range(1, problem.depth + 1):
        if problem.find(Role.USES, k) is None:
            problem = _grown(problem, *_used(problem, problem.weights(k)))
    return problem


def _nonzero(problem: Problem, weights: Columns, price: Fraction) -> Problem:
    used, rows = _used(problem, weights)
    return priced(_grown(problem, used, rows), used.index, float(price))


def _used(problem: Problem, weights: Columns) -> tuple[Columns, Linear]:
    low, high = float(weights.lower.min()), float(weights.upper.max())
    used = _columns(problem, Role.USES, weights, 1.0, True, Fraction(1))
    return used, _two_sided(used, ("most", "least"), weights, (high, -low))


def _squared(problem: Problem, k: int, price: Fraction) -> Problem:
    families = [(problem.weights(k), 1)]
    if (biases := problem.biases(k)) is not None:
        families.append((biases, problem.weights(k).shape[0] // biases.size))  # a shared bias is one of each neuron
    columns = [family.index.ravel() for family, _ in families]
    values = [np.full(family.size, float(price * family.unit**2 * count)) for family, count in families]
    return replace(
        problem,
        square_column=np.concatenate([problem.square_column, *columns]),
        square_value=np.concatenate([problem.square_value, *values]),
    )


def _columns(problem: Problem, role: Role, weights: Columns, upper: float, integer: bool, unit: Fraction) -> Columns:
    """One for each weight."""
    shape = weights.shape
    return Columns(role, weights.layer, problem.size, shape, np.zeros(shape), np.full(shape, upper), integer, unit)


def _two_sided(extra: Columns, sides: tuple[str, str], weights: Columns, factors: tuple[float, float]) -> Linear:
    """Rows factor₀ · extra − w ≥ 0 and factor₁ · extra + w ≥ 0."""
    count = np.arange(weights.size)
    parts = [(f, sign) for f, sign in zip(factors, (-1.0, 1.0), strict=True)]
    value = np.concatenate([np.full(weights.size, v) for f, sign in parts for v in (f, sign)])
    column = np.tile(np.concatenate([extra.index.ravel(), weights.index.ravel()]), 2)
    row = np.concatenate([count, count, count + weights.size, count + weights.size])
    some = value != 0
    affine = Affine.of(2 * weights.size, row[some], column[some], value[some])
    families = tuple(Family(f"{extra.name}_{side}", weights.shape) for side in sides)
    return Linear(families, affine, np.zeros(affine.rows), np.full(affine.rows, np.inf), least=extra.index.ravel())


def _grown(problem: Problem, columns: Columns, rows: Linear) -> Problem:
    return replace(problem, columns=(*problem.columns, columns), blocks=(*problem.blocks, rows))


def priced(problem: Problem, columns: Ints, cost: float) -> Problem:
    """With columns that cost something."""
    value: Floats = np.full(columns.size, cost)
    return replace(
        problem,
        cost_column=np.concatenate([problem.cost_column, columns.ravel()]),
        cost_value=np.concatenate([problem.cost_value, value]),
    )
