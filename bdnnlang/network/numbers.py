"""The numbers of a network: arrays of floats, and the decimals that they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Rational = int | Fraction

HALF_ULP = 2.0**-53


def exact(value: float) -> Fraction:
    """The decimal that Python prints for a float, as a fraction."""
    return Fraction(repr(float(value)))


def simple(value: Fraction) -> Rational:
    """As an integer, if it is one."""
    return value.numerator if value.denominator == 1 else value


def total(values: Iterable[Rational]) -> Rational:
    """Their sum, as an integer if it is one."""
    return simple(Fraction(sum(values)))


def shown(value: Rational) -> int | float:
    """As a number that prints and is stored as the shortest decimal."""
    return value if isinstance(value, int) else float(value)
