"""How large the sums of a network become over the declared ranges, exactly; readings do not depend on each other.

A device may compare two sums without a sign, max(−T, 0) + ΣA⁺·s ≥ max(T, 0) + ΣA⁻·s, a signal that can be negative shifted by its
least value: the larger side says how many bits that takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, assert_never

from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, Signal, WholeNetwork
from bdnnlang.network.numbers import Rational

N = TypeVar("N", bound=Rational)
Weights = tuple[tuple[int, N], ...]  # (place of the input, weight)


@dataclass(frozen=True, slots=True)
class Sides:
    """The greatest values of the two sums of a neuron."""

    left: int  # max(−T, 0) + ΣA⁺·s
    right: int  # max(T, 0) + ΣA⁻·s

    @property
    def bits(self) -> int:
        """What the larger one takes."""
        return max(self.left, self.right).bit_length()


def widths(network: WholeNetwork) -> tuple[tuple[int, ...], ...]:
    """The bits of the sums of each neuron, by layer."""
    return tuple(tuple(sides(network, k, neuron).bits for neuron in layer) for k, layer in enumerate(network.layers))


def sides(network: WholeNetwork, layer: int, neuron: Neuron) -> Sides:
    """The greatest values of the two sums of a neuron of this layer."""
    threshold, parts = neuron.threshold, [((w, 0) if w > 0 else (0, -w)) for _, w in neuron.weights]
    if layer == 0:
        shifts = {place: _shift(network, network.signals[place]) for place, _ in neuron.weights}
        threshold += sum(w * shifts[place] for place, w in neuron.weights)
        parts = [_most(network, number, group, shifts) for number, group in by_reading(network, neuron.weights)]
    left, right = (sum(part) for part in zip(*parts, strict=True)) if parts else (0, 0)
    return Sides(max(-threshold, 0) + left, max(threshold, 0) + right)


def _shift(network: WholeNetwork, signal: Signal) -> int:
    """What is added to a signal so that it is never negative."""
    return max(0, *(-network.value(signal, r) for r in turns(network.readings[signal.reading], [signal])))


def _most(network: WholeNetwork, number: int, group: Weights[int], shifts: Mapping[int, int]) -> tuple[int, int]:
    """The most that the signals of a reading add to either side."""
    left = right = 0
    for r in turns(network.readings[number], [network.signals[place] for place, _ in group]):
        terms = [w * (network.value(network.signals[place], r) + shifts[place]) for place, w in group]
        left, right = max(left, sum(t for t in terms if t > 0)), max(right, -sum(t for t in terms if t < 0))
    return left, right


def sum_range(network: WholeNetwork, layer: int, weights: Weights[N]) -> tuple[Rational, Rational]:
    """The least and the greatest Σ weight · input of this layer; of the first one they are attained."""
    ends: list[list[Rational]] = [[0, w] for _, w in weights]
    if layer == 0:
        ends = [contributions(network, number, group) for number, group in by_reading(network, weights)]
    return sum(map(min, ends)), sum(map(max, ends))


def contributions(network: WholeNetwork, number: int, group: Weights[N]) -> list[Rational]:
    """What the signals of a reading add to a sum, wherever it can be least or greatest."""
    signals = [(network.signals[place], w) for place, w in group]
    at = turns(network.readings[number], [signal for signal, _ in signals])
    return [sum(w * network.value(signal, r) for signal, w in signals) for r in at]


def by_reading(network: WholeNetwork, weights: Weights[N]) -> list[tuple[int, Weights[N]]]:
    """The weights of a neuron of the first layer, parted by the readings of their signals."""
    parts: dict[int, list[tuple[int, N]]] = {}
    for place, w in weights:
        parts.setdefault(network.signals[place].reading, []).append((place, w))
    return [(number, tuple(part)) for number, part in parts.items()]


def turns(reading: Reading, signals: Iterable[Signal]) -> list[int]:
    """Within the declared range all r between which every sum of these signals is linear, the ends included."""
    found = {reading.first, reading.last}
    if reading.missing is not None:
        found |= {reading.missing - 1, reading.missing, reading.missing + 1}
    for signal in signals:
        found.update(_steps(signal))
    return sorted(r for r in found if reading.lower <= r <= reading.upper)


def _steps(signal: Signal) -> Iterator[int]:
    """Both sides of each place where a signal jumps."""
    match signal:
        case Count():
            return
        case AtLeast(_, bound):
            yield from (bound - 1, bound)
        case Equals(_, value):
            yield from (value - 1, value, value + 1)
        case Level(_, bounds):
            yield from (r for bound in bounds for r in (bound - 1, bound))
        case _:
            assert_never(signal)
