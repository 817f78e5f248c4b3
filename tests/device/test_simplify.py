"""`bdnnlang/device/simplify.py`: smaller networks, and the same class for every reading."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from bdnnlang.device import many
from bdnnlang.device.reachable import inputs_that_matter, least_sum_from
from bdnnlang.device.simplify import live_weights, simplified
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, WholeNetwork
from device.random_networks import mixed, network

A, B = Reading("a", 0, 3), Reading("b", -2, 2, missing=2)
COUNTS = (Count(0), Count(1))
ON, OFF = Neuron((), 0), Neuron((), 1)


def of(*layers: tuple[Neuron, ...], signals: tuple[Count | AtLeast | Equals | Level, ...] = COUNTS) -> WholeNetwork:
    return WholeNetwork((A, B), signals, layers, ("no", "yes", "maybe")[: max(2, len(layers[-1]))])


def everything(given: WholeNetwork) -> np.ndarray:
    return np.array(list(itertools.product(*(range(one.lower, one.upper + 1) for one in given.readings))), dtype=np.int64)


@pytest.mark.parametrize("widths", [[1], [3], [4, 1], [5, 3], [4, 4, 2], [3, 5, 4, 3]], ids=str)
def test_every_reading_keeps_its_class(widths: list[int]) -> None:
    rng = random.Random(repr(widths))
    for number in range(12):
        given = network(mixed(3, rng, span=7), widths, rng, largest=1 + number % 3, density=0.4 + 0.2 * (number % 3))
        rows = everything(given)
        smaller = simplified(given)
        assert many.predict(smaller, rows).tolist() == many.predict(given, rows).tolist()
        assert live_weights(smaller) <= live_weights(given)
        assert simplified(smaller) == smaller


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # a neuron that is always 1 becomes part of the threshold
        (
            of((Neuron(((0, 1),), 0), Neuron(((1, 1),), 1)), (Neuron(((0, 1), (1, 1)), 2),)),
            of((Neuron(((0, 1),), 1),), (Neuron(((0, 1),), 1),), signals=(Count(1),)),
        ),
        # so does the opposite of another one, and 2 · u ≥ 1 is u ≥ 1
        (
            of((Neuron(((0, 1),), 2), Neuron(((0, -1),), -1)), (Neuron(((0, 1), (1, -1)), 0),)),
            of((Neuron(((0, 1),), 2),), (Neuron(((0, 1),), 1),), signals=(Count(0),)),
        ),
        # a + b ≥ 1 and ≥ 2 where sums are even
        (
            of((Neuron(((0, 2), (1, 4)), 3), Neuron(((0, 2), (1, 4)), 4)), (Neuron(((0, 1), (1, 1)), 1),)),
            of((Neuron(((0, 1), (1, 2)), 2),), (Neuron(((0, 1),), 1),)),
        ),
        # outputs behind one that is always 1, and what only they read
        (of((Neuron(((0, 1),), 2),), (OFF, ON, Neuron(((0, 1),), 1))), of((OFF, ON, OFF), signals=())),
        # of a level the bounds that are passed by all, or by none
        (
            of((Neuron(((0, 1), (1, 1)), 3),), signals=(Level(0, (-5, 0, 1, 2, 9)), AtLeast(1, 5))),
            of((Neuron(((0, 1),), 1),), signals=(Level(0, (1, 2)),)),
        ),
        # of a reading that can be missing none is passed by all
        (
            of((Neuron(((0, 1),), 2),), signals=(Level(1, (-5, -2, 0)),)),
            of((Neuron(((0, 1),), 2),), signals=(Level(1, (-5, -2, 0)),)),
        ),
    ],
)
def test_steps(given: WholeNetwork, expected: WholeNetwork) -> None:
    assert simplified(given) == expected


def test_a_hidden_neuron_on_which_no_class_depends() -> None:
    """It only says whether the second output is 1 beside the first, which decides."""
    hidden = (Neuron(((0, 1),), 1), Neuron(((1, 1),), 0), Neuron(((0, 1), (1, 1)), 2))
    given = of(hidden, (Neuron(((0, 1),), 1), Neuron(((0, 2), (1, 1)), 2), Neuron(((2, 1),), 1)))
    smaller = simplified(given)
    assert [len(layer) for layer in smaller.layers] == [2, 3]
    rows = everything(given)
    assert many.predict(smaller, rows).tolist() == many.predict(given, rows).tolist()


def test_inputs_that_matter() -> None:
    three = of((Neuron(((0, 1),), 1),) * 3, (Neuron(((0, 5), (1, 5), (2, 1)), 5),))
    assert inputs_that_matter(three, 1, three.layers[1][0]) == Neuron(((0, 5), (1, 5)), 5)
    needed = Neuron(((0, 5), (1, 5), (2, 1)), 6)
    assert inputs_that_matter(three, 1, needed) is needed


def test_least_sums() -> None:
    network = of((Neuron(((0, 2), (1, 4)), 3),))  # sums 2 a + 4 b from -8, b = 2 counting as 0
    assert [least_sum_from(network, 0, Neuron(((0, 2), (1, 4)), t)) for t in (-99, -8, -7, 3, 10, 11)] == [-8, -8, -6, 4, 10, 11]
