"""What all perturbation sets have in common: which features may change, and how far, as exact numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, ClassVar, Self

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import RandomStream


class Dual(Enum):
    """The norm of (r_j w_j) that is the greatest w · δ."""

    SUM = "sum"
    MAX = "max"
    CONE = "cone"  # Euclidean
    LARGEST = "largest"  # the sum of the γ largest


@dataclass(frozen=True)
class PerturbationSet(ABC):
    """Changes δ with |δ_j| ≤ radius_j, and what else a set asks. In scaled units.

    A feature of radius 0 stays; all other radii are equal (r) unless it is a box. With `clip` a change may not bring a feature
    out of that range, or further out of it; δ = 0 is always in the set. The methods here are those of linear sets, whose only
    other condition is that Σ|δ_j| is at most `total`.
    """

    radius: tuple[Fraction, ...]  # (n,)
    clip: tuple[Fraction, Fraction] | None = None

    dual: ClassVar[Dual]
    is_linear: ClassVar[bool] = True

    @classmethod
    def of(cls, written: Any, radius: tuple[Fraction, ...], clip: tuple[Fraction, Fraction] | None) -> Self:
        """The set that a spec writes, on data with these radii of features."""
        return cls(radius, clip)

    @property
    def r(self) -> Fraction:
        return max(self.radius)

    @property
    def gamma(self) -> int:
        """Of a budget: how many features may change as far as they can."""
        return 1

    @property
    def total(self) -> Fraction | None:
        """The greatest Σ|δ_j|, where that is limited."""
        return None

    def limits(self, row: tuple[Fraction, ...]) -> list[tuple[Fraction, Fraction]]:
        """Least and greatest δ_j around an exact sample."""
        if self.clip is None:
            return [(-r, r) for r in self.radius]
        low, high = self.clip
        pairs = zip(row, self.radius, strict=True)
        return [(min(max(-r, low - v), Fraction(0)), max(min(r, high - v), Fraction(0))) for v, r in pairs]

    def limits_of(self, x: Floats) -> tuple[Floats, Floats]:
        """The same for samples x (m, n) in floating point, both (m, n), or (1, n) when the sample does not matter."""
        r = np.array([float(v) for v in self.radius])[None, :]
        if self.clip is None:
            return -r, r
        low, high = (float(v) for v in self.clip)
        return np.minimum(np.maximum(-r, low - x), 0.0) + 0.0, np.maximum(np.minimum(r, high - x), 0.0)

    @abstractmethod
    def preactivation_change(self, weights: Floats, x: Floats) -> tuple[Floats, Floats]:
        """How far w · δ falls and rises over the set, for samples x (m, n) and neurons (d, n): both (m or 1, d), not negative."""

    @abstractmethod
    def change_slope(self, weights: Floats, x: Floats, by_fall: Floats, by_rise: Floats) -> Floats:
        """Of a function of those changes its slope by the weights, (d, n), from its slopes by falls and rises, both (m, d)."""

    def random_extremes(self, x: Floats, rng: RandomStream) -> Floats:
        """An extreme point of the set around each of the samples x (m, n), drawn evenly, (m, n): here γ features by ± r each."""
        _, high = self.limits_of(x)
        chances = np.where(high > 0, rng.uniform(x.shape), 1.0)
        chosen = chances.argsort(axis=1, kind="stable").argsort(axis=1) < self.gamma
        return np.where(chosen, random_signs(x.shape, rng) * high, 0.0)

    def sizes(self, weights: Floats, x: Floats) -> Floats:
        """r_j |w_j| of each neuron, (d, n)."""
        _, high = self.limits_of(x)
        return np.asarray(np.abs(weights) * high.max(axis=0))

    def compare(self, weights: list[Fraction], row: tuple[Fraction, ...], limit: Fraction) -> int:
        """The sign of (greatest w · δ) − limit, exactly."""
        best = zip(weights, self.extreme(weights, row), strict=True)
        return sign(sum((w * d for w, d in best if d), Fraction(0)) - limit)

    def extreme(self, weights: list[Fraction], row: tuple[Fraction, ...]) -> list[Fraction]:
        """The δ of the greatest w · δ: the largest weights take what they can."""
        limits = self.limits(row)
        result, left = [Fraction(0)] * len(weights), self.total
        for j in sorted((j for j, w in enumerate(weights) if w), key=lambda j: -abs(weights[j])):
            size = limits[j][1] if weights[j] > 0 else -limits[j][0]
            size = size if left is None else min(size, left)
            left = None if left is None else left - size
            result[j] = size if weights[j] > 0 else -size
        return result

    def inside(self, change: list[Fraction], row: tuple[Fraction, ...]) -> list[Fraction]:
        """The change, brought into the set by clipping and then by scaling."""
        clipped = [min(max(d, low), high) for d, (low, high) in zip(change, self.limits(row), strict=True)]
        size = sum(map(abs, clipped))
        return clipped if self.total is None or size <= self.total else [d * self.total / size for d in clipped]

    def contains(self, change: list[Fraction], row: tuple[Fraction, ...]) -> bool:
        """Is this δ in the set around the sample?"""
        pairs = zip(change, self.limits(row), strict=True)
        is_near = all(low <= d <= high for d, (low, high) in pairs)
        return is_near and (self.total is None or sum(map(abs, change)) <= self.total)


def both_ways(change: Floats) -> tuple[Floats, Floats]:
    """As far down as up, (d,), on every sample."""
    return change[None, :], change[None, :]


def random_signs(shape: tuple[int, ...], rng: RandomStream) -> Floats:
    """−1 or 1."""
    return np.where(rng.uint16(shape) < 2**15, -1.0, 1.0)


def sign(value: Fraction) -> int:
    """−1, 0 or 1."""
    return (value > 0) - (value < 0)
