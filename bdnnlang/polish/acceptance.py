"""A solver's claim → a network with a verified loss. Nothing a solver says about a network gets past this file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Interval, LayerSpec, WeightDomain
from bdnnlang.model.blocks import Problem
from bdnnlang.model.complete import read_network
from bdnnlang.model.milp import Milp
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import Rational, simple
from bdnnlang.polish.polish import polish, snap
from bdnnlang.problem.training import Incumbent, TrainingProblem

SHARES = tuple(10.0**-k for k in range(1, 9))  # of the way to the greatest margin
PART = 1e-9  # of a number, or of 1: what solvers do not tell apart
ROUNDING = 2.0**-46  # of the sum of all costs: some roundings to 53 bits
INTEGRAL = 1e-6  # losses are integers: a bound of 3 + 1e-7 says 3, and 3 + 1e-5 says 4


def judge(training: TrainingProblem, built: Problem, problem: Problem, x: Floats, claim: Rational) -> Incumbent:
    """The best network that stands behind solution `x` of a `problem`, with its objective in exact arithmetic.

    `problem` is `built` in the form that went to the solver.

    Tried in this order, and kept as soon as the objective is at most `claim`: polished and snapped to few bits; polished; the
    solver's own weights. If none keeps the claim, the best of them: the caller compares. With penalties the greatest margin may
    be too dear, and networks between the polished one and the solver's are tried, ever nearer to the latter.
    """
    tried = []
    penalties = bool(training.costs.penalties)
    for network in _candidates(training, built, problem, x):
        incumbent = training.incumbent(network)
        if incumbent.objective <= claim or not penalties:
            goal = max(claim, incumbent.objective) if penalties else incumbent.objective
            incumbent = _short(training, incumbent, goal)
        tried.append(incumbent)
        if incumbent.objective <= claim:
            break
    return min(tried, key=lambda incumbent: incumbent.objective)


def _short(training: TrainingProblem, incumbent: Incumbent, goal: Rational) -> Incumbent:
    """In the fewest bits that keep an objective of at most `goal`."""
    short = snap(incumbent.network, training.spec.network.layers, lambda n: training.incumbent(n).objective <= goal)
    return incumbent if short is None else training.incumbent(short)


def _candidates(training: TrainingProblem, built: Problem, problem: Problem, x: Floats) -> Iterator[Network]:
    if training.costs.penalties:
        built, problem = _pinned(built, x), _pinned(problem, x)
    raw = read_network(problem, x)
    polished = polish(built, problem, training.spec.network.layers, x, training.data.train.x)
    yield polished
    if training.costs.penalties:
        yield from (_between(raw, polished, share, training.spec.network.layers) for share in SHARES)
    yield raw


def _pinned(problem: Problem, x: Floats) -> Problem:
    """Weights that the solution does not pay for as nonzero can be nothing but 0."""
    columns = [
        replace(c, lower=np.where(unused, 0.0, c.lower), upper=np.where(unused, 0.0, c.upper))
        if f"nz_{c.name}" in problem and (unused := x[problem[f"nz_{c.name}"].index] < 0.5).any()
        else c
        for c in problem.columns
    ]
    return replace(problem, columns=tuple(columns))


def _between(raw: Network, polished: Network, share: float, specs: tuple[LayerSpec, ...]) -> Network:
    """`share` of the way from the solver's weights to those of greatest margin.

    Where the solver's satisfy the rows as nearly as its tolerance, a small share of the margin makes up for it, and penalties
    are convex: the price is at most that share.
    """

    def mixed(a: Floats, b: Floats, domain: WeightDomain | None) -> Floats:
        return a + share * (b - a) if isinstance(domain, Interval | None) else a

    return Network(
        tuple(
            Layer(mixed(a.weights, b.weights, s.weights), mixed(a.biases, b.biases, s.biases))
            for a, b, s in zip(raw.layers, polished.layers, specs, strict=True)
        )
    )


def whole_bound(bound: float, rounding: float = 0.0) -> int:
    """The least integer loss that a bound allows; `rounding` is what the sums behind it may be off by."""
    return max(0, math.ceil(bound - max(INTEGRAL, PART * abs(bound)) - rounding))


def claimed(problem: Problem, objective: float | None) -> Rational | None:
    """What a solver's objective stands for: exact where all objectives are whole numbers of units."""
    if objective is None:
        return None
    return simple(problem.unit * (round(objective) if problem.has_integral_objective else Fraction(objective)))


def bounded(problem: Problem, bound: float | None) -> Rational | None:
    """What a solver's bound stands for: rounded up where objectives are whole numbers of units, else a little down.

    Large costs that cancel out leave roundings of their own size.
    """
    if bound is None:
        return None
    rounding = ROUNDING * (abs(problem.offset) + float(np.abs(problem.cost_value).sum()))
    if problem.has_integral_objective:
        return simple(problem.unit * whole_bound(bound, rounding))
    return simple(problem.unit * Fraction(max(0.0, bound - PART * max(1.0, abs(bound)) - rounding)))


def contradicts(bound: Rational, incumbent: Incumbent, milp: Milp, point: Floats) -> bool:
    """Is a lower bound above the objective of a network that satisfies every row of the model? Then the solver is wrong."""
    return bound > incumbent.objective and milp.feasible(point, 1e-9)
