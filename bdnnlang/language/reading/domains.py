"""From the node of a domain to an interval, a run of integers or a set of values."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from bdnnlang.diagnostics import Fix
from bdnnlang.language.reading.errors import WrongKind, near
from bdnnlang.language.reading.value_errors import EmptyDomain, OutOfRange, UnknownDomain
from bdnnlang.language.reading.values import Amount, Scope, Word, name_of
from bdnnlang.language.spec import Integers, Interval, Values, WeightDomain
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Span

LARGEST_WEIGHT = 1_000_000
_NAMED = {"binary": (0, 1), "ternary": (-1, 1)}


def read_domain(name: str, node: nodes.Domain, scope: Scope, limit: int | None = LARGEST_WEIGHT) -> WeightDomain | None:
    """The domain of the setting `name`; None: an error has been reported."""
    match node:
        case nodes.IntervalDomain():
            return _interval(name, node, scope, limit)
        case nodes.SetDomain(items, span):
            values = [_bound(name, item, scope, limit) for item in items]
            known = [value for value in values if value is not None]
            if not items:
                scope.diagnostics.append(
                    EmptyDomain(span=span, form="set", problem="no value at all", advice="for example `{-1, 0, 1}`")
                )
            return _set(known, span) if items and len(known) == len(items) else None
        case nodes.NamedDomain(word, span):
            if word.text in _NAMED:
                return Integers(*_NAMED[word.text], span=span)
            _unknown(word, scope, list(_NAMED))
            return None
        case _:
            assert_never(node)


def _interval(name: str, node: nodes.IntervalDomain, scope: Scope, limit: int | None) -> WeightDomain | None:
    if node.kind is not None and node.kind.text != "int":
        _unknown(node.kind, scope, ["int"])
        return None
    lower, upper = (_bound(name, bound, scope, limit) for bound in (node.lower, node.upper))
    if lower is None or upper is None:
        return None
    if lower > upper:
        problem = "the lower end is above the upper one"
        kind = node.kind.text if node.kind else ""
        fix = Fix(node.span, f"{kind}[{node.upper.span.text}, {node.lower.span.text}]", is_said=True)
        scope.diagnostics.append(
            EmptyDomain(span=node.span, form="interval", problem=problem, advice="swap the two ends", fix=fix)
        )
        return None
    if node.kind is None:
        return Interval(float(lower), float(upper), span=node.span)
    whole = [_is_whole(value, bound, scope) for value, bound in ((lower, node.lower), (upper, node.upper))]
    return Integers(int(lower), int(upper), span=node.span) if all(whole) else None


def _is_whole(value: Fraction, node: nodes.Value, scope: Scope) -> bool:
    if value.denominator == 1:
        return True
    advice = "write whole ends, or leave out `int`"
    scope.diagnostics.append(WrongKind(span=node.span, name="int", wanted="whole numbers", found="a fraction", advice=advice))
    return False


def _bound(name: str, node: nodes.Value, scope: Scope, limit: int | None) -> Fraction | None:
    """A plain number that a weight can be."""
    found = scope.evaluate(node)
    if isinstance(found, Word) and isinstance(node, nodes.Name):
        scope.unknown(node)
    elif isinstance(found, Amount) and (not found.unit or limit is None):
        if limit is None or abs(found.value) <= limit:
            return found.value
        span = f"between -{limit} and {limit}"
        scope.diagnostics.append(OutOfRange(span=node.span, name=name, range=span, advice="rescale: weights near 1 work best"))
    elif found is not None:
        scope.diagnostics.append(WrongKind(span=node.span, name=name, wanted="plain numbers", found=name_of(found)))
    return None


def _set(values: list[Fraction], span: Span) -> WeightDomain:
    """Ascending and distinct; a run of integers is a type of its own, because solvers handle it better."""
    ordered = sorted(set(values))
    whole = all(value.denominator == 1 for value in ordered)
    if whole and ordered[-1] - ordered[0] == len(ordered) - 1:
        return Integers(int(ordered[0]), int(ordered[-1]), span=span)
    return Values(tuple(dict.fromkeys(float(value) for value in ordered)), span=span)


def _unknown(name: nodes.Name, scope: Scope, options: list[str]) -> None:
    if not name.is_hole:
        scope.diagnostics.append(UnknownDomain(span=name.span, name=name.text[:60], suggestion=near(name.text, options)))
