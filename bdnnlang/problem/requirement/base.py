"""What the kinds of requirements have in common: a text, a limit, and what was measured of a network."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.source import Span


@dataclass(frozen=True, slots=True)
class Limit:
    """What is measured has to be at most this, or with `is_least` at least.

    `is_share`: it is a part of 1; `of`: what is counted, where there must be none of it.
    """

    value: Rational
    is_least: bool = False
    is_share: bool = False
    of: str = ""

    def met_by(self, value: Rational) -> bool:
        return value >= self.value if self.is_least else value <= self.value

    def words(self, value: Rational) -> str:
        """A measured value as people read it: a share in percent, rounded away from the limit where it is close."""
        if self.of:
            return f"{value} {self.of}" if value else "holds"
        if not self.is_share:
            return str(shown(value))
        percent = Fraction(value) * 100
        rounded = Fraction(round(percent * 10), 10)
        if rounded == Fraction(self.value) * 100 != percent:  # 94.96 % is not the 95.0 % that was asked for
            rounded = Fraction(round(percent * 1000), 1000)
        return f"{float(rounded)} %"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a requirement comes to for a network on some samples; `value` None: there is nothing to measure it on."""

    text: str  # as the spec has it
    value: Rational | None
    limit: Limit
    span: Span | None = None

    @property
    def holds(self) -> bool:
        return self.value is None or self.limit.met_by(self.value)

    @property
    def words(self) -> str:
        """The value as people read it."""
        return "nothing to measure" if self.value is None else self.limit.words(self.value)


@dataclass(frozen=True, eq=False)
class Inequality:
    """Σ weights[i, class of sample i] ≤ most, over the samples: what a requirement says of predictions, in whole numbers."""

    weights: Ints  # (m, K)
    most: int

    def at(self, predicted: Ints) -> int:
        """The left side for predicted classes (m,)."""
        return int(np.take_along_axis(self.weights, predicted[:, None], axis=1).sum())
