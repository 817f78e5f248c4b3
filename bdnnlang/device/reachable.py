"""All sums that a neuron can have, as the bits of a whole number: bit v says whether v above the least one is among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bdnnlang.device.whole import Neuron, WholeNetwork
from bdnnlang.device.width import Weights, by_reading

MOST = 4096  # sums, and values of a reading, that are listed


@dataclass(frozen=True, slots=True)
class _Part:
    """An input, or the signals of one reading: what it can add to a sum, ascending."""

    weights: Weights[int]
    values: tuple[int, ...]

    @property
    def spread(self) -> int:
        return self.values[-1] - self.values[0]


def inputs_that_matter(network: WholeNetwork, layer: int, one: Neuron) -> Neuron:
    """The neuron without inputs, or readings, that never decide; the same one if there are none, or too many sums."""
    parts = _parts(network, layer, one)
    if parts is None:
        return one
    threshold = one.threshold
    for part in sorted(parts, key=lambda part: part.spread):
        others = [other for other in parts if other is not part]
        if not _any(_sums(others), threshold - part.values[-1] - _least(others), threshold - part.values[0] - _least(others)):
            parts, threshold = others, threshold - part.values[0]
    if sum(len(part.weights) for part in parts) == len(one.weights):
        return one
    return Neuron(tuple(sorted(pair for part in parts for pair in part.weights)), threshold)


def least_sum_from(network: WholeNetwork, layer: int, one: Neuron) -> int:
    """The least sum that reaches the threshold: with it the neuron is the same function. The threshold, if sums are too many."""
    parts = _parts(network, layer, one)
    if parts is None:
        return one.threshold
    start = one.threshold - _least(parts)
    above = _sums(parts) >> max(start, 0)
    return one.threshold if not above else max(start, 0) + (above & -above).bit_length() - 1 + _least(parts)


def _parts(network: WholeNetwork, layer: int, one: Neuron) -> list[_Part] | None:
    """None: there are too many sums, or values of a reading."""
    if layer:
        parts = [_Part(((place, w),), (min(w, 0), max(w, 0))) for place, w in one.weights]
    else:
        groups = by_reading(network, one.weights)
        if any(network.readings[number].upper - network.readings[number].lower > MOST for number, _ in groups):
            return None
        parts = [_Part(group, _values(network, number, group)) for number, group in groups]
    return parts if sum(part.spread for part in parts) <= MOST else None


def _values(network: WholeNetwork, number: int, group: Weights[int]) -> tuple[int, ...]:
    """What the signals of a reading can add, all of it."""
    reading = network.readings[number]
    signals = [(network.signals[place], w) for place, w in group]
    found = {sum(w * network.value(signal, r) for signal, w in signals) for r in range(reading.lower, reading.upper + 1)}
    return tuple(sorted(found))


def _least(parts: Iterable[_Part]) -> int:
    return sum(part.values[0] for part in parts)


def _sums(parts: Iterable[_Part]) -> int:
    """Which sums there are, above the least one."""
    found = 1
    for part in parts:
        now = 0
        for value in part.values:
            now |= found << value - part.values[0]
        found = now
    return found


def _any(sums: int, start: int, stop: int) -> bool:
    """Is there one from `start` to below `stop`?"""
    start = max(start, 0)
    return stop > start and bool(sums >> start & (1 << stop - start) - 1)
