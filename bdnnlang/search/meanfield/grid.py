"""The values that a weight may take, and what a number between two of them stands for when it is rounded at random.

A latent number L between neighbours a ≤ L ≤ b of the grid is rounded to b with probability (L − a) / (b − a), else to a: its mean
is L, and any f has the mean that is linear between f(a) and f(b). So E w² = (a + b) L − a b and Var w = (L − a)(b − L).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Integers, Interval, Values, WeightDomain

Singles = NDArray[np.float32]
FINE = 2.0**-12  # of the range of an interval: how finely its weights are rounded at the end


@dataclass(frozen=True, eq=False)
class Grid:
    """`nodes`: all values, ascending; of an interval its two ends, and `is_real`: nothing is rounded at random."""

    nodes: Floats  # (p,), p ≥ 1
    is_real: bool = False

    @property
    def lower(self) -> float:
        return float(self.nodes[0])

    @property
    def upper(self) -> float:
        return float(self.nodes[-1])

    @property
    def middle(self) -> float:
        return (self.lower + self.upper) / 2

    @property
    def half(self) -> float:
        """Of the range; of a single value 1, as nothing may be divided by 0."""
        return (self.upper - self.lower) / 2 or 1.0

    @property
    def largest(self) -> float:
        """The greatest absolute value; of {0} 1, as nothing may be divided by 0."""
        return max(abs(self.lower), abs(self.upper)) or 1.0

    @property
    def step(self) -> float:
        """The mean distance of neighbours; 0 on an interval."""
        return 0.0 if self.is_real or len(self.nodes) == 1 else (self.upper - self.lower) / (len(self.nodes) - 1)

    @property
    def spread(self) -> float:
        """The mean square error of rounding to the nearest value."""
        gaps = np.diff(self.nodes)
        return 0.0 if self.is_real or len(gaps) == 0 else float((gaps**3).sum() / (12 * gaps.sum()))

    def cells(self, latent: Singles) -> NDArray[np.intp]:
        """The number of the pair of neighbours that each latent number lies between, from 0."""
        last = max(len(self.nodes) - 2, 0)
        if self._is_even:
            return np.asarray(np.clip((latent - np.float32(self.lower)) * np.float32(1 / self.step), 0, last), dtype=np.intp)
        return np.asarray(np.searchsorted(self._inner, latent, side="right"), dtype=np.intp)

    def square(self, latent: Singles) -> tuple[Singles, Singles | np.float32]:
        """E w² of rounded weights, and its slope."""
        if self.is_real:
            return latent * latent, latent + latent
        if len(self.nodes) <= 3:
            return self._square_of_few(latent)
        cells = self.cells(latent)
        slope = self._sums[cells]
        return slope * latent - self._products[cells], slope

    def _square_of_few(self, latent: Singles) -> tuple[Singles, Singles | np.float32]:
        """At most one value is not an end."""
        if len(self.nodes) < 3:
            slope = self._sums[0]
            return slope * latent - self._products[0], slope
        right = latent >= self._inner[0]
        jump = self._sums[1] - self._sums[0]
        slopes = right * jump
        slopes += self._sums[0]
        square = slopes * latent
        if self._products.any():
            square -= np.where(right, self._products[1], self._products[0])
        return square, slopes

    def slopes(self, f: Callable[[Floats], Floats], latent: Singles) -> Singles:
        """The slope of E f(w), which is linear between neighbours."""
        values = f(self.nodes)
        gaps = np.where(np.diff(self.nodes) > 0, np.diff(self.nodes), 1.0)
        table = np.diff(values) / gaps if len(self.nodes) > 1 else np.zeros(1)
        return table.astype(np.float32)[self.cells(latent)]

    def nearest(self, wish: Floats) -> Floats:
        """The members nearest to what is wished; of an interval multiples of a power of two, and its ends."""
        if self.is_real:
            unit = 2.0 ** np.floor(np.log2(FINE * (self.upper - self.lower or 1.0)))
            near = np.where(wish - self.lower < unit / 2, self.lower, np.rint(wish / unit) * unit)
            return np.where(self.upper - wish < unit / 2, self.upper, near)
        cells = np.clip(np.searchsorted(self.nodes, wish, side="right") - 1, 0, max(len(self.nodes) - 2, 0))
        a, b = self.nodes[cells], self.nodes[np.minimum(cells + 1, len(self.nodes) - 1)]
        return np.where(wish - a <= b - wish, a, b)

    @cached_property
    def _is_even(self) -> bool:
        return len(self.nodes) > 2 and bool(np.allclose(np.diff(self.nodes), self.step, rtol=1e-9, atol=0))

    @cached_property
    def _inner(self) -> Singles:
        return self.nodes[1:-1].astype(np.float32)

    @cached_property
    def _sums(self) -> Singles:
        return (self.nodes[:-1] + self.nodes[1:] if len(self.nodes) > 1 else 2 * self.nodes).astype(np.float32)

    @cached_property
    def _products(self) -> Singles:
        return (self.nodes[:-1] * self.nodes[1:] if len(self.nodes) > 1 else self.nodes**2).astype(np.float32)


def grid_of(domain: WeightDomain) -> Grid:
    """The grid of a domain's members."""
    match domain:
        case Interval(lower, upper):
            return Grid(np.array([lower, upper]), is_real=True)
        case Integers(lower, upper):
            return Grid(np.arange(lower, upper + 1, dtype=np.float64))
        case Values(values):
            return Grid(np.array(values, dtype=np.float64))
        case _:
            assert_never(domain)
