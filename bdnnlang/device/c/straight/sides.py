"""A neuron as a comparison of two sums that are never negative, in the fewest bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.device.c.text.numbers import width
from bdnnlang.device.whole import Neuron

Terms = tuple[tuple[int, int], ...]  # (place, weight), weights above 0
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sides:
    """Σ left + `plus` ≥ Σ right + `minus`; for all values both sides lie within 0 … 2^bits - 1.

    Only whole sides do: C adds them up modulo a power of two, where a part of a sum may well be negative.
    """

    left: Terms
    right: Terms
    plus: int
    minus: int
    bits: int


def sum_range(terms: Terms, ranges: Sequence[Range]) -> Range:
    """Between which numbers Σ weight · input lies."""
    low = sum(w * ranges[place][0 if w > 0 else 1] for place, w in terms)
    return low, sum(w * ranges[place][1 if w > 0 else 0] for place, w in terms)


def constant(neuron: Neuron, ranges: Sequence[Range]) -> bool | None:
    """What the neuron always is; None if it can be both."""
    low, high = sum_range(neuron.weights, ranges)
    return True if low >= neuron.threshold else False if high < neuron.threshold else None


def sides(neuron: Neuron, ranges: Sequence[Range]) -> Sides:
    """The two sums of a neuron (OverflowError if they take more than 64 bits).

    Any constant may stand on both sides. Of those that leave nothing negative none at all is best, on one side or the other,
    unless the smallest one takes fewer bits.
    """
    left = tuple((place, w) for place, w in neuron.weights if w > 0)
    right = tuple((place, -w) for place, w in neuron.weights if w < 0)
    (low, high), (least, most) = sum_range(left, ranges), sum_range(right, ranges)
    smallest = max(-low, -neuron.threshold - least)
    candidates = [plus for plus in (0, -neuron.threshold, smallest) if plus >= smallest]
    bits, place = min((width(max(high + plus, most + plus + neuron.threshold)), k) for k, plus in enumerate(candidates))
    plus = candidates[place]
    return Sides(left, right, plus, plus + neuron.threshold, bits)
