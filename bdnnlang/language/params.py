"""Declared params, their domains, and `-D name=value`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from bdnnlang.diagnostics import MAX_DIAGNOSTICS, Diagnostic, DiagnosticList
from bdnnlang.language.reading.domains import read_domain
from bdnnlang.language.reading.errors import GivenTwice, UnknownName, UnusedParam, WrongKind, near
from bdnnlang.language.reading.value_errors import MissingOrExtra, OutsideDomain
from bdnnlang.language.reading.values import Amount, Items, Quoted, Result, Scope, Truth, Unit, Word, name_of
from bdnnlang.language.spec import Integers, Interval, ParamValue, WeightDomain
from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.parser import parse_value
from bdnnlang.source import Source, Span


@dataclass(frozen=True, slots=True)
class Params:
    """What the declarations and the command line give."""

    scope: Scope
    declared: tuple[nodes.Param, ...]
    given: frozenset[str] = frozenset()  # those that the command line gives one value
    lists: Mapping[str, tuple[nodes.Value, ...]] = field(default_factory=dict)  # those that it gives several

    @property
    def listing(self) -> str:
        return _listing([param.key.text for param in self.declared])

    def values(self) -> tuple[ParamValue, ...]:
        results = [(param.key.text, self.scope.params.get(param.key.text)) for param in self.declared]
        return tuple(ParamValue(name, _plain(result)) for name, result in results if result is not None)

    def unused(self) -> list[Diagnostic]:
        names = [param.key for param in self.declared if param.key.text not in self.scope.used][:MAX_DIAGNOSTICS]
        return [UnusedParam(span=name.span, name=name.text) for name in names]


def read_params(body: Sequence[nodes.Statement], defines: Sequence[str], diagnostics: DiagnosticList) -> Params:
    """From top to bottom: a declaration can use those above it. Raises Enough."""
    declared: dict[str, nodes.Param] = {}
    values: dict[str, Result] = {}
    for param in (s for s in body if isinstance(s, nodes.Param) and not s.key.is_hole):
        if param.key.text in declared:
            second = declared[param.key.text].span
            diagnostics.append(GivenTwice(span=param.span, second=second, name=param.key.text))
        declared.setdefault(param.key.text, param)
    given = _given(defines, declared, diagnostics)
    lists = {name: nodes_ for name, nodes_ in given.items() if len(nodes_) > 1}
    used: set[str] = set()
    above: set[str] = set()
    for name, param in declared.items():
        node = param.value if name in lists or name not in given else given[name][0]
        value = param_value(param, node, Scope(values, above, used, diagnostics))
        if value is not None:
            values[name] = value
        above.add(name)
    scope = Scope(values, frozenset(declared) | _misplaced(body), used, diagnostics)
    return Params(scope, tuple(declared.values()), frozenset(given.keys() - lists.keys()), lists)


def _misplaced(body: Sequence[nodes.Statement]) -> frozenset[str]:
    """Names declared inside blocks, which is reported elsewhere: their use must not be a second error."""
    inner = [s for step in body if isinstance(step, nodes.Step) and step.block for s in step.block.body]
    return frozenset(s.key.text for s in inner if isinstance(s, nodes.Param))


def _given(
    defines: Sequence[str], declared: dict[str, nodes.Param], diagnostics: DiagnosticList
) -> dict[str, tuple[nodes.Value, ...]]:
    """The values of `-D name=value`, several of `-D name=1,2,3`; the last one wins. A string param takes the text as it is."""
    given: dict[str, tuple[nodes.Value, ...]] = {}
    for text in defines:
        source = Source(f"-D {text}", text)
        name, equals, raw = text.partition("=")
        place, name = Span(source, 0, len(name)), name.strip()
        if name not in declared:
            diagnostics.append(_undeclared(name, place, declared))
        elif not equals:
            advice = f"write `-D {name}=…`"
            diagnostics.append(
                MissingOrExtra(span=place, name=f"-D {name}", takes="needs a value", problem="no value", advice=advice)
            )
        elif isinstance(declared[name].value, nodes.String):
            given[name] = (nodes.String(raw, Span(source, len(text) - len(raw), len(text))),)
        else:
            values = [_parsed(source, start, stop, diagnostics) for start, stop in _between_commas(text, len(text) - len(raw))]
            known = tuple(value for value in values if value is not None)
            if len(known) == len(values):
                given[name] = known
    return given


def _parsed(source: Source, start: int, stop: int, diagnostics: DiagnosticList) -> nodes.Value | None:
    """None: an error has been reported."""
    part = source if stop == len(source.text) else Source(source.path, source.text[:stop])
    value, errors = parse_value(part, "expr", start)
    for error in errors:
        diagnostics.append(error)
    return value if isinstance(value, nodes.Value) and not errors else None


def _between_commas(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where the values of a list without brackets stand: commas inside brackets and quotes do not part them."""
    depth, is_quoted = 0, False
    for place in range(start, len(text)):
        match text[place]:
            case '"':
                is_quoted = not is_quoted
            case "(" | "[" | "{":
                depth += 1
            case ")" | "]" | "}":
                depth -= 1
            case "," if not (depth or is_quoted):
                yield start, place
                start = place + 1
    yield start, len(text)


