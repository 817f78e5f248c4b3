"""The set `l1`: Σ|δ_j| ≤ r."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from bdnnlang.arrays import Floats
from bdnnlang.problem.perturbation.base import Dual, PerturbationSet, both_ways


@dataclass(frozen=True)
class L1Set(PerturbationSet):
    """One feature takes all of r: the greatest w · δ is r max |w_j|."""

    dual: ClassVar[Dual] = Dual.MAX

    @property
    def total(self) -> Fraction:
        return self.r

    def preactivation_change(self, weights: Floats, x: Floats) -> tuple[Floats, Floats]:
        return both_ways(self.sizes(weights, x).max(axis=1))
