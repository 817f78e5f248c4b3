"""A network on its way down: one neuron after another, each weight's line searched exactly, no move to a worse objective.

Source  docs/models.md 4.1, ours. A sweep visits all neurons of all layers in random order. Of a neuron all weights are
        tried, in blocks of a few in random order, and the best point of a block is taken, of equals one at random: that walks the
        plateaus. Two sweeps without improvement end the descent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Interval, LayerSpec, Penalty, Thresholds, WeightDomain
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.search.merged_samples import MergedSamples
from bdnnlang.search.moves import SCALED, Inputs, WeightRange, candidates, inputs_of, lines, weight_range

MOST_AT_ONCE = 200_000  # breakpoints in one sort, which takes about 50 ms
BLOCK = 16  # weights of which the best move is taken
STALLED = 2  # sweeps without improvement
LEAST_SHARE = 1e-6  # an improvement by less than this share is none


@dataclass(frozen=True, eq=False)
class LayerRange:
    """Where the weights and biases of one layer may lie."""

    weights: WeightRange
    bias: WeightRange | None  # None: it is 0
    shared: bool  # by all neurons
    scale_free: bool  # a neuron may be scaled as one likes

    @cached_property
    def parts(self) -> tuple[WeightRange, ...]:
        """What a neuron has of its own, in as few ranges as can be."""
        w, b = self.weights, self.bias
        if b is None or self.shared:
            return (w,)
        if w.is_real and b.is_real:
            rows = np.concatenate([w.rows, b.rows])
            return (WeightRange(rows, np.concatenate([w.lower, b.lower]), np.concatenate([w.upper, b.upper])),)
        return (w, b)


def layer_range(layer: LayerSpec, inputs: int, width: int, thresholds: Thresholds, *, scales: bool) -> LayerRange:
    """`scales`: does the objective take no notice of the scale of a neuron?"""
    shared = thresholds == "per_layer" and width > 1
    scale_free = scales and not shared and _holds_0(layer.weights) and (thresholds == "zero" or _holds_0(layer.biases))
    weights = weight_range(np.arange(inputs), layer.weights, scale_free=scale_free)
    bias = None if thresholds == "zero" else weight_range(np.array([inputs]), layer.biases, scale_free=scale_free)
    return LayerRange(weights, bias, shared and bias is not None, scale_free)


def _holds_0(domain: WeightDomain | None) -> bool:
    return domain is None or (isinstance(domain, Interval) and domain.lower <= 0 <= domain.upper)


@dataclass(frozen=True, slots=True, eq=False)
class SearchProblem:
    """What a descent does not change."""

    samples: MergedSamples
    inputs: Inputs  # of the first layer: the features without `centre`
    centre: Floats  # (n,)
    layers: tuple[LayerRange, ...]
    penalties: tuple[Penalty, ...] = ()
    delta: PerturbationSet | None = None
    certified: bool = False  # within `delta` nothing is demanded, and the loss is what intervals leave open

    @property
    def equal(self) -> float:
        """Objectives that lie no further apart are equal."""
        return 1e-9 * (1.0 + self.samples.total)

    def price(self, values: Floats, rows: Ints, bias: int) -> Floats:
        """Of each of the values (q, …) of weights in some rows, where `bias` is the bias's."""
        is_weight = (rows != bias).reshape(-1, *(1,) * (values.ndim - 1))
        result = np.zeros(values.shape)
        for penalty in self.penalties:
            if penalty.kind == "l2":
                result += penalty.factor * values**2
            else:
                result += penalty.factor * is_weight * (np.abs(values) if penalty.kind == "l1" else values != 0)
        return result

    def robustness_penalty(self, unstable: Mask) -> Floats:
        """More than any loss for each of the samples (…, G) that a change can move, (…,): these come first."""
        return np.asarray(4.0 * (1.0 + self.samples.total) * unstable.sum(axis=-1))

    def unstable(self, weights: Floats, a: Floats) -> Mask:
        """Samples (…, G) for which a change within the set moves some neuron of the first layer (…, d, p); a is (…, d, G)."""
        if self.delta is None:
            return np.zeros((*a.shape[:-2], 1), dtype=bool)
        fall, rise = self.preactivation_change(weights)
        return np.asarray(~np.where(a >= 0, a >= fall, a + rise < 0).all(axis=-2))

    def preactivation_change(self, weights: Floats) -> tuple[Floats, Floats]:
        """How far pre-activations fall and rise over the set, both (…, d, G or 1)."""
        if self.delta is None:
            return np.zeros((1, 1)), np.zeros((1, 1))
        flat = weights[..., :-1].reshape(-1, weights.shape[-1] - 1)
        fall, rise = self.delta.preactivation_change(flat, self.samples.x)
        return fall.T.reshape(*weights.shape[:-1], -1), rise.T.reshape(*weights.shape[:-1], -1)


