"""The sets `linf` and `box`: |δ_j| ≤ radius_j, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import RandomStream
from bdnnlang.problem.perturbation.base import Dual, PerturbationSet, random_signs


@dataclass(frozen=True)
class BoxSet(PerturbationSet):
    """Every feature by its own radius; the only set that may be clipped. The greatest w · δ is Σ r_j |w_j|."""

    dual: ClassVar[Dual] = Dual.SUM

    def preactivation_change(self, weights: Floats, x: Floats) -> tuple[Floats, Floats]:
        """Of a clipped box the two differ, and from sample to sample."""
        low, high = self.limits_of(x)
        above, below = np.maximum(weights, 0.0).T, np.maximum(-weights, 0.0).T  # (n, d)
        return high @ below - low @ above, high @ above - low @ below

    def change_slope(self, weights: Floats, x: Floats, by_fall: Floats, by_rise: Floats) -> Floats:
        low, high = (np.broadcast_to(limit, x.shape) for limit in self.limits_of(x))
        if_positive, if_negative = by_rise.T @ high - by_fall.T @ low, by_rise.T @ low - by_fall.T @ high
        return np.where(weights > 0, if_positive, np.where(weights < 0, if_negative, 0.0))

    def random_extremes(self, x: Floats, rng: RandomStream) -> Floats:
        """Each feature at the one or the other of its limits."""
        return np.where(random_signs(x.shape, rng) < 0, *self.limits_of(x))