def _undeclared(name: str, span: Span, declared: dict[str, nodes.Param]) -> UnknownName:
    return UnknownName(span=span, name=name[:60], declared=_listing(declared), suggestion=near(name, declared))


def _listing(names: Collection[str]) -> str:
    return "declared: " + ", ".join(f"`{name}`" for name in names) if names else "no `param` is declared"


def param_value(param: nodes.Param, node: nodes.Value, scope: Scope) -> Result | None:
    """The value of a param, inside its domain; None: an error has been reported."""
    value = scope.evaluate(node)
    if isinstance(value, Items):
        scope.diagnostics.append(WrongKind(span=node.span, name=param.key.text, wanted="a single value", found="a list"))
        return None
    if value is None or param.domain is None:
        return value
    domain = read_domain(param.key.text, param.domain, scope, limit=None)
    if domain is None:
        return value
    if isinstance(value, Amount) and (end := _of_other_unit(param.domain, value, scope)):
        scope.diagnostics.append(_other_unit(param, node, value, end))
        return None
    if isinstance(value, Amount) and _contains(domain, value.value):
        return value
    written, place = " ".join(param.domain.span.text.split())[:60], param.domain.span
    scope.diagnostics.append(OutsideDomain(span=node.span, second=place, name=param.key.text, domain=written))
    return None


def _of_other_unit(domain: nodes.Domain, value: Amount, scope: Scope) -> tuple[nodes.Value, Amount] | None:
    """The first number of a domain that does not compare with a value: `20%` and `0.2` do, `3min` and `3` do not."""
    for node in _ends(domain):
        end = scope.evaluate(node)
        if isinstance(end, Amount) and _dimension(end) != _dimension(value):
            return node, end
    return None


def _dimension(amount: Amount) -> Unit:
    return "" if amount.unit == "share" else amount.unit


def _ends(domain: nodes.Domain) -> Sequence[nodes.Value]:
    """The numbers that it is written with."""
    match domain:
        case nodes.IntervalDomain(_, lower, upper):
            return lower, upper
        case nodes.SetDomain(items):
            return items
        case nodes.NamedDomain(_, span):
            return (nodes.Number("0", span),)
        case _:
            assert_never(domain)


def _other_unit(param: nodes.Param, node: nodes.Value, value: Amount, end: tuple[nodes.Value, Amount]) -> WrongKind:
    wanted, found = f"{name_of(value)} in its domain", name_of(end[1])
    advice = "write the value and its domain in units of the same kind"
    return WrongKind(span=end[0].span, second=node.span, name=param.key.text, wanted=wanted, found=found, advice=advice)


def _contains(domain: WeightDomain, value: Fraction) -> bool:
    if isinstance(domain, Interval):
        return domain.lower <= value <= domain.upper
    if isinstance(domain, Integers):
        return value.denominator == 1 and domain.lower <= value <= domain.upper
    return float(value) in domain.values


def _plain(result: Result) -> float | int | str | bool:
    match result:
        case Amount(value, _):
            return int(value) if value.denominator == 1 else float(value)
        case Word(text) | Quoted(text):
            return text
        case Truth(truth):
            return truth
        case Items():
            raise AssertionError("a param is a single value")
