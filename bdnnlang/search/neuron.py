"""One neuron whose weights move, all others of the network staying as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.data.draw import RandomStream
from bdnnlang.search.moves import SCALED, Inputs, WeightRange, lines, random_minimum
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
    price: float = 0.0  # what the moves so far have added

    def move(self, allowed: WeightRange, rng: RandomStream) -> None:
        """Take the best point on the lines of the weights of `allowed`, of equals one at random, unless all are worse."""
        here, problem = self.weights[allowed.rows], self.search_problem
        found = lines(self.inputs, allowed, here, self.a, self.silent, self.gain, self.samples, zeros=bool(problem.penalties))
        costs = found.losses
        if problem.penalties:
            bias = len(self.weights) - 1
            added = problem.price(found.points, allowed.rows, bias) - problem.price(here, allowed.rows, bias)[:, None]
            costs = np.where(np.isinf(costs), np.inf, costs + added)  # where there is no candidate its price is nan
        most = self.silent + float(self.gain @ (self.a >= 0)) + problem.equal
        at = random_minimum(costs, most, rng)
        if at is None:
            return
        which, column = divmod(at, costs.shape[1])
        row, point = allowed.rows[which], found.point(which, column)
        self.price += float(costs[which, column] - found.losses[which, column])
        self.a = self.a + (point - self.weights[row]) * self.inputs.take(row[None], self.samples)[0]
        self.weights[row] = point


def scale(weights: Floats) -> bool:
    """Bring the largest weight of a neuron near 1, which changes no activation; did that change any?"""
    largest = float(np.abs(weights).max())
    if not (largest > SCALED or 0 < largest < 0.25):
        return False
    weights /= 2.0 ** np.rint(np.log2(largest))
    return True
