"""Lattices of numbers, exactly."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import reduce

from bdnnlang.network import exact


def common_unit(a: Fraction, b: Fraction) -> Fraction:
    """The largest unit of which both are integer multiples."""
    return Fraction(math.gcd(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator)


def lattice_unit(values: tuple[float, ...]) -> Fraction:
    """The largest unit of which all values are integer multiples; 1 for {0}."""
    unit = reduce(common_unit, (abs(exact(v)) for v in values))
    return unit or Fraction(1)
