"""A few rows on which a network answers as it should, and as no network with a small mistake in it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Ints, Mask
from bdnnlang.device import many
from bdnnlang.device.many import Numbers
from bdnnlang.device.whole import Neuron, WholeNetwork

_PLAIN = 256  # rows drawn as they come
_NEAR = 24  # rows by each neuron of the first layer that are moved to its threshold, and as many to one below
_LARGEST = 1 << 25  # of the table of mistakes and rows, which more mistakes make shorter
_VALUES = 300  # that a column is tried at


@dataclass(frozen=True, slots=True)
class Vectors:
    """Readings (m, n) and their classes; how many single mistakes are noticed, and how many more no row tried notices."""

    rows: Ints
    classes: tuple[int, ...]
    noticed: int
    unnoticed: int


def golden_vectors(network: WholeNetwork, seed: int = 1) -> Vectors:
    """Few rows that notice each mistake that any of the rows tried notices: a weight one more or less, negated, left out or on
    the next input, a threshold one more or less. They lie on or one below thresholds, where a mistake shows.
    """
    rng = np.random.default_rng(seed)
    rows = np.concatenate([draw(network, _PLAIN, rng), near_ties(network, _NEAR, rng)])
    mistakes = sum(5 * len(neuron.weights) + 2 for layer in network.layers for neuron in layer)
    rows = rng.permutation(np.unique(rows, axis=0))[: max(64, _LARGEST // max(mistakes, 1))]
    shown = np.concatenate(list(_noticed(network, rows)))
    chosen = _cover(shown) or [0]  # a network that always says the same has an answer, too
    found = int(shown.any(axis=1).sum())
    kept = rows[chosen]
    return Vectors(kept, tuple(many.predict(network, kept).tolist()), found, len(shown) - found)


def draw(network: WholeNetwork, number: int, rng: np.random.Generator) -> Ints:
    """Random readings (number, n) within the declared ranges."""
    columns = [rng.integers(r.lower, r.upper, number, endpoint=True) for r in network.readings]
    return np.stack(columns, axis=1)


def near_ties(network: WholeNetwork, number: int, rng: np.random.Generator) -> Ints:
    """Random readings, moved so that a neuron of the first layer is just on, or just off."""
    found = [np.zeros((0, len(network.readings)), dtype=np.int64)]
    for neuron in network.layers[0]:
        for above in (True, False):
            found.append(_moved(network, neuron, draw(network, number, rng), above, rng))
    return np.concatenate(found)


def _moved(network: WholeNetwork, neuron: Neuron, rows: Ints, above: bool, rng: np.random.Generator) -> Ints:
    """The rows, one column after another set to where the neuron's sum is nearest to its threshold, from above or below."""
    terms: dict[int, list[tuple[int, int]]] = {}
    for place, weight in neuron.weights:
        terms.setdefault(network.signals[place].reading, []).append((place, weight))
    total = many.sums([neuron], many.signals(network, rows))[:, 0]
    for column in rng.permutation(list(terms)).astype(int).tolist():
        values = _values(network, column, rng)
        others = total - _part(network, terms[column], rows[:, column])
        added = _part(network, terms[column], values)
        distance = others[:, None] + added - neuron.threshold  # (rows, values)
        distance = distance if above else -1 - distance
        beyond = distance.max() + 1 - distance  # worse than all on the right side, and the worse the farther off
        best = np.where(distance >= 0, distance, beyond).argmin(axis=1)
        rows[:, column], total = values[best], others + added[best]
    return rows


def _part(network: WholeNetwork, terms: Sequence[tuple[int, int]], r: Ints) -> Numbers:
    """What the signals of a column add to a sum, of its readings (m,)."""
    values = np.stack([many.signal_values(network, network.signals[place], r) for place, _ in terms], axis=1)
    return many.sums([Neuron(tuple((k, weight) for k, (_, weight) in enumerate(terms)), 0)], values)[:, 0]


def _values(network: WholeNetwork, column: int, rng: np.random.Generator) -> Ints:
    """Of a column: all, or of many some."""
    reading = network.readings[column]
    if reading.upper - reading.lower < _VALUES:
        return np.arange(reading.lower, reading.upper + 1)
    return np.unique(rng.integers(reading.lower, reading.upper, _VALUES, endpoint=True))


def _noticed(network: WholeNetwork, rows: Ints) -> Iterator[Mask]:
    """Of each mistake on which rows it changes the class: (mistakes, m) for one neuron after another."""
    inputs: Numbers = many.signals(network, rows)
    right = many.predict(network, rows)
    for place, layer in enumerate(network.layers):
        total, behind = many.sums(layer, inputs), network.layers[place + 1 :]
        on = many.reached(layer, total)
        for k, neuron in enumerate(layer):
            flipped = on.copy()
            flipped[:, k] ^= 1
            matters = many.decide(many.after(behind, flipped)) != right
            wrong = (total[:, k] + _changes(neuron, inputs) >= neuron.threshold) != (on[:, k] == 1)
            yield np.asarray(wrong & matters, dtype=bool)
        inputs = on


def _changes(neuron: Neuron, inputs: Numbers) -> Numbers:
    """What each mistake adds to the neuron's sum, (mistakes, m)."""
    after: list[Numbers] = [np.ones(len(inputs), dtype=np.int64), -np.ones(len(inputs), dtype=np.int64)]
    for place, weight in neuron.weights:
        x = inputs[:, place].astype(np.int64)
        beside = inputs[:, (place + 1) % inputs.shape[1]].astype(np.int64)
        after += [x, -x, -weight * x, -2 * weight * x, weight * (beside - x)]
    return np.stack(after)


def _cover(shown: Mask) -> Sequence[int]:
    """Rows that together notice all that any row notices: always the one that notices most of what is left."""
    left, chosen = shown[shown.any(axis=1)], []
    while len(left):
        best = int(left.sum(axis=0).argmax())
        chosen.append(best)
        left = left[~left[:, best]]
    return chosen
