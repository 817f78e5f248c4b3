"""A smaller network with the same class for every reading in the declared ranges.

Each step is exact, and says why:
- A neuron whose least sum reaches its threshold is 1, one whose greatest sum does not is 0 (`width.py` knows both ends).
- An input of a neuron has no effect where no sum of the others lies so near the threshold that it decides: all sums that the
  others can have are listed, as the bits of a whole number.
- Two neurons are the same function, or opposite ones, if their rows are and no sum lies between their thresholds.
- A neuron of the last hidden layer has no effect if the class is the same with and without it for each of the patterns of the
  others; all are tried where there are few.
- What nothing reads is left out, and a constant becomes part of the thresholds that read it. Readings stay, as a device has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from bdnnlang.device import many
from bdnnlang.device.fold import neuron
from bdnnlang.device.reachable import inputs_that_matter, least_sum_from
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, Signal, WholeNetwork
from bdnnlang.device.width import sum_range

MOST_TRIED = 12  # neurons of a layer all of whose patterns are tried


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands for a neuron: sign · (a neuron of its layer) + constant; sign 0: the constant alone."""

    place: int
    sign: int
    constant: int


def live_weights(network: WholeNetwork) -> int:
    """How many weights there are."""
    return sum(len(one.weights) for layer in network.layers for one in layer)


def simplified(network: WholeNetwork) -> WholeNetwork:
    """The smallest network that these steps lead to."""
    while True:
        smaller = _without_unread(_merged(_reduced(_trimmed(network))))
        if smaller == network:
            return network
        network = smaller


# ---- signals


def _trimmed(network: WholeNetwork) -> WholeNetwork:
    """Each signal once, without bounds that no reading passes, and those that each one passes."""
    trimmed = [_trim(signal, network.readings[signal.reading]) for signal in network.signals]
    signals = list(dict.fromkeys(signal for signal, _ in trimmed if signal is not None))
    reads = {
        place: (0, 0, constant) if signal is None else (signals.index(signal), 1, constant)
        for place, (signal, constant) in enumerate(trimmed)
    }
    first = tuple(_read(one, reads) for one in network.layers[0])
    return replace(network, signals=tuple(signals), layers=(first, *network.layers[1:]))


def _trim(signal: Signal, reading: Reading) -> tuple[Signal | None, int]:
    """What is added to a signal to be that signal; None: the constant is all of it."""
    match signal:
        case Count():
            return (
                (signal, 0) if reading.lower < reading.upper else (None, 0 if reading.lower == reading.missing else reading.lower)
            )
        case Equals(_, value):
            return (signal, 0) if reading.lower <= value <= reading.upper else (None, 0)
        case AtLeast(_, bound):
            bounds: tuple[int, ...] = (bound,)
        case Level():
            bounds = signal.bounds
        case _:
            assert_never(signal)
    kept = tuple(bound for bound in bounds if bound <= reading.last)
    below = 0 if reading.missing is not None else sum(bound <= reading.first for bound in kept)
    kept = kept[below:]
    if len(kept) > 1:
        return Level(signal.reading, kept), below
    return (AtLeast(signal.reading, kept[0]), below) if kept else (None, below)


# ---- neurons


def _reduced(network: WholeNetwork) -> WholeNetwork:
    """Each neuron alone: constants, and inputs without effect."""
    layers = tuple(tuple(_reduce(network, k, one) for one in layer) for k, layer in enumerate(network.layers))
    return replace(network, layers=layers)


def _reduce(network: WholeNetwork, layer: int, one: Neuron) -> Neuron:
    if (constant := _constant(network, layer, one)) is not None:
        return Neuron((), 1 - constant)
    kept = inputs_that_matter(network, layer, one)
    return one if kept is one else neuron(dict(kept.weights), -kept.threshold)


def _constant(network: WholeNetwork, layer: int, one: Neuron) -> int | None:
    low, high = sum_range(network, layer, one.weights)
    return 1 if low >= one.threshold else 0 if high < one.threshold else None