class SearchState:
    """A network, with its activations on all samples. Layers are numbered from 0 here, biases are the last column."""

    def __init__(
        self, search_problem: SearchProblem, weights: Sequence[Floats], is_over: Callable[[], bool] = lambda: False
    ) -> None:
        """`is_over` is asked before every long calculation."""
        self.search_problem = search_problem
        self.is_over = is_over
        self.weights = [layer.copy() for layer in weights]  # (d_k, d_{k-1} + 1)
        self.inputs = [search_problem.inputs]
        self.a: list[Floats] = []  # (d_k, G)
        self.fires: list[Mask] = []  # (d_k, G)
        self.price = sum(self._price(layer) for layer in self.weights)
        self.refresh(0)

    @property
    def objective(self) -> float:
        return self.loss + self.price + self.robustness_penalty

    def refresh(self, k: int) -> None:
        """Evaluate the network from layer k on."""
        del self.inputs[k + 1 :], self.a[k:], self.fires[k:]
        for layer in self.weights[k:]:
            self.a.append(self.inputs[-1].sums(layer))
            self.fires.append(self.a[-1] >= 0)
            if len(self.a) < len(self.weights):
                self.inputs.append(inputs_of(self.fires[-1]))
        if k == 0:
            self.robustness_penalty = float(
                self.search_problem.robustness_penalty(self.search_problem.unstable(self.weights[0], self.a[0]))
            )
        self.losses = self.search_problem.samples.losses(self.fires[-1])  # (G,)
        self.loss = float(self.losses.sum())

    def _price(self, layer: Floats) -> float:
        return float(self.search_problem.price(layer.T, np.arange(layer.shape[1]), layer.shape[1] - 1).sum())

    def losses_above(self, k: int, a: Floats) -> Floats:
        """The losses (…, G) that follow from pre-activations (…, d_k, G) of layer k."""
        for layer, inputs in zip(self.weights[k + 1 :], self.inputs[k + 1 :], strict=True):
            a = layer[:, :-1] @ (a >= 0).astype(np.float64) + (layer[:, -1:] + inputs.slack)
        return self.search_problem.samples.losses(a >= 0)

    def flipped(self, k: int, neuron: int) -> Floats:
        """The losses (G,) with the other value of one neuron on every sample."""
        if k + 1 == len(self.weights):
            bits = self.fires[k].copy()
            bits[neuron] = ~bits[neuron]
            return self.search_problem.samples.losses(bits)
        change = np.where(self.fires[k][neuron], -1.0, 1.0)
        return self.losses_above(k + 1, self.a[k + 1] + self.weights[k + 1][:, neuron, None] * change)

    def improve(self, k: int, neuron: int | None, rng: RandomStream) -> int:
        """Move all weights of a neuron, or the bias that its layer shares (None); how many lines were searched."""
        allowed = self.search_problem.layers[k]
        if neuron is None:
            assert allowed.bias is not None
            self._try(k, np.arange(len(self.a[k])), allowed.bias, rng)
            return 1
        if k == 0 and self.search_problem.delta is not None:
            for part in allowed.parts:
                for row in rng.order(len(part.rows)):
                    self._try(k, np.array([neuron]), part.take(row[None]), rng)
            if allowed.scale_free:  # or it grows without end
                self._scale(k, neuron)
        else:
            self._search(k, neuron, rng)
        return sum(len(part.rows) for part in allowed.parts)

    # ---- lines of a neuron whose two values have a loss each

    def _search(self, k: int, neuron: int, rng: RandomStream) -> None:
        """Of blocks of weights the best move each."""
        fires, flipped = self.fires[k][neuron], self.flipped(k, neuron)
        silent = np.where(fires, flipped, self.losses)
        gain = np.where(fires, self.losses - flipped, flipped - self.losses)
        for part in self.search_problem.layers[k].parts:
            for block in _blocks(part, len(gain), rng):
                if not self.is_over():
                    self._move(k, neuron, block, silent, gain, rng)
        if self.search_problem.layers[k].scale_free:
            self._scale(k, neuron)
        self._propagate(k, neuron, silent + gain * (self.a[k][neuron] >= 0))

    def _move(self, k: int, neuron: int, allowed: WeightRange, silent: Floats, gain: Floats, rng: RandomStream) -> None:
        """Take the best point on the lines of the weights of `own`, of equals one at random, unless all are worse."""
        weights, inputs, a = self.weights[k][neuron], self.inputs[k], self.a[k][neuron]
        here, bias = weights[allowed.rows], len(weights) - 1
        found = lines(inputs, allowed, here, a, silent, gain, zeros=bool(self.search_problem.penalties))
        prices = (
            self.search_problem.price(found.points, allowed.rows, bias)
            - self.search_problem.price(here, allowed.rows, bias)[:, None]
        )
        most = float(silent.sum() + gain @ (a >= 0)) + self.search_problem.equal
        at = random_minimum(found.losses + prices, most, rng)
        if at is None:
            return
        row = allowed.rows[at // prices.shape[1]]
        before, weights[row] = weights[row], found.points.flat[at]
        moved = inputs.sums(weights)
        if silent.sum() + gain @ (moved >= 0) + prices.flat[at] > most:  # the piece was too narrow for floats
            weights[row] = before
            return
        self.a[k][neuron] = moved
        self.price += float(prices.flat[at])

    def _scale(self, k: int, neuron: int) -> None:
        """Bring the largest weight near 1, which changes no activation."""
        weights = self.weights[k][neuron]
        largest = float(np.abs(weights).max())
        if largest > SCALED or 0 < largest < 0.25:
            weights /= 2.0 ** np.rint(np.log2(largest))
            self.a[k][neuron] = self.inputs[k].sums(weights)

    def _propagate(self, k: int, neuron: int, losses: Floats) -> None:
        """What follows from new pre-activations of one neuron, and the losses with them."""
        fires = self.a[k][neuron] >= 0
        if (fires == self.fires[k][neuron]).all():
            return
        self.fires[k][neuron] = fires
        if k + 1 < len(self.weights):
            self.inputs[k + 1].put(neuron, fires)
            self.refresh(k + 1)
        else:
            self.losses, self.loss = losses, float(losses.sum())

    # ---- values one by one, where a weight moves several neurons, or samples have to be stable

    def _try(self, k: int, neurons: Ints, allowed: WeightRange, rng: RandomStream) -> None:
        """Take the best of some values of one weight, the same for all `neurons`."""
        layer, column = self.weights[k], int(allowed.rows[0])
        points = candidates(self._breaks(k, neurons, column), allowed, rng)
        prices = self.search_problem.price(points[None], allowed.rows, layer.shape[1] - 1)[0] * len(neurons)
        prices -= float(self.search_problem.price(layer[neurons[:1], column], allowed.rows, layer.shape[1] - 1)[0]) * len(neurons)
        most = self.loss + self.robustness_penalty + self.search_problem.equal
        at = random_minimum(self._costs(k, neurons, column, points) + prices, most, rng)
        if at is None:
            return
        before = layer[neurons[0], column]
        layer[neurons, column] = points[at]
        self.refresh(k)
        self.price += float(prices[at])
        if self.loss + self.robustness_penalty + prices[at] > most:
            layer[neurons, column] = before
            self.refresh(k)
            self.price -= float(prices[at])

    def _breaks(self, k: int, neurons: Ints, column: int) -> Floats:
        """Where one of the neurons changes on some sample, or in robust training on some change of it: (…,)."""
        inputs = self.inputs[k]
        a = self.a[k][neurons] - inputs.slack
        sides = [a]
        if k == 0 and self.search_problem.delta is not None:
            fall, rise = self.search_problem.preactivation_change(self.weights[0][neurons])
            sides += [a - fall, a + rise]
        here = self.weights[k][neurons[0], column] + inputs.never[column]
        return np.concatenate([(here - side * inputs.inverse[column]).ravel() for side in sides])

    def _costs(self, k: int, neurons: Ints, column: int, points: Floats) -> Floats:
        """Loss and robustness penalty with each of the values (C,) of one weight; ∞ where there was no time left to look."""
        result = np.full(len(points), np.inf)
        size = max(1, MOST_AT_ONCE // self.a[k].size)
        for first in range(0, len(points), size):
            if self.is_over():
                break
            some = points[first : first + size]
            stack = np.repeat(self.weights[k][None], len(some), axis=0)
            stack[:, neurons, column] = some[:, None]
            a = self.inputs[k].sums(stack)
            robustness_penalty = (
                self.search_problem.robustness_penalty(self.search_problem.unstable(stack, a))
                if k == 0
                else self.robustness_penalty
            )
            result[first : first + size] = robustness_penalty + self.losses_above(k, a).sum(axis=-1)
        return result


def _blocks(part: WeightRange, samples: int, rng: RandomStream) -> Iterator[WeightRange]:
    """All rows of a part, or if they are too many for one sort, some after another in random order."""
    size = max(1, min(BLOCK, MOST_AT_ONCE // samples))
    count = -(-len(part.rows) // size)
    if count == 1:
        yield part
        return
    order = rng.order(len(part.rows))
    for number in range(count):
        yield part.take(order[number::count])


def random_minimum(values: Floats, most: float, rng: RandomStream) -> int | None:
    """The flat index of a least value, of equals one at random; None if all are above `most`."""
    least = float(values.min(initial=np.inf))
    if not least <= most:
        return None
    ties = np.flatnonzero(values <= least + 1e-9 * (1.0 + abs(least)))
    return int(ties[rng.below(len(ties))])


def descend(state: SearchState, rng: RandomStream, sweeps: int | None, least: float, most: float = np.inf) -> int:
    """Sweep until two sweeps bring nothing, `sweeps` are done, or the objective is `least`; how many lines were searched.

    Once these are `most` there are no more.
    """
    widths = [len(layer) for layer in state.weights]
    places: list[tuple[int, int | None]] = [(k, neuron) for k, width in enumerate(widths) for neuron in range(width)]
    places += [(k, None) for k, layer in enumerate(state.search_problem.layers) if layer.shared]
    count = stalled = swept = 0
    while stalled < STALLED and (sweeps is None or swept < sweeps):
        before = state.objective
        for at in rng.order(len(places)):
            if count >= most or state.is_over() or state.objective <= least + state.search_problem.equal:
                return count
            k, neuron = places[at]
            count += state.improve(k, neuron, rng)
        stalled = stalled + 1 if state.objective > before - LEAST_SHARE * (1.0 + abs(before)) else 0
        swept += 1
    return count
