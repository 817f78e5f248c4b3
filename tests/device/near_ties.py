"""Whole networks at random, with readings on or one below a tie of a neuron: the rows that a single wrong unit changes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, Signal, WholeNetwork

Row = tuple[int, ...]


def random_network(rng: Random, reach: int = 50, weight: int = 5) -> WholeNetwork:
    """Up to 6 readings of each kind, up to 3 layers; `reach` bounds the readings, `weight` the weights."""
    readings = tuple(_reading(rng, k, reach) for k in range(rng.randint(1, 6)))
    signals = tuple(_signal(rng, readings) for _ in range(rng.randint(1, 9)))
    outputs = rng.choice((1, 2, 3, 5))
    sizes = [len(signals), *(rng.randint(1, 6) for _ in range(rng.randint(0, 2))), outputs]
    layers = tuple(_layer(rng, before, size, weight) for before, size in pairwise(sizes))
    network = WholeNetwork(readings, signals, layers, tuple("abcdefg"[: max(2, outputs)]))
    return _with_ties(rng, network)


def rows(rng: Random, network: WholeNetwork, number: int) -> list[Row]:
    """Within the declared ranges: every second one moved onto a tie of a neuron of the first layer, or one below it."""
    return [row if k % 2 else _moved(rng, network, row) for k, row in enumerate(_row(rng, network) for _ in range(number))]


def at_tie(network: WholeNetwork, row: Row) -> bool:
    """Does the sum of a neuron, of whatever layer, lie on its threshold or one below it?"""
    values = [network.value(signal, row) for signal in network.signals]
    for layer in network.layers:
        slacks = [sum(w * values[place] for place, w in neuron.weights) - neuron.threshold for neuron in layer]
        if any(slack in (0, -1) for slack in slacks):
            return True
        values = [int(slack >= 0) for slack in slacks]
    return False


def _reading(rng: Random, k: int, reach: int) -> Reading:
    if rng.random() < 0.25:
        names = tuple("rgb"[: rng.randint(1, 3)])
        return Reading(f"c{k}", 0, len(names) + 1, missing=rng.choice((None, len(names) + 1)), categories=names)
    lower = rng.choice((0, 0, -rng.randint(1, reach)))
    upper = lower + rng.randint(1, reach)
    return Reading(f"x{k}", lower, upper, missing=rng.choice((None, None, lower, upper)))


def _signal(rng: Random, readings: tuple[Reading, ...]) -> Signal:
    place = rng.randrange(len(readings))
    reading = readings[place]
    some = sorted(rng.sample(range(reading.lower, reading.upper + 1), min(3, reading.upper - reading.lower + 1)))
    if reading.categories or rng.random() < 0.15:
        return Equals(place, rng.choice((*some, reading.upper)))
    return rng.choice((Count(place), Count(place), AtLeast(place, some[-1]), Level(place, tuple(some))))


def _layer(rng: Random, inputs: int, size: int, weight: int) -> tuple[Neuron, ...]:
    weights = [w for w in range(-weight, weight + 1) if w] if weight < 100 else [-weight, -1, 1, weight]
    used = [sorted(rng.sample(range(inputs), rng.randint(0, inputs))) for _ in range(size)]
    return tuple(Neuron(tuple((place, rng.choice(weights)) for place in places), rng.randint(-1, 1)) for places in used)


def _with_ties(rng: Random, network: WholeNetwork) -> WholeNetwork:
    """Each threshold at a sum that some row has."""
    values = [network.value(signal, _row(rng, network)) for signal in network.signals]
    layers = []
    for layer in network.layers:
        sums = [sum(w * values[place] for place, w in neuron.weights) for neuron in layer]
        layers.append(tuple(replace(n, threshold=s + rng.choice((0, 0, 1))) for n, s in zip(layer, sums, strict=True)))
        values = [rng.randint(0, 1) for _ in layer]
    return replace(network, layers=tuple(layers))


def _row(rng: Random, network: WholeNetwork) -> Row:
    return tuple(rng.randint(reading.lower, reading.upper) for reading in network.readings)


def _moved(rng: Random, network: WholeNetwork, row: Row) -> Row:
    """One reading after another is changed, if that brings the sum nearer to its aim."""
    neuron = rng.choice(network.layers[0])
    aim = neuron.threshold - rng.randint(0, 1)
    distance = _distance(network, neuron, row, aim)
    for _ in range(3):
        for place in rng.sample(range(len(row)), len(row)):
            for other in _others(rng, network.readings[place], row[place], distance):
                moved = (*row[:place], other, *row[place + 1 :])
                if abs(d := _distance(network, neuron, moved, aim)) < abs(distance):
                    row, distance = moved, d
    return row


def _others(rng: Random, reading: Reading, r: int, distance: int) -> list[int]:
    shifts = [distance // w for w in (1, -1, 2, -2, 3, -3, 5, -5)] + [1, -1]
    return [o for o in [r + s for s in shifts] if reading.lower <= o <= reading.upper] + [
        rng.randint(reading.lower, reading.upper)
    ]


def _distance(network: WholeNetwork, neuron: Neuron, row: Row, aim: int) -> int:
    """From the sum to its aim."""
    return aim - sum(w * network.value(network.signals[place], row) for place, w in neuron.weights)
