"""A solver's claim → a network with a verified loss. Nothing a solver says about a network gets past this file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Interval, LayerSpec, WeightDomain
from bdnnlang.model.blocks import Problem, Role
from bdnnlang.model.milp import Milp
from bdnnlang.model.model import Model
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import Rational
from bdnnlang.polish.polish import polish, snap
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
    if training.costs.penalties:
        pinned = tuple(_pinned(problem, x) for problem in (model.built, *model.forms))
        model = replace(model, built=pinned[0], forms=pinned[1:])
    raw = model.decode(x)
    polished = polish(model, training.spec.network.layers, x)
    yield polished
    if training.costs.penalties:
        yield from (_between(raw, polished, share, training.spec.network.layers) for share in SHARES)
    yield raw


def _pinned(problem: Problem, x: Floats) -> Problem:
    """Weights that the solution does not pay for as nonzero can be nothing but 0."""
    columns = [
        replace(c, lower=np.where(unused, 0.0, c.lower), upper=np.where(unused, 0.0, c.upper))
        if c.role is Role.WEIGHTS
        and (uses := problem.find(Role.USES, c.layer)) is not None
        and (unused := x[uses.index] < 0.5).any()
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


def contradicts(bound: Rational, incumbent: Incumbent, milp: Milp, point: Floats) -> bool:
    """Is a lower bound above the objective of a network that satisfies every row of the model? Then the solver is wrong."""
    return bound > incumbent.objective and milp.feasible(point, 1e-9)
