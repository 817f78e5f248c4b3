"""The values of a param in a sweep, each as a text that `-D` takes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from bdnnlang.language.params import param_value
from bdnnlang.language.reading.domains import read_domain
from bdnnlang.language.reading.errors import GivenTwice, WrongKind
from bdnnlang.language.reading.value_errors import EmptyDomain, OutOfRange
from bdnnlang.language.reading.values import Amount, Items, Quoted, Result, Scope, Truth, Unit, Word
from bdnnlang.language.spec import Integers
from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.parser import parse_value
from bdnnlang.language.syntax.show import quote
from bdnnlang.source import Source, Span

MOST_POINTS = 10_000  # of a sweep
_MOST_DIGITS = 30  # behind the point of a number that is not written as a fraction
_UNIT: dict[Unit, tuple[str, int]] = {"": ("", 1), "time": ("s", 1), "share": ("%", 100), "size": ("KB", 0)}


def values_in(param: nodes.Param, domain: nodes.Domain, scope: Scope) -> tuple[str, ...] | None:
    """Those of a domain, in its order; None: an error has been reported."""
    written = list(_nodes(param, domain, scope))
    return values_of(param, written, scope) if written else None


def values_of(param: nodes.Param, written: list[nodes.Value], scope: Scope) -> tuple[str, ...] | None:
    """Each once and inside the domain of the param; None: an error has been reported."""
    found: dict[str, nodes.Value] = {}
    for node in written:
        value = param_value(param, node, scope)
        text = None if value is None else _text(param, node, value, scope)
        if text is None:
            return None
        if text in found:
            name = f"{param.key.text} = {node.span.text if node.span.text.strip() else text}"
            scope.diagnostics.append(GivenTwice(span=node.span, second=found[text].span, name=name[:60]))
            return None
        found[text] = node
    return tuple(found)


def is_value(text: str, value: object) -> bool:
    """Is this what `-D` makes of a text, as a run records it?"""
    if isinstance(value, str):
        return text in (value, quote(value))
    node, _ = parse_value(Source("", text), "expr")
    found = Scope({}).evaluate(node) if isinstance(node, nodes.Value) else None
    match found:
        case Amount(number, _):
            return not isinstance(value, bool) and value == (int(number) if number.denominator == 1 else float(number))
        case Truth(truth):
            return value is truth
        case _:
            return False


def _nodes(param: nodes.Param, domain: nodes.Domain, scope: Scope) -> Iterator[nodes.Value]:
    """A value after another; none: an error has been reported."""
    if isinstance(domain, nodes.SetDomain):
        if not domain.items:
            problem, advice = "no value at all", f"for example `{param.key.text} in {{1, 2, 4}}`"
            scope.diagnostics.append(EmptyDomain(span=domain.span, form="set", problem=problem, advice=advice))
        yield from domain.items
        return
    if isinstance(domain, nodes.IntervalDomain) and domain.kind is None:
        return _no_interval(param, domain.span, scope)
    whole = read_domain(param.key.text, domain, scope, limit=None)
    if not isinstance(whole, Integers):
        return None
    if whole.upper - whole.lower >= MOST_POINTS:
        advice = "name fewer values, for example as a set"
        allowed = f"at most {MOST_POINTS:,} values"
        scope.diagnostics.append(OutOfRange(span=domain.span, name=param.key.text, range=allowed, advice=advice))
        return None
    for value in range(whole.lower, whole.upper + 1):
        number = nodes.Number(str(abs(value)), domain.span)
        yield nodes.Negative(number, domain.span) if value < 0 else number
    return None


def _no_interval(param: nodes.Param, span: Span, scope: Scope) -> None:
    wanted, found = "whole numbers or a set in a sweep", "an interval of real numbers"
    advice = f"write `int{span.text}`, or some of its numbers: `{{0.1, 0.5, 1}}`"
    scope.diagnostics.append(WrongKind(span=span, name=param.key.text, wanted=wanted, found=found, advice=advice))


def _text(param: nodes.Param, node: nodes.Value, value: Result, scope: Scope) -> str | None:
    """A param that is declared as a string takes the text behind `-D` as it is."""
    if isinstance(param.value, nodes.String):
        if isinstance(value, Quoted):
            return value.text
        advice = f"in quotes, as in `{param.span.text.splitlines()[0][:60]}`"
        error = WrongKind(span=node.span, name=param.key.text, wanted="strings", found="another value", advice=advice)
        scope.diagnostics.append(error)
        return None
    match value:
        case Amount(number, unit):
            return _amount(number, unit)
        case Word(text):
            return text
        case Quoted(text):
            return quote(text)
        case Truth(truth):
            return str(truth).lower()
        case Items():
            raise AssertionError("a param is a single value")
        case _:
            assert_never(value)


def _amount(value: Fraction, unit: Unit) -> str:
    """Exactly."""
    sign, factor = _UNIT[unit]
    number = value * factor if factor else value / 1000
    return f"{decimal}{sign}" if (decimal := _decimal(number)) is not None else f"{number}" + (f" * 1{sign}" if sign else "")


def _decimal(value: Fraction) -> str | None:
    """All its digits; None where they do not end."""
    digits, scaled = 0, value
    while scaled.denominator != 1 and digits < _MOST_DIGITS:
        digits, scaled = digits + 1, scaled * 10
    if scaled.denominator != 1:
        return None
    text = f"{abs(scaled.numerator):0{digits + 1}d}"
    whole, part = (text[:-digits], text[-digits:]) if digits else (text, "")
    return "-" * (value < 0) + whole + (f".{part}" if part else "")
