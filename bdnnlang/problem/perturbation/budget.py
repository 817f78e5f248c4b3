"""The set `budget`: |δ_j| ≤ r and Σ|δ_j| ≤ γ r ([KB])."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.problem.perturbation.base import Dual, PerturbationSet, both_ways


@dataclass(frozen=True)
class BudgetedSet(PerturbationSet):
    """γ features may change by r each: the greatest w · δ is the sum of the γ largest r |w_j|."""

    gamma: int = 1

    dual: ClassVar[Dual] = Dual.LARGEST

    @classmethod
    def of(cls, written: Any, radius: tuple[Fraction, ...], clip: tuple[Fraction, Fraction] | None) -> Self:
        return cls(radius, clip, written.gamma)

    @property
    def total(self) -> Fraction:
        return self.gamma * self.r

    def preactivation_change(self, weights: Floats, x: Floats) -> tuple[Floats, Floats]:
        return both_ways(np.sort(self.sizes(weights, x), axis=1)[:, -self.gamma :].sum(axis=1))

    def change_slope(self, weights: Floats, x: Floats, by_fall: Floats, by_rise: Floats) -> Floats:
        rank = self.sizes(weights, x).argsort(axis=1).argsort(axis=1)
        largest = np.where(rank >= weights.shape[1] - self.gamma, self.sizes(np.sign(weights), x), 0.0)
        return np.asarray((by_fall + by_rise).sum(axis=0)[:, None] * largest * np.sign(weights))
