"""`bdnnlang/device/c/straight/sides.py`: two sums that are compared are the neuron, never negative and no longer than said."""

from __future__ import annotations

import itertools
import random

import pytest

from bdnnlang.device.c.straight.sides import Range, constant, sides
from bdnnlang.device.c.text.numbers import IntType, smallest
from bdnnlang.device.whole import Neuron


def random_case(rng: random.Random) -> tuple[Neuron, list[Range]]:
    lows = [rng.randrange(-6, 7) for _ in range(3)]
    ranges = [(low, low + rng.randrange(1, 6)) for low in lows]
    weights = tuple((k, rng.choice((-7, -2, -1, 1, 1, 3, 40))) for k in range(3) if rng.random() < 0.8)
    return Neuron(weights, rng.randrange(-30, 30)), ranges


def test_both_sides_by_all_inputs() -> None:
    rng, both = random.Random(1), 0
    for _ in range(600):
        neuron, ranges = random_case(rng)
        rows = list(itertools.product(*(range(low, high + 1) for low, high in ranges)))
        on = [sum(w * row[place] for place, w in neuron.weights) >= neuron.threshold for row in rows]
        assert constant(neuron, ranges) == (on[0] if len(set(on)) == 1 else None)
        if len(set(on)) == 1:
            continue
        both += 1
        s = sides(neuron, ranges)
        left = [sum(w * row[place] for place, w in s.left) + s.plus for row in rows]
        right = [sum(w * row[place] for place, w in s.right) + s.minus for row in rows]
        assert [a >= b for a, b in zip(left, right, strict=True)] == on
        assert 0 <= min(left + right) <= max(left + right) < 1 << s.bits
        assert s.bits == 8 or max(left + right) >= 1 << s.bits // 2
    assert both > 100


def test_a_high_range_takes_no_longer_sums() -> None:
    s = sides(Neuron(((0, 1), (1, 1)), 2100), [(1000, 1100), (1000, 1100)])
    assert (s.plus, s.minus, s.bits) == (-2000, 100, 8)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 255], IntType(8)),
        ([256], IntType(16)),
        ([-1, 127], IntType(8, signed=True)),
        ([-1, 128], IntType(16, signed=True)),
        ([-(1 << 63)], IntType(64, signed=True)),
    ],
)
def test_the_smallest_type(values: list[int], kind: IntType) -> None:
    assert smallest(values) == kind


def test_no_type_is_longer_than_64_bits() -> None:
    with pytest.raises(OverflowError):
        smallest([-1, 1 << 63])
