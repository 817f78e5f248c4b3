"""Straight-line code: a neuron as one comparison in C."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.device.c.straight.inputs import Input
from bdnnlang.device.c.straight.sides import Sides, Terms, constant, sides
from bdnnlang.device.c.straight.truth import decision_list, table_of
from bdnnlang.device.c.text.numbers import IntType
from bdnnlang.device.whole import Neuron

TRUE, FALSE = "1", "0"  # of neurons that are always so
_FEW_BITS = 6  # of which a neuron is written with && and ||, where that is possible
_INT = (1 << 15) - 1  # the largest number that an int holds everywhere


def condition(neuron: Neuron, inputs: Sequence[Input]) -> str:
    """An expression that is true where the neuron is 1."""
    ranges = [(i.lower, i.upper) for i in inputs]
    always = constant(neuron, ranges)
    if always is not None:
        return TRUE if always else FALSE
    live = [inputs[place] for place, _ in neuron.weights]
    if len(live) <= _FEW_BITS and all(i.is_bit for i in live):
        logic = _logic(neuron, live)
        if logic is not None:
            return logic
    return _direct(neuron, inputs) or _sums(sides(neuron, ranges), inputs)


def inside(text: str) -> str:
    """A condition that stands between parentheses, without those of its own."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and at < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") else text


def _logic(neuron: Neuron, bits: Sequence[Input]) -> str | None:
    """The neuron of bits by && and ||, if each of them is needed but once."""
    near = Neuron(tuple((k, w) for k, (_, w) in enumerate(neuron.weights)), neuron.threshold)
    steps = decision_list(table_of(near, len(bits)))
    return None if steps is None else steps.as_logic([i.text for i in bits])


def _direct(neuron: Neuron, inputs: Sequence[Input]) -> str | None:
    """A comparison of one reading with a number, or of two with each other, as they are."""
    terms = [(inputs[place], w) for place, w in neuron.weights]
    match terms:
        case [(Input(text, _, _, IntType() as kind), 1 | -1 as weight)]:
            return f"{text} >= {kind.write(neuron.threshold)}" if weight == 1 else f"{text} <= {kind.write(-neuron.threshold)}"
        case [(Input(first, _, _, IntType()), 1), (Input(second, _, _, IntType()), -1)] if neuron.threshold == 0:
            return f"{first} >= {second}"
        case [(Input(first, _, _, IntType()), -1), (Input(second, _, _, IntType()), 1)] if neuron.threshold == 0:
            return f"{second} >= {first}"
        case _:
            return None


def _sums(s: Sides, inputs: Sequence[Input]) -> str:
    kind = IntType(8 if s.bits == 8 and _fits_int(s, inputs) else max(s.bits, 16))
    return f"{_side(s.left, s.plus, kind, inputs)} >= {_side(s.right, s.minus, kind, inputs)}"


def _fits_int(s: Sides, inputs: Sequence[Input]) -> bool:
    """Is nothing that is added up on the way longer than an int of 16 bits?"""
    longest = [sum(w * max(abs(inputs[p].lower), abs(inputs[p].upper)) for p, w in terms) for terms in (s.left, s.right)]
    return max(longest) + max(abs(s.plus), abs(s.minus)) <= _INT


def _side(terms: Terms, number: int, kind: IntType, inputs: Sequence[Input]) -> str:
    """A side: of 8 bits added up as it is, else in a longer unsigned type modulo its size, which ends at the right sum."""
    unit = "" if kind.bits == 8 else "u"
    if not terms:
        return f"{number}u"
    parts = [_term(inputs[place], weight, kind, unit) for place, weight in terms]
    parts += [f"{number}{unit}"] if number > 0 else []
    text = " + ".join(parts) + (f" - {-number}{unit}" if number < 0 else "")
    single = len(terms) == 1 and terms[0][1] == 1 and not number
    return text if single and (kind.bits > 8 or inputs[terms[0][0]].type == kind) else f"({kind.sum})({text})"


def _term(value: Input, weight: int, kind: IntType, unit: str) -> str:
    text = value.text if kind.bits == 8 else f"({kind.sum}){value.text}"
    return text if weight == 1 else f"{weight}{unit} * {text}"
