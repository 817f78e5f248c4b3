"""A weighted sum against a threshold as text, in exact decimals and in the units of the data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_CHARACTERS = 12  # of a number in the plain form
PLAIN = 16  # characters of a number without an exponent


@dataclass(frozen=True, slots=True)
class Term:
    """`weight` times (input − low) / span."""

    weight: Fraction
    name: str
    low: Fraction = Fraction(0)
    span: Fraction = Fraction(1)


def inequality(terms: Sequence[Term], threshold: Fraction, most: int | None = None) -> str:
    """Σ weight · (input − low) / span ≥ threshold, the first `most` terms written out and the others counted.

    Multiplied out where all numbers are short decimals then, if need be times a common factor, which changes nothing; else as
    it stands, `0.8 (age - 18) / 77`. Either way the numbers are exact.
    """
    factors = _plain(terms, threshold)
    if factors is None:
        parts = [_signed(term.weight, _quotient(term)) for term in terms]
        right = threshold
    else:
        *weights, right = factors
        parts = [_signed(weight, term.name) for weight, term in zip(weights, terms, strict=True)]
    shown = parts if most is None else parts[:most]
    rest = f" + {len(parts) - len(shown)} more" if len(parts) > len(shown) else ""
    return f"{' '.join(shown).removeprefix('+ ')}{rest} >= {decimal(right)}"


def _plain(terms: Sequence[Term], threshold: Fraction) -> list[Fraction] | None:
    """Weights of the inputs and, last, the threshold: the shortest of some multiples; None: none of them is short."""
    weights = [term.weight / term.span for term in terms]
    right = threshold + sum((weight * term.low for weight, term in zip(weights, terms, strict=True)), Fraction(0))
    if all(term.span == 1 and not term.low for term in terms):
        return [*weights, right]
    numbers = [*weights, right]
    forms = [[number * factor for number in numbers] for factor in (Fraction(1), _whole(weights), _whole(numbers))]
    short = [form for form in forms if all(_is_short(number) for number in form)]
    return min(short, key=lambda form: sum(len(decimal(number)) for number in form), default=None)


def _whole(numbers: Sequence[Fraction]) -> Fraction:
    """The least positive factor that makes all of them whole numbers."""
    return Fraction(math.lcm(*(n.denominator for n in numbers)), math.gcd(*(n.numerator for n in numbers)) or 1)


def _is_short(number: Fraction) -> bool:
    return is_decimal(number) and len(decimal(number)) <= MOST_CHARACTERS


def _quotient(term: Term) -> str:
    if not term.low and term.span == 1:
        return term.name
    top = f"({term.name} {'+' if term.low < 0 else '-'} {decimal(abs(term.low))})" if term.low else term.name
    return top if term.span == 1 else f"{top} / {decimal(term.span)}"


def _signed(weight: Fraction, what: str) -> str:
    size = abs(weight)
    return f"{'-' if weight < 0 else '+'} {what if size == 1 else f'{decimal(size)} {what}'}"


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
