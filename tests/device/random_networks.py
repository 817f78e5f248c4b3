"""Random networks in whole numbers, of every kind that the form allows."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace

from bdnnlang.device.c.straight.inputs import value_range
from bdnnlang.device.c.straight.sides import sum_range
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, Signal, WholeNetwork

Ranges = Sequence[tuple[int, int]]


def counts(number: int, lower: int, upper: int) -> tuple[tuple[Reading, ...], tuple[Signal, ...]]:
    """Plain columns of whole numbers."""
    return tuple(Reading(f"c{k}", lower, upper) for k in range(number)), tuple(Count(k) for k in range(number))


def mixed(number: int, rng: random.Random, *, span: int = 40) -> tuple[tuple[Reading, ...], tuple[Signal, ...]]:
    """Columns with gaps in them and negative numbers, and about two signals of each."""
    readings: list[Reading] = []
    signals: list[Signal] = []
    for k in range(number):
        lower = rng.choice((0, 0, -rng.randrange(span), rng.randrange(span)))
        upper = lower + rng.randrange(2, span)
        missing = rng.choice((None, None, lower, upper, (lower + upper) // 2))
        readings.append(Reading(f"c{k}", lower, upper, missing=missing))
        signals += rng.sample(_signals(k, lower, upper, rng), k=rng.randrange(1, 4))
    return tuple(readings), tuple(signals)


def _signals(k: int, lower: int, upper: int, rng: random.Random) -> list[Signal]:
    inside = range(lower, upper + 1)
    bounds = tuple(sorted(rng.sample(inside, k=min(len(inside), rng.randrange(1, 6)))))
    return [Count(k), AtLeast(k, rng.choice(inside)), Equals(k, rng.choice(inside)), Level(k, bounds)]


def network(
    columns: tuple[tuple[Reading, ...], tuple[Signal, ...]],
    widths: Sequence[int],
    rng: random.Random,
    *,
    largest: int = 1,
    density: float = 0.7,
) -> WholeNetwork:
    """Layers of those widths with weights up to `largest`, thresholds where neurons can be both."""
    readings, signals = columns
    ranges: Ranges = [value_range(signal, readings[signal.reading]) for signal in signals]
    layers = []
    for width in widths:
        layers.append(tuple(_neuron(ranges, rng, largest, density) for _ in range(width)))
        ranges = [(0, 1)] * width
    return WholeNetwork(readings, signals, tuple(layers), tuple(f"class {k}" for k in range(max(2, widths[-1]))))


def _neuron(ranges: Ranges, rng: random.Random, largest: int, density: float) -> Neuron:
    weights = [(place, rng.choice((-1, 1)) * rng.randint(1, largest)) for place in range(len(ranges)) if rng.random() < density]
    divisor = math.gcd(*(w for _, w in weights)) or 1
    neuron = Neuron(tuple((place, w // divisor) for place, w in weights), 0)
    low, high = sum_range(neuron.weights, ranges)
    middle = (low + high) / 2
    return replace(neuron, threshold=round(rng.gauss(middle, (high - low) / 10)))
