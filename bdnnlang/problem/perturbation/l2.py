"""The set `l2`: ‖δ‖₂ ≤ r. Exact numbers are compared by their squares, since r‖w‖₂ is seldom rational."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import RandomStream
from bdnnlang.problem.perturbation.base import Dual, PerturbationSet, both_ways, sign

FINE = 10**12  # how finely lengths are rounded down
INSIDE = 1 - 2.0**-40  # of r, so that no rounding of lengths leaves the ball


@dataclass(frozen=True)
class L2Set(PerturbationSet):
    """The Euclidean ball: the greatest w · δ is r‖w‖₂."""

    dual: ClassVar[Dual] = Dual.CONE
    is_linear: ClassVar[bool] = False

    def preactivation_change(self, weights: Floats, x: Floats) -> tuple[Floats, Floats]:
        return both_ways(np.sqrt((self.sizes(weights, x) ** 2).sum(axis=1)))

    def change_slope(self, weights: Floats, x: Floats, by_fall: Floats, by_rise: Floats) -> Floats:
        change, _ = self.preactivation_change(weights, x)
        squares = self.sizes(self.sizes(weights, x), x) * np.sign(weights)
        return np.asarray((by_fall + by_rise).sum(axis=0)[:, None] * squares / np.where(change > 0, change, 1.0).T)

    def random_extremes(self, x: Floats, rng: RandomStream) -> Floats:
        """On the sphere, or a hair within."""
        _, high = self.limits_of(x)
        ways = rng.normal(x.shape) * high
        lengths = np.sqrt((ways**2).sum(axis=1, keepdims=True))
        return np.asarray(ways * (INSIDE * float(self.r)) / np.where(lengths > 0, lengths, 1.0))

    def compare(self, weights: list[Fraction], row: tuple[Fraction, ...], limit: Fraction) -> int:
        square = self.r**2 * sum(w * w for w, r in zip(weights, self.radius, strict=True) if r)
        return 1 if limit < 0 else sign(square - limit**2)

    def extreme(self, weights: list[Fraction], row: tuple[Fraction, ...]) -> list[Fraction]:
        """One very near it."""
        return self.inside([w * 2 * self.r / max(map(abs, weights)) if any(weights) else w for w in weights], row)

    def inside(self, change: list[Fraction], row: tuple[Fraction, ...]) -> list[Fraction]:
        kept = [d if r else Fraction(0) for d, r in zip(change, self.radius, strict=True)]
        square = sum(d * d for d in kept)
        shrink = Fraction(math.isqrt(int(self.r**2 / square * FINE**2)), FINE) if square > self.r**2 else Fraction(1)
        return [d * shrink for d in kept]

    def contains(self, change: list[Fraction], row: tuple[Fraction, ...]) -> bool:
        return PerturbationSet.contains(self, change, row) and sum(d * d for d in change) <= self.r**2
