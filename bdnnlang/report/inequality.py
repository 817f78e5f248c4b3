"""A weighted sum against a threshold as text, in exact decimals and in the units of the data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bdnnlang.data.exact import decimal, is_decimal

MOST_CHARACTERS = 12  # of a number in the plain form


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
