"""`bdnnlang/device/width.py`: the sums of a network over all readings, by trying them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdnnlang.device.fold import fold
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, WholeNetwork
from bdnnlang.device.width import Sides, sides, sum_range, turns, widths

from .networks import example


def of(*layers: tuple[Neuron, ...]) -> WholeNetwork:
    readings = (Reading("t", -5, 9, missing=-5), Reading("colour", 0, 2, categories=("blue", "red")))
    return WholeNetwork(readings, (Count(0), Equals(0, -5), Equals(1, 0), Equals(1, 1)), layers, ("no", "yes"))


@pytest.mark.parametrize(
    ("neuron", "expected"),
    [
        (Neuron(((0, 1),), 3), Sides(13, 7)),  # t + 4 >= 7
        (Neuron(((0, -2),), -3), Sides(11, 26)),  # 11 >= 2 (t + 4)
        (Neuron(((0, 1), (1, 10)), 0), Sides(14, 4)),  # missing: 4 + 10, else at most 9 + 4
        (Neuron(((2, 3), (3, 5)), 4), Sides(5, 4)),  # never both colours
        (Neuron(((2, -3), (3, 5)), 4), Sides(5, 7)),
        (Neuron((), 0), Sides(0, 0)),
    ],
)
def test_sides(neuron: Neuron, expected: Sides) -> None:
    assert sides(of((neuron,)), 0, neuron) == expected


def test_bits_of_later_layers() -> None:
    network = of((Neuron(((0, 1),), 0),) * 3, (Neuron(((0, 3), (1, -2), (2, 5)), 9), Neuron(((1, -1),), 0)))
    assert sides(network, 1, network.layers[1][0]) == Sides(8, 11)
    assert widths(network) == ((4, 4, 4), (4, 1))


@pytest.mark.parametrize(
    ("signals", "at"),
    [
        ((Count(0),), [-5, -4, 9]),
        ((AtLeast(0, 3), AtLeast(0, 50)), [-5, -4, 2, 3, 9]),
        ((Level(0, (0, 1)), Equals(0, 7)), [-5, -4, -1, 0, 1, 6, 7, 8, 9]),
    ],
)
def test_turns(signals: tuple[Count], at: list[int]) -> None:
    assert turns(of().readings[0], signals) == at


@pytest.mark.parametrize("number", range(0, 24, 3))
def test_ends_and_sides_are_those_of_all_readings(number: int, tmp_path: Path) -> None:
    given = example(number, tmp_path)
    whole = fold(given.file, given.readings)
    for neuron in whole.layers[0]:
        low = high = left = right = 0
        threshold = neuron.threshold
        for place, reading in enumerate(whole.readings):
            weights = [(whole.signals[s], w) for s, w in neuron.weights if whole.signals[s].reading == place]
            table = [[whole.value(s, r) for s, _ in weights] for r in range(reading.lower, reading.upper + 1)]
            least = [min(0, *column) for column in zip(*table, strict=True)]
            sums = [sum(w * v for (_, w), v in zip(weights, row, strict=True)) for row in table]
            parts = [[w * (v - m) for (_, w), v, m in zip(weights, row, least, strict=True)] for row in table]
            low, high = low + min(sums), high + max(sums)
            threshold -= sum(w * m for (_, w), m in zip(weights, least, strict=True))
            left += max(sum(t for t in row if t > 0) for row in parts)
            right += max(-sum(t for t in row if t < 0) for row in parts)
        assert sum_range(whole, 0, neuron.weights) == (low, high)
        assert sides(whole, 0, neuron) == Sides(left + max(-threshold, 0), right + max(threshold, 0))
