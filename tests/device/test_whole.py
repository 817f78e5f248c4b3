"""`bdnnlang/device/whole.py`: networks in whole numbers, small enough to be read."""

from __future__ import annotations

import pytest

from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, Signal, WholeNetwork

READINGS = (Reading("t", -5, 9, missing=-5), Reading("colour", 0, 2, categories=("blue", "red")))


def network(outputs: int) -> WholeNetwork:
    layer = tuple(Neuron(((0, 2), (1, -3)), 1 - 4 * k) for k in range(outputs))
    return WholeNetwork(READINGS, (Count(0), Equals(1, 1)), (layer,), tuple("abc"[: max(outputs, 2)]))


@pytest.mark.parametrize(
    ("signal", "readings", "value"),
    [
        (Count(0), (-4, 0), -4),
        (Count(0), (-5, 0), 0),  # missing
        (AtLeast(0, -4), (-4, 0), 1),
        (AtLeast(0, -4), (-5, 0), 0),
        (AtLeast(0, -3), (-4, 0), 0),
        (Equals(0, -5), (-5, 0), 1),
        (Equals(1, 1), (0, 2), 0),  # an unknown colour
        (Level(0, (-4, 0, 3)), (2, 0), 2),
        (Level(0, (-4, 0, 3)), (3, 0), 3),
        (Level(0, (-6, 0, 3)), (-5, 0), 0),
    ],
)
def test_signals(signal: Signal, readings: tuple[int, ...], value: int) -> None:
    assert network(1).value(signal, readings[signal.reading]) == value


@pytest.mark.parametrize(
    ("outputs", "readings", "number"),
    [
        (1, (1, 0), 1),  # 2 >= 1
        (1, (1, 1), 0),  # -1 < 1
        (3, (0, 1), 1),  # -3 < 1, -3 >= -3, -3 >= -7
        (3, (-2, 0), 2),  # -4 < -3, -4 >= -7
        (3, (-4, 1), 0),  # -11: no output is 1, so the first class
    ],
)
def test_classes(outputs: int, readings: tuple[int, ...], number: int) -> None:
    assert network(outputs).predict(readings) == number
