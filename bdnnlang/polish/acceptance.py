"""A solver's claim → a network with a verified loss. Nothing a solver says about a network gets past this file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.language.spec import Interval, LayerSpec, WeightDomain
from bdnnlang.model.blocks import Problem, Role
from bdnnlang.model.milp import Milp
from bdnnlang.model.model import Model
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import Rational
from bdnnlang.polish.polish import polish, snap
from bdnnlang.problem.requirement.signs import Monotone
from bdnnlang.problem.training import Incumbent, Rank, TrainingProblem

SHARES = tuple(10.0**-k for k in range(1, 9))  # of the way to the greatest margin


def verified_incumbent(training: TrainingProblem, model: Model, x: Floats, claim: Rational) -> Incumbent:
    """The best network that stands behind solution `x` of a model, with its objective in exact arithmetic.

    Tried in this order, and kept as soon as the objective is at most `claim`: polished and snapped to few bits; polished; the
    solver's own weights. If none keeps the claim, the best of them, in few bits if it nearly does: the caller compares. With
    penalties the greatest margin may be too dear, and networks between the polished one and the solver's are tried, ever nearer
    to the latter.
    """
    tried = []
    penalties = bool(training.costs.penalties)
    for network in _candidates(training, model, x):
        incumbent = training.incumbent(network)
        if incumbent.reaches(claim) or not penalties:
            incumbent = _short(training, incumbent, (False, claim) if penalties else incumbent.rank)
        tried.append(incumbent)
        if incumbent.reaches(claim):
            return incumbent
    best = min(tried, key=lambda incumbent: incumbent.rank)
    nearly = claim + training.costs.rough(claim)
    return _short(training, best, (False, nearly)) if penalties and best.reaches(nearly) else best


def _short(training: TrainingProblem, incumbent: Incumbent, goal: Rank) -> Incumbent:
    """In the fewest bits that keep a rank of at most `goal`."""
    layers, samples = training.spec.network.layers, training.samples
    short = snap(incumbent.network, layers, samples, lambda n: training.incumbent(n).rank <= goal)
    return incumbent if short is None else training.incumbent(short)


def _candidates(training: TrainingProblem, model: Model, x: Floats) -> Iterator[Network]:
    if training.costs.penalties or training.requirements.of_networks:
        pinned = tuple(_pinned(problem, x, training) for problem in (model.built, *model.forms))
        model = replace(model, built=pinned[0], forms=pinned[1:])
    raw = model.decode(x)
    polished = polish(model, training.spec.network.layers, x)
    yield polished
    if training.costs.penalties:
        yield from (_between(raw, polished, share, training.spec.network.layers) for share in SHARES)
    yield raw


def _pinned(problem: Problem, x: Floats, training: TrainingProblem) -> Problem:
    """Weights that the solution does not count as nonzero, positive or negative are not."""
    lower, upper = problem.box()
    for weights, positive, negative in _counted(problem, training):
        upper[weights] = np.where(x[positive] < 0.5, np.minimum(upper[weights], 0.0), upper[weights])
        lower[weights] = np.where(x[negative] < 0.5, np.maximum(lower[weights], 0.0), lower[weights])
    return problem.with_box(lower, upper)


def _counted(problem: Problem, training: TrainingProblem) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Columns of weights, and the binary columns that say whether they may be above 0 and below 0, all of one shape."""
    for k in range(1, problem.depth + 1):
        weights, uses = problem.weights(k).index, problem.find(Role.USES, k)
        if uses is not None:
            yield weights, uses.index, uses.index
        positive, negative = problem.find(Role.POSITIVE, k), problem.find(Role.NEGATIVE, k)
        if positive is not None and negative is not None:
            yield weights, positive.index, negative.index
    rises, falls = problem.find(Role.RISES, 1), problem.find(Role.FALLS, 1)
    if rises is not None and falls is not None:
        features = [one.feature for one in training.requirements.all if isinstance(one, Monotone)]
        yield problem.weights(1).index.T[features], rises.index, falls.index


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


def contradicts(bound: Rational, incumbent: Incumbent, milp: Milp, point: Floats) -> bool:
    """Is a lower bound above the objective of a network that satisfies every row of the model? Then the solver is wrong."""
    return bound > incumbent.objective and milp.feasible(point, 1e-9)
