"""A network on its way down in robust training of method `certified`: its loss is what intervals leave open.

Of every neuron two pre-activations are kept, the least and the greatest that a change within the set can bring. They move along
the line of a weight in more than one way, so values between the breakpoints of both are tried one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.draw import RandomStream
from bdnnlang.network.losses import LOSSES
from bdnnlang.search.descent import MOST_AT_ONCE, SearchState
from bdnnlang.search.merged_samples import MergedSamples
from bdnnlang.search.moves import SLACK, breakpoints
from bdnnlang.search.neuron import scale
from bdnnlang.search.search_problem import SearchProblem

Ends = tuple[Floats, Floats]  # least and greatest pre-activations, both (…, d_k, G)


def state_of(
    search_problem: SearchProblem, weights: Sequence[Floats], is_over: Callable[[], bool] = lambda: False
) -> SearchState:
    """A network to search from; `is_over` is asked before every long calculation."""
    return (CertifiedState if search_problem.certified else SearchState)(search_problem, weights, is_over)


class CertifiedState(SearchState):
    """A network, with what is surely and what is possibly on."""

    def __init__(
        self, search_problem: SearchProblem, weights: Sequence[Floats], is_over: Callable[[], bool] = lambda: False
    ) -> None:
        self.ends: list[Ends] = []
        super().__init__(search_problem, weights, is_over)

    def refresh(self, k: int) -> None:
        del self.ends[k:]
        for layer in range(k, len(self.weights)):
            self.ends.append(self._ends(layer, self.weights[layer], self.ends[-1] if layer else None))
        self.a = [least for least, _ in self.ends]
        self.robustness_penalty = 0.0
        self.losses = worst_losses(self.search_problem.samples, *(end >= 0 for end in self.ends[-1]))
        self.loss = float(self.losses.sum())

    def improve(self, k: int, neuron: int | None, rng: RandomStream) -> int:
        if neuron is None:
            return super().improve(k, neuron, rng)
        count = self._try_each(k, neuron, rng)
        if self.search_problem.layers[k].scale_free and scale(self.weights[k][neuron]):
            self.refresh(k)
        return count

    def _ends(self, k: int, weights: Floats, below: Ends | None) -> Ends:
        """Of weights (…, d_k, d_{k-1} + 1) on the ends of the layer below."""
        if below is None:
            a, (fall, rise) = self.search_problem.inputs.sums(weights), self.search_problem.preactivation_change(weights)
            return a - fall, a + rise
        sure, possible = ((end >= 0).astype(np.float64) for end in below)
        plus, minus = np.maximum(weights[..., :-1], 0.0), np.minimum(weights[..., :-1], 0.0)
        bias = weights[..., -1:] + SLACK
        return plus @ sure + minus @ possible + bias, plus @ possible + minus @ sure + bias

    def _breaks(self, k: int, neurons: Ints, column: int) -> Floats:
        """About where the least or the greatest becomes 0: of the first layer as if the set did not matter to the slope."""
        here = self.weights[k][neurons[0], column]
        least, greatest = (end[neurons] for end in self.ends[k])
        if k == 0:
            values = self.search_problem.inputs.values[column]
            return np.concatenate([breakpoints(values, here, end).ravel() for end in (least, greatest)])
        sure, possible = np.ones(least.shape[1]), np.ones(least.shape[1])
        if column < self.weights[k].shape[1] - 1:
            sure, possible = (end[column] >= 0 for end in self.ends[k - 1])
        low, high = (sure, possible) if here >= 0 else (possible, sure)
        return np.concatenate([(here * low - least).ravel(), (here * high - greatest).ravel()])

    def _costs(self, k: int, neurons: Ints, column: int, points: Floats) -> Floats:
        result = np.full(len(points), np.inf)
        size = max(1, MOST_AT_ONCE // (2 * self.a[k].size))
        for first in range(0, len(points), size):
            if self.is_over():
                break
            some = points[first : first + size]
            stack = np.repeat(self.weights[k][None], len(some), axis=0)
            stack[:, neurons, column] = some[:, None]
            ends = self._ends(k, stack, self.ends[k - 1] if k else None)
            for layer in range(k + 1, len(self.weights)):
                ends = self._ends(layer, self.weights[layer], ends)
            result[first : first + size] = worst_losses(self.search_problem.samples, *(end >= 0 for end in ends)).sum(axis=-1)
        return result


def worst_losses(samples: MergedSamples, sure: Mask, possible: Mask) -> Floats:
    """The loss of each merged sample, (…, G), that output bits (…, K, G) which are surely and possibly on leave open."""
    if LOSSES[samples.loss].per_bit or len(samples.on) == 1:
        open_ = np.where(possible, samples.on, 0.0) + np.where(sure, 0.0, samples.off)
        return np.asarray(open_.sum(axis=-2))
    result = np.broadcast_to(samples.class_costs.sum(axis=0), (*sure.shape[:-2], sure.shape[-1])).copy()
    for label, class_costs in enumerate(samples.class_costs):
        worst = possible.copy()
        worst[..., label, :] = sure[..., label, :]
        right = worst.argmax(axis=-2) == label
        if LOSSES[samples.loss].whole_code:
            right &= sure[..., label, :] & (worst.sum(axis=-2) == 1)
        result -= np.where(right, class_costs, 0.0)
    return result
