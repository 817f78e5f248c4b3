"""Levels: a number as one of 2^bits whole numbers, which is what a device with small integers receives."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.exact import common_decimals

MOST_BITS = 16


@dataclass(frozen=True, slots=True)
class Levels:
    """Level 0 at `least`, 2^bits − 1 at `greatest`, evenly spaced between.

    A number is given the nearest level, the upper one half-way between two: floor(s + 1/2) of its place s on this scale, in
    exact rational arithmetic on decimals. What lies outside the range has the level of the nearer end. A range of a single
    number has level 0 only. Raises ValueError for what are no levels.
    """

    least: float
    greatest: float
    bits: int

    def __post_init__(self) -> None:
        if type(self.bits) is not int or not 1 <= self.bits <= MOST_BITS:
            raise ValueError(f"bits {self.bits!r}")
        if not (math.isfinite(self.least) and math.isfinite(self.greatest) and self.least <= self.greatest):
            raise ValueError(f"range from {self.least!r} to {self.greatest!r}")

    def of(self, values: Floats) -> Floats:
        """The level of each value, whole numbers of the same shape (values,)."""
        distinct, inverse = np.unique(np.clip(values, self.least, self.greatest), return_inverse=True)
        *numbers, low, high = common_decimals([*distinct.tolist(), self.least, self.greatest])
        top, twice = 2**self.bits - 1, 2 * (high - low)
        levels = [(2 * (number - low) * top + high - low) // twice if twice else 0 for number in numbers]
        return np.array(levels, dtype=np.float64)[inverse]
