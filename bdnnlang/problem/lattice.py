"""Units: the lattices that finite domains, features and radii lie on."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import reduce
from typing import assert_never

from bdnnlang.language.spec import Integers, Interval, Values, WeightDomain
from bdnnlang.network.numbers import exact


def common_unit(a: Fraction, b: Fraction) -> Fraction:
    """The largest unit of which both are integer multiples."""
    return Fraction(math.gcd(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator)


def lattice_unit(values: tuple[float, ...]) -> Fraction:
    """The largest unit of which all values are integer multiples; 1 for {0}."""
    unit = reduce(common_unit, (abs(exact(v)) for v in values))
    return unit or Fraction(1)


def domain_unit(domain: WeightDomain | None) -> Fraction | None:
    """The unit of a domain's members; None for an interval, or all numbers."""
    match domain:
        case Interval() | None:
            return None
        case Integers():
            return Fraction(1)
        case Values(values):
            return lattice_unit(values)
        case _:
            assert_never(domain)
