"""Problems of preferences: among networks of an objective that is reached already, those of greatest margin or fewest weights.

They are solved one after the other, each with the values of those before it as rows ([BeMi], [TI]; docs/models.md 9.3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.diagnostics import InternalError
from bdnnlang.language.spec import Penalty
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Columns, Linear, Problem, Role
from bdnnlang.model.milp import Family, Milp
from bdnnlang.model.model import Model
from bdnnlang.model.objectives.penalties import penalise
from bdnnlang.model.passes import Pipeline
from bdnnlang.model.passes.margins_to_rows import MarginsToRows
from bdnnlang.model.passes.order_neurons import OrderNeurons
from bdnnlang.model.passes.products_to_rows import ProductsToRows
from bdnnlang.model.passes.steps_to_big_m import StepsToBigM
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational

HELD = 1 - 1e-6  # the part of a real value that a later problem holds: solvers keep rows within such tolerances
# Passes that ask of an activation only what the loss needs, or narrow the box of biases, would change margins.
PIPELINE = Pipeline((OrderNeurons(),), (ProductsToRows(), MarginsToRows(), StepsToBigM()))


@dataclass(frozen=True, slots=True)
class Held:
    """What networks keep: an objective of at most this, a margin of at least this, at most so many nonzero weights."""

    objective: Rational
    margin: Rational | None = None
    nonzeros: int | None = None


def widest(problem: Problem, held: Held) -> Problem:
    """max Σ_k m_k, with m_k ≥ g, u = 1 ⇒ a ≥ m_k and u = 0 ⇒ a ≤ −m_k in layer k.

    `problem` as built, with real biases. Every network that `held` lets through and whose layers all have a margin of at least g
    is a point, and Σ m_k may be its margin. Without g all weights could be 0, and what is on or off be chosen.
    """
    kept = _held(_with_distances(problem), held)
    distances = [kept.families[Role.DISTANCE, k].index for k in range(1, kept.depth + 1)]
    return _minimising(kept, {int(column): -1.0 for index in distances for column in index})


def fewest(problem: Problem, held: Held) -> Problem:
    """min Σ z over the weights of all layers, w ≠ 0 only where z = 1."""
    kept = _held(problem if held.margin is None else _with_distances(problem), held)
    kept = _with_uses(kept)
    return _minimising(kept, {int(column): 1.0 for column in _uses(kept)})


def least_distance(problem: Problem) -> float | None:
    """The greatest g of a layer; None where distances are not asked for."""
    layers = [problem.find(Role.DISTANCE, k) for k in range(1, problem.depth + 1)]
    return max((float(family.lower[0]) for family in layers if family is not None), default=None)


def start(model: Model, network: Network, margins: tuple[Rational, ...]) -> Floats:
    """The point of a network with these margins of its layers; one with a margin below g satisfies not all rows."""
    point = model.encode(network)
    for k, margin in enumerate(margins, start=1):
        if (family := model.problem.find(Role.DISTANCE, k)) is not None:
            point[family.index] = np.clip(float(margin) * HELD, family.lower, family.upper)
    return point


def with_activations(model: Model, point: Floats) -> Milp:
    """The program of networks with the activations of a point only, which is solved in no time."""
    lower, upper = model.milp.col_lower.copy(), model.milp.col_upper.copy()
    for k in range(1, model.problem.depth + 1):
        for index in (model.problem.activations(k).index, model.problem.possible(k).index):
            lower[index] = upper[index] = point[index]
    return replace(model.milp, col_lower=lower, col_upper=upper)


def without_unused(model: Model, point: Floats) -> Network:
    """The network of a point, whose weights are 0 where the point says that they are not used."""
    network = model.decode(point)
    layers = []
    for k, layer in enumerate(network.layers, start=1):
        uses = model.problem.find(Role.USES, k)
        weights = layer.weights if uses is None else np.where(point[uses.index] < 0.5, 0.0, layer.weights)
        layers.append(replace(layer, weights=weights))
    return Network(tuple(layers))


# ---- what is held


def _held(problem: Problem, held: Held) -> Problem:
    columns, values = problem.cost_column, problem.cost_value
    limit = Fraction(held.objective) / problem.unit - Fraction(problem.offset)
    most = math.floor(limit) if problem.has_integral_objective else _above(float(limit))
    problem = _row(problem, "objective", columns, values, most)
    if held.margin is not None:
        distances = np.concatenate([problem.families[Role.DISTANCE, k].index for k in range(1, problem.depth + 1)])
        problem = _row(problem, "margin", distances, np.full(len(distances), -1.0), -float(held.margin) * HELD)
    if held.nonzeros is not None:
        problem = _with_uses(problem)
        used = _uses(problem)
        problem = _row(problem, "nonzeros", used, np.ones(len(used)), held.nonzeros)
    return problem


def _above(limit: float) -> float:
    """A little more, for the rounding of a sum of costs."""
    return limit + 1e-9 * max(1.0, abs(limit))


def _row(problem: Problem, name: str, columns: Ints, values: Floats, most: float) -> Problem:
    """Σ value · column ≤ most."""
    affine = Affine.of(1, np.zeros(len(columns), dtype=np.int64), columns, values)
    row = Linear((Family(name, (1,)),), affine, np.full(1, -np.inf), np.array([float(most)]))
    return problem.with_blocks((*problem.blocks, row))


def _minimising(problem: Problem, costs: dict[int, float]) -> Problem:
    column, value = np.array(list(costs), dtype=np.int64), np.array(list(costs.values()))
    return replace(problem, cost_column=column, cost_value=value, offset=0.0, unit=Fraction(1))


# ---- columns


def _with_distances(problem: Problem) -> Problem:
    """With a column m_k for each layer, by which its pre-activations keep away from 0."""
    for k in range(1, problem.depth + 1):
        step = problem.step(k)
        if step is None:
            raise InternalError("preferences come before the steps are rows")
        low, high = step.affine.activity_bounds(*problem.box())
        most = float(max(-low.min(initial=0.0), high.max(initial=0.0)))
        family = Columns(Role.DISTANCE, k, problem.size, (1,), np.full(1, step.threshold), np.full(1, most), integer=False)
        column, one = np.full(step.affine.rows, family.first), np.ones(step.affine.rows)
        sides = step.affine.with_column(column, -one), step.affine.with_column(column, one)
        apart = replace(step, worst=sides, unit=None, threshold=0.0)
        blocks = tuple(apart if block is step else block for block in problem.blocks)
        problem = replace(problem, columns=(*problem.columns, family), blocks=blocks)
    return problem


def _with_uses(problem: Problem) -> Problem:
    """With a binary column for each weight, unless a penalty has brought them."""
    return problem if problem.find(Role.USES, 1) else penalise(problem, (Penalty("sparsity", 1.0),))


def _uses(problem: Problem) -> Ints:
    return np.concatenate([problem.families[Role.USES, k].index.ravel() for k in range(1, problem.depth + 1)])
