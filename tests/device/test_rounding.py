"""`bdnnlang/device/rounding.py`: rows in fewer bits, and every reading where they decide in another way lies in a zone."""

from __future__ import annotations

import itertools
import random

import pytest

from bdnnlang.device.rounding import TooFewBits, rounded
from bdnnlang.device.whole import Count, Equals, Neuron, Reading, WholeNetwork
from bdnnlang.device.width import sides

READINGS = (Reading("a", -3, 6), Reading("b", 0, 9, missing=9), Reading("c", 0, 5))
SIGNALS = (Count(0), Count(1), Equals(1, 9), Count(2))


def network(number: int) -> WholeNetwork:
    chance = random.Random(number)
    weights = tuple((place, chance.choice((-1, 1)) * chance.randint(10**6, 10**8)) for place in range(4))
    return WholeNetwork(READINGS, SIGNALS, ((Neuron(weights, chance.randint(-(10**8), 10**8)),),), ("no", "yes"))


@pytest.mark.parametrize("bits", [4, 6, 9, 14])
@pytest.mark.parametrize("number", range(4))
def test_what_differs_lies_in_the_zone(number: int, bits: int) -> None:
    exact = network(number)
    rows = list(itertools.product(range(-3, 7), range(10), range(6)))
    result, rounding = rounded(exact, bits, rows)
    (layer,) = result.layers
    assert sides(result, 0, layer[0]).bits <= bits
    ends = rounding.zones[0].ends if rounding.zones else (0, -1)
    assert rounding.rows == len(rows)
    differ = inside = 0
    for row in rows:
        values = [exact.value(signal, row[signal.reading]) for signal in SIGNALS]
        x = sum(w * values[place] for place, w in exact.layers[0][0].weights) - exact.layers[0][0].threshold
        inside += ends[0] <= x <= ends[1]
        if result.predict(row) != exact.predict(row):
            differ += 1
            assert ends[0] <= x <= ends[1]
    assert (rounding.rows_in_zone, rounding.rows_that_differ) == (inside, differ)


def test_fewer_bits_lose_more() -> None:
    rows = list(itertools.product(range(-3, 7), range(10), range(6)))
    lost = [sum(rounded(network(number), bits, rows)[1].rows_that_differ for number in range(8)) for bits in (4, 7, 12)]
    assert lost[0] > lost[1] > lost[2]


def test_a_row_that_fits_stays() -> None:
    exact = network(1)
    assert rounded(exact, 40) == (exact, rounded(exact, 40)[1])
    assert rounded(exact, 40)[1].zones == ()


def test_a_row_may_be_rounded_and_still_be_exact() -> None:
    exact = WholeNetwork((Reading("a", 0, 5),), (Count(0),), ((Neuron(((0, 1000),), 2500),),), ("no", "yes"))
    result, rounding = rounded(exact, 5)
    assert rounding.zones == ()
    assert [result.predict((r,)) for r in range(6)] == [0, 0, 0, 1, 1, 1]


def test_too_few_bits() -> None:
    weights = tuple((place, 100 + place) for place in range(4))
    exact = WholeNetwork(READINGS, SIGNALS, ((Neuron(weights, 50),),), ("no", "yes"))
    with pytest.raises(TooFewBits, match="neuron 1 of layer 1 keeps no weight in 2 bits"):
        rounded(exact, 2)
