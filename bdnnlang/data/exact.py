"""Exact decimals: a number in the data means the decimal it is written as.

The exact value of a float64 is `Fraction(repr(value))`, and a scaled feature is the rational
(raw − lower) / (upper − lower) of three such decimals. Floats are made from these, correctly rounded, at the very end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Compact, Floats, Ints

LARGEST, SMALLEST = 1e100, 1e-100  # in size, but for 0: no quotient of two values leaves the range of float64
PLAIN = 16  # characters of a number without an exponent
MAX_POINT = 1_000_000  # a finer lattice is of no use: gap 1 against M beyond 1e6


def is_decimal(number: Fraction) -> bool:
    """Has it finitely many decimals?"""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def decimal(number: Fraction) -> str:
    """Exactly: a decimal, with an exponent where it is long, or a fraction where there is no decimal."""
    if not is_decimal(number):
        return f"{number.numerator}/{number.denominator}"
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(number * 10**places)))
    sign = "-" if number < 0 else ""
    text = digits.rjust(places + 1, "0")
    plain = f"{text[: len(text) - places]}.{text[len(text) - places :]}" if places else text
    return sign + (plain if len(plain) <= PLAIN else min(plain, _scientific(digits, -places), key=len))


def _scientific(digits: str, exponent: int) -> str:
    short = digits.rstrip("0")
    power = exponent + len(digits) - 1
    return f"{short[0]}{'.' if short[1:] else ''}{short[1:]}e{power}"


def common_decimals(values: list[float]) -> list[int]:
    """The decimals of `values` times one power of ten that makes all of them integers."""
    if all(value.is_integer() and abs(value) < 1e15 for value in values):
        return [int(value) for value in values]
    decimals = [Decimal(repr(value)) for value in values]
    places = max(0, *(-int(number.as_tuple().exponent) for number in decimals))
    return [int(number.scaleb(places)) for number in decimals]  # at most 17 digits: scaleb never rounds


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """One scaled feature: sample i is exactly `numerators[inverse[i]] / denominator`."""

    numerators: list[int]  # (distinct values,)
    denominator: int  # > 0
    inverse: Ints  # (samples,)

    def floats(self) -> Floats:
        """Correctly rounded float64, (samples,): Python divides integers so."""
        return np.array([n / self.denominator for n in self.numerators], dtype=np.float64)[self.inverse]


def scaled_feature(raw: Compact, lower: float, upper: float) -> Scaled:
    """Scale one feature `raw` (samples,) so that `lower` becomes 0 and `upper` 1."""
    distinct, inverse = np.unique(raw, return_inverse=True)
    *values, low, high = common_decimals([*distinct.astype(np.float64).tolist(), float(lower), float(upper)])
    return Scaled([value - low for value in values], high - low, inverse)


def scaled_features(raw: Compact, lower: Sequence[float], upper: Sequence[float]) -> Iterator[Scaled]:
    """Scale the features of `raw` (samples, features) one after another."""
    return (scaled_feature(raw[:, j], lower[j], upper[j]) for j in range(raw.shape[1]))


def as_floats(raw: Compact, lower: Sequence[float], upper: Sequence[float]) -> Floats:
    """All features of `raw` scaled, (samples, features), correctly rounded."""
    x = np.empty(raw.shape)
    for j, feature in enumerate(scaled_features(raw, lower, upper)):
        x[:, j] = feature.floats()
    return x


@dataclass(frozen=True, slots=True)
class Lattice:
    """Features are whole multiples of one unit exactly, the largest there is."""

    unit: Fraction


def common_unit(features: Iterable[Scaled]) -> Fraction | None:
    """The greatest common divisor of all values; None as soon as a value is more than MAX_POINT of them."""
    unit, largest = Fraction(0), Fraction(0)
    for feature in features:
        step = Fraction(math.gcd(*feature.numerators), feature.denominator)
        unit = Fraction(math.gcd(unit.numerator, step.numerator), math.lcm(unit.denominator, step.denominator))
        largest = max(largest, Fraction(max(map(abs, feature.numerators)), feature.denominator))
        if largest > MAX_POINT * unit:
            return None
    return unit or Fraction(1)  # all values are zero


def find_lattice(features: Iterable[Scaled]) -> Lattice | None:
    """The lattice of scaled features, if it is coarse enough to be of use."""
    unit = common_unit(features)
    return None if unit is None else Lattice(unit)
