"""A network on its way down: one neuron after another, each weight's line searched exactly, no move to a worse objective.

Source  docs/models.md 4.1, ours. A sweep visits all neurons of all layers in random order. Of a neuron all weights are
        tried, a few at a time or all a few times, and the best point is taken, of equals one at random:
        that walks the plateaus. Only samples whose loss the neuron decides are looked at, and above it only those that change.
        Of a wide layer a neuron that decides none is drawn anew. Two sweeps without improvement end the descent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.draw import RandomStream
from bdnnlang.search.hyperplanes import random_neurons
from bdnnlang.search.moves import FEW, WeightRange, breakpoints, candidates, inputs_of, random_minimum
from bdnnlang.search.neuron import MovingNeuron, scale
from bdnnlang.search.required.support import Signs
from bdnnlang.search.required.tallies import Values
from bdnnlang.search.search_problem import SearchProblem

MOST_AT_ONCE = 200_000  # breakpoints in one sort, which takes about 50 ms
MOST_LISTED = 30_000  # pre-activations at once
BLOCK = 16  # weights of which the best move is taken
FEW_DECIDED = 0.25  # of the samples
FEW_NEURONS = 4  # of a layer
STALLED = 2  # sweeps without improvement
LEAST_SHARE = 1e-6  # an improvement by less than this share is none


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
        self.tallies: Floats | None = None  # (R, G), what requirements on predictions count …
        self.excess = 0.0  # … and charge
        self.refresh(0)

    @property
    def objective(self) -> float:
        code = self.search_problem.code_price
        return self.loss + self.price + self.charge + (0.0 if code is None else code.beyond(self.weights))

    @property
    def charge(self) -> float:
        """For what comes before the loss: samples that have to be stable, and requirements on predictions."""
        return self.robustness_penalty + self.excess

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
        if (limits := self.search_problem.tally_limits) is not None:
            self.tallies = limits.tallies(self.fires[-1])
            self.excess = float(limits.excess(self.tallies.sum(axis=1)))

    def _price(self, layer: Floats) -> float:
        return float(self.search_problem.price(layer.T, np.arange(layer.shape[1]), layer.shape[1] - 1).sum())

    def costs_above(self, k: int, a: Floats) -> Floats:
        """The loss (…,), and what requirements on predictions charge, that follow from pre-activations (…, d_k, G) of layer k."""
        for layer, inputs in zip(self.weights[k + 1 :], self.inputs[k + 1 :], strict=True):
            a = layer[:, :-1] @ (a >= 0).astype(np.float64) + (layer[:, -1:] + inputs.slack)
        losses = self.search_problem.samples.losses(a >= 0).sum(axis=-1)
        limits = self.search_problem.tally_limits
        return np.asarray(losses if limits is None else losses + limits.excess(limits.tallies(a >= 0).sum(axis=-1)))

    def flipped(self, k: int, neuron: int) -> tuple[Floats, Floats | None]:
        """With the other value of one neuron on every sample the losses (G,), and what requirements count (R, G)."""
        samples, bits = self._flipped(k, neuron)
        losses = self.losses.copy()
        losses[samples] = self.search_problem.samples.losses(bits, samples)
        if (limits := self.search_problem.tally_limits) is None or self.tallies is None:
            return losses, None
        tallies = self.tallies.copy()
        tallies[:, samples] = limits.tallies(bits, samples)
        return losses, tallies

    def _flipped(self, k: int, neuron: int) -> tuple[Ints | slice, Mask]:
        """The samples whose output bits change with it, or all, and these bits (K, …)."""
        if k + 1 == len(self.weights):
            bits = self.fires[k].copy()
            bits[neuron] = ~bits[neuron]
            return slice(None), bits
        outgoing = self.weights[k + 1][:, neuron]
        some = outgoing.nonzero()[0]  # the neurons above that see it
        change = np.where(self.fires[k][neuron], -1.0, 1.0)
        moved = self.a[k + 1][some] + outgoing[some, None] * change >= 0
        samples = (moved != self.fires[k + 1][some]).any(axis=0).nonzero()[0]
        bits = self.fires[k + 1][:, samples]
        bits[some] = moved[:, samples]
        for layer in range(k + 2, len(self.weights)):
            bits = self._sums(layer, bits.astype(np.float64)) >= 0
            differs = (bits != self.fires[layer][:, samples]).any(axis=0)
            samples, bits = samples[differs], bits[:, differs]
        return samples, bits

    def _sums(self, k: int, below: Floats) -> Floats:
        """Pre-activations (d_k, …) of a layer that is not the first, for activations (d_{k-1}, …)."""
        layer = self.weights[k]
        return layer[:, :-1] @ below + (layer[:, -1:] + self.inputs[k].slack)

    def improve(self, k: int, neuron: int | None, rng: RandomStream) -> int:
        """Move all weights of a neuron, or the bias that its layer shares (None); how many lines were searched."""
        allowed = self.search_problem.layers[k]
        if neuron is None:
            assert allowed.bias is not None
            self._try(k, np.arange(len(self.a[k])), allowed.bias, None, rng)
            return 1
        if k == 0 and self.search_problem.delta is not None:
            count = self._try_each(k, neuron, rng)
            if allowed.scale_free and scale(self.weights[k][neuron]):  # or it grows without end
                self.a[k][neuron] = self.inputs[k].sums(self.weights[k][neuron])
            return count
        return self._search(k, neuron, rng)

    # ---- lines of a neuron whose two values have a loss each

    def _search(self, k: int, neuron: int, rng: RandomStream) -> int:
        """Of blocks of weights the best move each, on the samples whose loss the neuron decides; how many lines."""
        fires, allowed = self.fires[k][neuron], self.search_problem.layers[k]
        flipped, counted = self.flipped(k, neuron)
        silent, firing = np.where(fires, flipped, self.losses), np.where(fires, self.losses, flipped)
        gain = firing - silent
        if self._may_be_any(k) and not gain.any():
            self._redraw(k, neuron, rng)
            return sum(len(part.rows) for part in allowed.parts)
        values = self._values(fires, counted)
        some = self._looked_at(k, gain if values is None else np.abs(gain) + np.abs(values.gain).sum(axis=0))
        seen = slice(None) if some is None else some
        moving = MovingNeuron(
            self.search_problem,
            self.inputs[k],
            some,
            self.weights[k][neuron].copy(),
            self.a[k][neuron, seen],
            float(silent.sum()),
            gain[seen],
            None if values is None else values.on(seen),
            self._allowed(k, neuron),
        )
        count = 0
        for part in allowed.parts:
            for block in _blocks(part, 1 if moving.inputs.binary else len(moving.gain), rng):
                if self.is_over():
                    break
                moving.move(block, rng)
            else:
                count += len(part.rows)
        if allowed.scale_free:
            scale(moving.weights)
        self._accept(k, neuron, moving, silent, firing, values)
        return count

    def _values(self, fires: Mask, flipped: Floats | None) -> Values | None:
        """What requirements count with both values of a neuron."""
        limits = self.search_problem.tally_limits
        if limits is None or flipped is None or self.tallies is None:
            return None
        return Values(limits, np.where(fires, flipped, self.tallies), np.where(fires, self.tallies, flipped))

    def _allowed(self, k: int, neuron: int) -> Callable[[Floats], Signs] | None:
        """Which signs the weights of a neuron may have, by what they are; None: any."""
        if (support := self.search_problem.support) is None:
            return None
        weights = [layer.copy() if layer is self.weights[k] else layer for layer in self.weights]

        def allowed(own: Floats) -> Signs:
            weights[k][neuron] = own
            return support.allowed(weights, k, neuron)

        return allowed

    def _looked_at(self, k: int, gain: Floats) -> Ints | None:
        """Samples whose loss the neuron decides; None, all, where it decides none.

        Real weights keep the breakpoints of the others, too, unless these are most: plateaus in more pieces are walked farther.
        """
        decided = gain.nonzero()[0]
        few = len(decided) < FEW_DECIDED * len(gain) or not self.search_problem.layers[k].weights.is_real
        return decided if few and len(decided) else None

    def _may_be_any(self, k: int) -> bool:
        """Is a neuron of this layer that decides nothing one of many below others, and costs no weight anything?

        One of a few walks at random.
        """
        is_free = not (self.search_problem.penalties or self.search_problem.is_required)
        return is_free and k + 1 < len(self.weights) and len(self.weights[k]) > FEW_NEURONS

    def _redraw(self, k: int, neuron: int, rng: RandomStream) -> None:
        """A neuron that decides no sample may be any other: perhaps one that the neurons above can use."""
        rows = self.search_problem.layers[k].rows
        drawn = random_neurons(self.search_problem, k, self.inputs[k], 1, rng)[0]
        self.weights[k][neuron, rows] = drawn[rows]
        self.a[k][neuron] = self.inputs[k].sums(self.weights[k][neuron])
        self._propagate(k, neuron, self.a[k][neuron] >= 0)

    def _accept(self, k: int, neuron: int, moving: MovingNeuron, silent: Floats, firing: Floats, values: Values | None) -> None:
        """Take the weights of a neuron that has moved, unless a piece was too narrow for floats."""
        a = self.inputs[k].sums(moving.weights)
        losses = np.where(a >= 0, firing, silent)
        loss = float(losses.sum())
        tallies, excess = (None, 0.0) if values is None else values.at(a >= 0)
        if loss + moving.price + excess > self.loss + self.excess + self.search_problem.equal:
            return
        self.tallies, self.excess = tallies, excess
        self.weights[k][neuron], self.a[k][neuron] = moving.weights, a
        self.price += moving.price
        self.losses, self.loss = losses, loss
        self._propagate(k, neuron, a >= 0)

    def _propagate(self, k: int, neuron: int, fires: Mask) -> None:
        """What follows in the layers above from the activations of one neuron, where they are new."""
        samples = (fires != self.fires[k][neuron]).nonzero()[0]
        self.fires[k][neuron] = fires
        if k + 1 == len(self.weights) or not len(samples):
            return
        self.inputs[k + 1].values[neuron] = fires
        outgoing = self.weights[k + 1][:, neuron, None]
        if not outgoing.any():
            return
        if self.search_problem.layers[k + 1].adds_exactly:
            a = self.a[k + 1][:, samples] + outgoing * np.where(fires[samples], 1.0, -1.0)
        else:
            a = self._sums(k + 1, self.inputs[k + 1].values[:-1, samples])
        for layer in range(k + 1, len(self.weights)):
            if layer > k + 1:
                a = self._sums(layer, self.inputs[layer].values[:-1, samples])
            self.a[layer][:, samples] = a
            bits = a >= 0
            differs = (bits != self.fires[layer][:, samples]).any(axis=0)
            samples, bits = samples[differs], bits[:, differs]
            self.fires[layer][:, samples] = bits
            if layer + 1 < len(self.weights):
                self.inputs[layer + 1].values[:-1, samples] = bits

    # ---- values one by one, where a weight moves several neurons, or samples have to be stable

    def _try_each(self, k: int, neuron: int, rng: RandomStream) -> int:
        """One weight of a neuron after another, in random order; how many until time is up."""
        count, allowed = 0, self._allowed(k, neuron)
        for part in self.search_problem.layers[k].parts:
            for row in rng.order(len(part.rows)):
                if self.is_over():
                    return count
                self._try(k, np.array([neuron]), part.take(row[None]), allowed, rng)
                count += 1
        return count

    def _try(
        self, k: int, neurons: Ints, allowed: WeightRange, signs: Callable[[Floats], Signs] | None, rng: RandomStream
    ) -> None:
        """Take the best of some values of one weight, the same for all `neurons`; `signs`: which it may have."""
        layer, column = self.weights[k], int(allowed.rows[0])
        points = candidates(self._breaks(k, neurons, column), allowed, rng)
        if signs is not None:
            positive, negative = (sign[column] for sign in signs(layer[neurons[0]]))
            points = points[(positive | ~(points > 0)) & (negative | ~(points < 0))]
        prices = self.search_problem.price(points[None], allowed.rows, layer.shape[1] - 1)[0] * len(neurons)
        prices -= float(self.search_problem.price(layer[neurons[:1], column], allowed.rows, layer.shape[1] - 1)[0]) * len(neurons)
        most = self.loss + self.charge + self.search_problem.equal
        at = random_minimum(self._costs(k, neurons, column, points) + prices, most, rng)
        if at is None:
            return
        before = layer[neurons[0], column]
        layer[neurons, column] = points[at]
        self.refresh(k)
        self.price += float(prices[at])
        if self.loss + self.charge + prices[at] > most:
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
        values, here = inputs.values[column], self.weights[k][neurons[:1], column]
        return np.concatenate([breakpoints(values, here, side).ravel() for side in sides])

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
            result[first : first + size] = robustness_penalty + self.costs_above(k, a)
        return result


def _blocks(part: WeightRange, samples: int, rng: RandomStream) -> Iterator[WeightRange]:
    """The rows that each move of a part chooses from: all, or if these are too many at once, blocks in random order."""
    rows = len(part.rows)
    count = max(-(-rows // BLOCK), -(-rows * samples // MOST_AT_ONCE))
    values = np.inf if part.points is None or len(part.points) > FEW else len(part.points)
    if count == 1 or rows * samples * values <= MOST_LISTED:
        yield from [part] * count
        return
    order = rng.order(rows)
    for number in range(count):
        yield part.take(order[number::count])


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
