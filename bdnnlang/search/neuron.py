"""One neuron whose weights move, all others of the network staying as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.draw import RandomStream
from bdnnlang.search.moves import SCALED, Inputs, Lines, WeightRange, lines, random_minimum
from bdnnlang.search.required.support import Signs
from bdnnlang.search.required.tallies import NeuronTallies
from bdnnlang.search.search_problem import SearchProblem


@dataclass(slots=True, eq=False)
class MovingNeuron:
    """Seen on the samples whose loss it decides: a change of any other's activation changes nothing."""

    search_problem: SearchProblem
    inputs: Inputs  # of all samples: no more than the rows that move are copied
    samples: Ints | None  # (m,), those that it is seen on; None: all
    weights: Floats  # (p,), with the bias
    a: Floats  # (m,) its pre-activations, on the safe side of 0
    silent: float  # the loss of all samples while it is 0 everywhere …
    gain: Floats  # (m,) … and what is added where it is 1
    tallies: NeuronTallies | None = None  # the same of requirements on predictions, on these samples and on all
    allowed: Callable[[Floats], Signs] | None = None  # which signs its weights may have, where something is required of them
    price: float = 0.0  # what the moves so far have added

    def move(self, allowed: WeightRange, rng: RandomStream) -> None:
        """Take the best point on the lines of the weights of `allowed`, of equals one at random, unless all are worse."""
        problem, signs = self.search_problem, None
        if self.allowed is not None:
            signs = self.allowed(self.weights)
            allowed = allowed.of_signs(*signs)
            if not len(allowed.rows):
                return
        here, added = self.weights[allowed.rows], None
        found = self._lines(allowed, here, self.silent, self.gain)
        costs = found.losses
        if problem.penalties:
            bias = len(self.weights) - 1
            added = problem.price(found.points, allowed.rows, bias) - problem.price(here, allowed.rows, bias)[:, None]
            costs = np.where(np.isinf(costs), np.inf, costs + added)  # where there is no candidate its price is nan
        most = self.silent + float(self.gain @ (self.a >= 0)) + problem.equal
        if self.tallies is not None:
            costs = costs + self._excess(self.tallies, allowed, here)
            most += float(self.tallies.limits.excess(self.tallies.sums(self.a >= 0)))
        if signs is not None:
            costs = np.where(_have_sign(found.points, *(sign[allowed.rows] for sign in signs)), costs, np.inf)
        at = random_minimum(costs, most, rng)
        if at is None:
            return
        which, column = divmod(at, costs.shape[1])
        row, point = allowed.rows[which], found.point(which, column)
        self.price += 0.0 if added is None else float(added[which, column])
        self.a = self.a + (point - self.weights[row]) * self.inputs.take(row[None], self.samples)[0]
        self.weights[row] = point

    def _lines(self, allowed: WeightRange, here: Floats, silent: float, gain: Floats) -> Lines:
        zeros = bool(self.search_problem.penalties) or self.allowed is not None
        return lines(self.inputs, allowed, here, self.a, silent, gain, self.samples, zeros=zeros)

    def _excess(self, tallies: NeuronTallies, allowed: WeightRange, here: Floats) -> Floats:
        """What the requirements charge for each of the candidates, (q, C): those are the same for every gain."""
        both = zip(tallies.silent, tallies.gain, strict=True)
        sums = [self._lines(allowed, here, float(silent), gain).losses for silent, gain in both]
        return tallies.limits.excess(np.stack(sums))


def _have_sign(points: Floats, positive: Mask, negative: Mask) -> Mask:
    """Which candidates (q, C) have a sign that their weights may have."""
    return np.asarray((positive[:, None] | ~(points > 0)) & (negative[:, None] | ~(points < 0)))


def scale(weights: Floats) -> bool:
    """Bring the largest weight of a neuron near 1, which changes no activation; did that change any?"""
    largest = float(np.abs(weights).max())
    if not (largest > SCALED or 0 < largest < 0.25):
        return False
    weights /= 2.0 ** np.rint(np.log2(largest))
    return True