def _merged(network: WholeNetwork) -> WholeNetwork:
    """What reads a constant, or a neuron equal to an earlier one, reads the constant or the earlier one instead."""
    for k in range(len(network.layers) - 1):
        stands = _stand_ins(network, k)
        if k == len(network.layers) - 2:
            stands = _without_effect(network, stands)
        reads = {place: (one.place, one.sign, one.constant) for place, one in enumerate(stands)}
        above = tuple(_read(one, reads) for one in network.layers[k + 1])
        network = replace(network, layers=(*network.layers[: k + 1], above, *network.layers[k + 2 :]))
    return network


def _stand_ins(network: WholeNetwork, layer: int) -> list[Stands]:
    """Of each neuron of a layer."""
    first: dict[tuple[object, int], tuple[int, bool]] = {}
    stands = []
    for place, one in enumerate(network.layers[layer]):
        if not one.weights:
            stands.append(Stands(place, 0, int(one.threshold <= 0)))
            continue
        is_negated = one.weights[0][1] < 0
        row = Neuron(tuple((p, -w) for p, w in one.weights), 1 - one.threshold) if is_negated else one
        earlier, earlier_is_negated = first.setdefault((row.weights, least_sum_from(network, layer, row)), (place, is_negated))
        stands.append(Stands(earlier, 1, 0) if earlier_is_negated == is_negated else Stands(earlier, -1, 1))
    return stands


def _read(one: Neuron, inputs: dict[int, tuple[int, int, int]]) -> Neuron:
    """A neuron whose input p is sign · (input q) + constant, by p."""
    weights: dict[int, int] = {}
    threshold = one.threshold
    for place, weight in one.weights:
        other, sign, constant = inputs[place]
        threshold -= weight * constant
        weights[other] = weights.get(other, 0) + weight * sign
    return neuron(weights, -threshold)


def _without_effect(network: WholeNetwork, stands: list[Stands]) -> list[Stands]:
    """The same, neurons on which no class depends as constants."""
    (last, width) = network.layers[-1], len(network.layers[-2])
    live = sorted({one.place for one in stands if one.sign})
    if len(live) > MOST_TRIED:
        return stands
    patterns = np.zeros((1 << len(live), width), dtype=np.int64)
    for bit, place in enumerate(live):
        patterns[:, place] = np.arange(len(patterns)) >> bit & 1
    values = np.stack([patterns[:, one.place] * one.sign + one.constant for one in stands], axis=1)
    classes = many.decide(many.after([last], values))
    for bit, place in enumerate(live):
        parts = classes.reshape(-1, 2, 1 << bit)  # the bit 0, the bit 1
        if (parts[:, 0] == parts[:, 1]).all():
            stands = [Stands(one.place, 0, one.constant) if one.place == place else one for one in stands]
            classes = np.repeat(parts[:, :1], 2, axis=1).reshape(-1)
    return stands


# ---- what is read


def _without_unread(network: WholeNetwork) -> WholeNetwork:
    """From the outputs down; the places of what stays move up."""
    layers = [_last(network.layers[-1])]
    for layer in reversed(network.layers[:-1]):
        used = _used(layers[0])
        layers[0] = _renumbered(layers[0], used)
        layers.insert(0, tuple(layer[place] for place in used))
    empty = max((k for k, layer in enumerate(layers) if not layer), default=-1)  # what is above it is constant
    layers = layers[empty + 1 :]
    used = [] if empty >= 0 else _used(layers[0])
    signals = tuple(network.signals[place] for place in used)
    return WholeNetwork(network.readings, signals, (_renumbered(layers[0], used), *layers[1:]), network.classes)


def _last(outputs: Sequence[Neuron]) -> tuple[Neuron, ...]:
    """Outputs behind one that is always 1 decide nothing: they are never 1."""
    always = next((k for k, one in enumerate(outputs) if not one.weights and one.threshold <= 0), len(outputs))
    return (*outputs[: always + 1], *(Neuron((), 1) for _ in outputs[always + 1 :]))


def _used(layer: Iterable[Neuron]) -> list[int]:
    return sorted({place for one in layer for place, _ in one.weights})


def _renumbered(layer: Iterable[Neuron], used: Sequence[int]) -> tuple[Neuron, ...]:
    places = {place: number for number, place in enumerate(used)}
    return tuple(Neuron(tuple((places[place], weight) for place, weight in one.weights), one.threshold) for one in layer)
