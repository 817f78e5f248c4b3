"""The set `single`: one δ_j with |δ_j| ≤ r, the others 0."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from bdnnlang.arrays import Floats
from bdnnlang.problem.perturbation.base import Dual, PerturbationSet, both_ways


@dataclass(frozen=True)
class SingleSet(PerturbationSet):
    """Its convex hull is `l1`: the greatest w · δ is r max |w_j|, at a corner."""

    dual: ClassVar[Dual] = Dual.MAX

    @property
    def total(self) -> Fraction:
        return self.r

    def preactivation_change(self, weights: Floats, x: Floats) -> tuple[Floats, Floats]:
        return both_ways(self.sizes(weights, x).max(axis=1))

    def inside(self, change: list[Fraction], row: tuple[Fraction, ...]) -> list[Fraction]:
        """The largest part of the change, clipped."""
        clipped = super().inside(change, row)
        largest = max(range(len(clipped)), key=lambda j: abs(clipped[j]), default=0)
        return [d if j == largest else Fraction(0) for j, d in enumerate(clipped)]

    def contains(self, change: list[Fraction], row: tuple[Fraction, ...]) -> bool:
        return sum(d != 0 for d in change) <= 1 and super().contains(change, row)
