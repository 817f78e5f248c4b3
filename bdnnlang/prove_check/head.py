"""The first line of a proof: what it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from bdnnlang.prove_check.lines import Line

MEMBERS = ("proof", "question", "neurons", "weights", "output", "threshold", "unit", "irreducible", "scale", "samples")


@dataclass(frozen=True, slots=True)
class Merged:
    """Equal samples as one: class, weight in units, features as whole numbers, and the training samples that it stands for."""

    label: int
    weight: int
    x: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """As docs/proofs.md 2.1 says."""

    question: Any
    neurons: int
    weights: tuple[Fraction, ...] | None
    output: tuple[Fraction, ...] | None
    threshold: int | None
    unit: Fraction
    irreducible: Fraction
    scale: tuple[tuple[Fraction, Fraction], ...]
    samples: tuple[Merged, ...]


def read_head(line: Line) -> Head:
    """Raises Unproved."""
    edition, question, neurons, weights, output, threshold, unit, irreducible, scale, samples = line.only(*MEMBERS)
    if edition != 1 or type(edition) is not int:
        raise line.refuse("it is a proof of an edition that is not known")
    head = Head(
        question,
        line.whole(neurons, 1),
        None if weights is None else _domain(line, weights),
        None if output is None else _domain(line, output),
        None if threshold is None else line.whole(threshold, 1),
        line.rational(unit),
        line.rational(irreducible),
        tuple(_scale(line, pair) for pair in _list(line, scale)),
        tuple(_merged(line, sample) for sample in _list(line, samples)),
    )
    _check(line, head)
    return head


def _check(line: Line, head: Head) -> None:
    if head.unit <= 0 or head.irreducible < 0:
        raise line.refuse("costs are not positive")
    if head.threshold is not None and head.threshold > head.neurons:
        raise line.refuse("the output asks for more neurons than there are")
    if any(len(sample.x) != len(head.scale) for sample in head.samples):
        raise line.refuse("a sample has another number of features than the scale")
    if head.weights is not None:
        if {-w for w in head.weights} != set(head.weights):
            raise line.refuse("the weights are not closed under negation")
        if len({factor for factor, _ in head.scale}) > 1:
            raise line.refuse("with weights of a list all features need one factor")
    rows = [row for sample in head.samples for row in sample.rows]
    if len(set(rows)) < len(rows):
        raise line.refuse("a training sample stands for two")


def _list(line: Line, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise line.refuse("there is no list where one is due")
    return value


def _domain(line: Line, value: Any) -> tuple[Fraction, ...]:
    found = line.rationals(value)
    if not found or any(a >= b for a, b in pairwise(found)):
        raise line.refuse("values of weights are not in ascending order")
    return found


def _scale(line: Line, pair: Any) -> tuple[Fraction, Fraction]:
    found = line.rationals(pair)
    if len(found) != 2 or found[0] <= 0:
        raise line.refuse("a scale is no positive factor and a shift")
    return found[0], found[1]


def _merged(line: Line, value: Any) -> Merged:
    if not isinstance(value, list) or len(value) != 4 or not isinstance(value[2], list):
        raise line.refuse("a sample is no class, weight, features and rows")
    label, weight, x, rows = value
    if type(label) is not int or label not in (0, 1) or not all(type(v) is int for v in x):
        raise line.refuse("the class or a feature of a sample is no such number")
    return Merged(label, line.whole(weight, 1), tuple(x), line.wholes(rows))
