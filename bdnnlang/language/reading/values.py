"""The exact value of an expression: numbers are rationals, units keep dimensions apart."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, assert_never

from bdnnlang.diagnostics import DiagnosticList
from bdnnlang.language.reading.errors import UnknownName, WrongKind, near
from bdnnlang.language.reading.value_errors import DivisionByZero, OutOfRange, UnknownUnit
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Span

Unit = Literal["", "time", "share", "size"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number; a duration in seconds, a share in parts of one, a size in bytes."""

    value: Fraction
    unit: Unit = ""


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    text: str


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Items:
    """The nodes of a list, each read where its kind is known."""

    items: tuple[nodes.Value, ...]


Result = Amount | Word | Quoted | Truth | Items

_NAMES: dict[Unit, str] = {"": "a number", "time": "a duration", "share": "a fraction", "size": "a size"}
_UNITS: dict[str, tuple[Unit, Fraction]] = {
    "d": ("time", Fraction(86400)),
    "h": ("time", Fraction(3600)),
    "min": ("time", Fraction(60)),
    "s": ("time", Fraction(1)),
    "ms": ("time", Fraction(1, 1000)),
    "%": ("share", Fraction(1, 100)),
    "KB": ("size", Fraction(10**3)),
    "MB": ("size", Fraction(10**6)),
    "GB": ("size", Fraction(10**9)),
}
MEANT_UNITS = {
    **dict.fromkeys(("m", "mins", "minute", "minutes", "Min", "M"), "min"),
    **dict.fromkeys(("sec", "secs", "second", "seconds", "S"), "s"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours", "H"), "h"),
    **dict.fromkeys(("day", "days", "D"), "d"),
    **dict.fromkeys(("msec", "millis"), "ms"),
    **dict.fromkeys(("G", "gb", "g", "Gb", "GiB"), "GB"),
    **dict.fromkeys(("mb", "Mb", "MiB"), "MB"),
    **dict.fromkeys(("K", "k", "kb", "kB", "Kb", "KiB"), "KB"),
}
_PART = re.compile(r"([0-9_]+(?:\.[0-9]+)?)([^0-9._]+)")
MAX_LENGTH = 400  # characters of a number
_LARGEST = Fraction(sys.float_info.max)
_MAX_BITS = 4096  # of a numerator or denominator


@dataclass(slots=True)
class Scope:
    """The declared params, which of them were used, and what was wrong so far."""

    params: Mapping[str, Result]
    declared: Set[str] = frozenset()  # params whose own value was wrong belong here too
    used: set[str] = field(default_factory=set)
    diagnostics: DiagnosticList = field(default_factory=DiagnosticList)
    is_trial: bool = False  # a statement is tried that nobody wrote

    def evaluate(self, node: nodes.Value) -> Result | None:
        """None: an error has been reported."""
        match node:
            case nodes.Name():
                return self._name(node)
            case nodes.Number(text, span):
                return self._checked(number(text), span)
            case nodes.Quantity(text, span):
                return self._quantity(text, span)
            case nodes.String(text):
                return Quoted(text)
            case nodes.Bool(value):
                return Truth(value)
            case nodes.Negative(operand, span):
                amount = self._amount(operand, "-")
                return amount and Amount(-amount.value, amount.unit)
            case nodes.Chain():
                return self._chain(node)
            case nodes.List(items):
                return Items(items)
            case nodes.Call(name, _, span):
                if not name.is_hole:
                    self.diagnostics.append(WrongKind(span=span, name="this place", wanted="a value", found="a call"))
                return None
            case _:
                assert_never(node)

    def unknown(self, name: nodes.Name) -> None:
        """A word where only a number or a param makes sense."""
        self.diagnostics.append(
            UnknownName(
                span=name.span,
                name=name.text,
                declared=_listing(self.declared),
                suggestion=near(name.text, self.declared),
            )
        )

    def _name(self, node: nodes.Name) -> Result | None:
        if node.is_hole:
            return None
        self.used.add(node.text)
        if node.text in self.declared:
            return self.params.get(node.text)
        return Word(node.text)

    def _amount(self, node: nodes.Value, operator: str) -> Amount | None:
        """What arithmetic can work on."""
        result = self.evaluate(node)
        if isinstance(result, Word) and isinstance(node, nodes.Name):
            self.unknown(node)
        elif result is not None and not isinstance(result, Amount):
            self.diagnostics.append(WrongKind(span=node.span, name=operator, wanted="a number", found=name_of(result)))
        return result if isinstance(result, Amount) else None

    def _chain(self, node: nodes.Chain) -> Amount | None:
        total = self._amount(node.first, node.rest[0][0])
        for operator, operand in node.rest:
            right = self._amount(operand, operator)
            if total is None or right is None:
                return None
            total = self._apply(operator, total, right, operand.span, node.span)
        return total

    def _apply(self, operator: nodes.Operator, a: Amount, b: Amount, where: Span, whole: Span) -> Amount | None:
        """Like units add; a product or quotient has at most one unit."""
        if operator == "/" and not b.value:
            self.diagnostics.append(DivisionByZero(span=where))
            return None
        matches = a.unit == b.unit if operator in "+-" else not b.unit or (operator == "*" and not a.unit)
        if not matches and not (operator == "/" and a.unit == b.unit):
            found = _NAMES[b.unit]
            self.diagnostics.append(
                WrongKind(span=where, name=f"`{operator}` after {_NAMES[a.unit]}", wanted="a match", found=found)
            )
            return None
        unit: Unit = "" if operator == "/" and a.unit == b.unit else a.unit or b.unit
        result = self._checked(_calculate(operator, a.value, b.value), whole)
        return result and Amount(result.value, unit)

    def _quantity(self, text: str, span: Span) -> Amount | None:
        """A run of number and unit, the larger unit first, all of one dimension."""
        if len(text) > MAX_LENGTH:
            return self._checked(None, span)
        parts = _PART.findall(text)
        units = [unit for _, unit in parts]
        order = [list(_UNITS).index(unit) for unit in units if unit in _UNITS]
        kinds = {_UNITS[unit][0] for unit in units if unit in _UNITS}
        whole = "".join(value + unit for value, unit in parts) == text
        if not whole or len(order) != len(units) or len(kinds) != 1 or order != sorted(set(order)):
            self.diagnostics.append(_unknown_unit(text, units, span))
            return None
        if len(units) > 1 and kinds != {"time"}:
            self.diagnostics.append(_unknown_unit(text, units[1:], span))
            return None
        value = sum((Fraction(value.replace("_", "")) * _UNITS[unit][1] for value, unit in parts), Fraction(0))
        checked = self._checked(value, span)
        return checked and Amount(checked.value, kinds.pop())

    def _checked(self, value: Fraction | None, span: Span) -> Amount | None:
        """Numbers that a 64-bit float cannot hold are refused."""
        if value is None or abs(value) > _LARGEST or _bits(value) > _MAX_BITS or (value and float(value) == 0):
            written, advice = " ".join(span.text.split()), "write a number of usual size"
            short = written if len(written) <= 40 else written[:37] + "…"
            self.diagnostics.append(OutOfRange(span=span, name=short, range="a number that fits in 64 bits", advice=advice))
            return None
        return Amount(value)


def number(text: str) -> Fraction | None:
    """Exact; None if it is too long or its exponent too large to bother."""
    digits, _, exponent = text.replace("_", "").lower().partition("e")
    if len(text) > MAX_LENGTH or len(exponent.lstrip("+-0")) > 3:
        return None
    return Fraction(digits) * Fraction(10) ** int(exponent or 0)


def name_of(result: Result) -> str:
    """With its article, for messages."""
    match result:
        case Amount(value, unit):
            return "a decimal number" if not unit and value.denominator != 1 else _NAMES[unit]
        case Word(text):
            return f"the word `{text}`"
        case Quoted():
            return "a string"
        case Truth(value):
            return f"`{str(value).lower()}`"
        case Items():
            return "a list"
        case _:
            assert_never(result)


def _calculate(operator: nodes.Operator, a: Fraction, b: Fraction) -> Fraction:
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
        case _:
            assert_never(operator)


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _unknown_unit(text: str, units: list[str], span: Span) -> UnknownUnit:
    """`10m` is a slip with an obvious cure."""
    wrong = next((unit for unit in units if unit not in _UNITS), units[-1] if units else text)
    known = MEANT_UNITS.get(wrong)
    short = text if len(text) <= 40 else text[:37] + "…"
    suggestion = text.replace(wrong, known) if known and len(units) == 1 else None
    return UnknownUnit(span=span, unit=wrong[:20], text=short, suggestion=suggestion)


def _listing(names: Set[str]) -> str:
    return "declared: " + ", ".join(f"`{name}`" for name in sorted(names)) if names else "no `param` is declared"
