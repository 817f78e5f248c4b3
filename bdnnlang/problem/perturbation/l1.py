"""The set `l1`: Σ|δ_j| ≤ r."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

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

    def change_slope(self, weights: Floats, x: Floats, by_fall: Floats, by_rise: Floats) -> Floats:
        sizes = self.sizes(np.sign(weights), x)
        largest = self.sizes(weights, x).argmax(axis=1)[:, None] == np.arange(weights.shape[1])
        return np.asarray((by_fall + by_rise).sum(axis=0)[:, None] * np.where(largest, sizes, 0.0) * np.sign(weights))
