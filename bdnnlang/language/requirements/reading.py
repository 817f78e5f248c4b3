"""From the lines of the block `require` to what they require."""

from __future__ import annotations

from typing import Any, get_args

from bdnnlang.diagnostics import Fix
from bdnnlang.language.kinds import RequirementKind
from bdnnlang.language.reading.blocks import Settings, suggest
from bdnnlang.language.reading.errors import GivenTwice
from bdnnlang.language.reading.read import Reader, listed
from bdnnlang.language.reading.value_errors import MissingOrExtra
from bdnnlang.language.requirements.errors import UnknownRequirement, WrongComparison
from bdnnlang.language.schema import below
from bdnnlang.language.spec import Column, Label, Requirement, RequireSpec
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.show import measure_text
from bdnnlang.source import Span

_KINDS: dict[str, type[Any]] = {kind.row.name: kind for kind in get_args(Requirement)}


def build_require(settings: Settings, span: Span, reader: Reader) -> RequireSpec:
    """All requirements, each measure once."""
    first: dict[str, Span] = {}
    made: list[Requirement] = []
    for relation in settings.relations:
        measure = measure_text(relation.measure)
        if measure in first:
            reader.report(GivenTwice(span=relation.span, second=first[measure], name=measure[:60]))
        elif (one := _requirement(relation, reader)) is not None:
            made.append(one)
        first.setdefault(measure, relation.span)
    return RequireSpec(tuple(made), **settings.fields_of(RequireSpec), span=span)


def _requirement(relation: nodes.Relation, reader: Reader) -> Requirement | None:
    """None: an error has been reported."""
    key, rows = relation.key, below("require", "requirement")
    row = rows.get(key.text)
    if key.is_hole:
        return None
    if row is None:
        suggestion = suggest(key.text, rows)
        reader.report(UnknownRequirement(span=key.span, name=key.text[:60], known=listed(rows), suggestion=suggestion))
        return None
    kind = row.kind
    assert isinstance(kind, RequirementKind)
    before = len(reader.scope.diagnostics)
    _check_form(row, kind, relation, reader)
    items = _items(row, kind, relation, reader)
    limit = (reader.read(row, kind.limit, relation.limit),) if kind.limit and relation.limit else ()
    if len(reader.scope.diagnostics) > before or None in limit or len(limit) < bool(kind.limit):
        return None
    made: Requirement = _KINDS[row.name](*items, *limit, span=relation.span)
    return made


def _check_form(row: Row, kind: RequirementKind, relation: nodes.Relation, reader: Reader) -> None:
    """The comparison has the direction of the requirement, and the unit behind `per` is its own."""
    if relation.side != kind.side:
        _wrong_side(row, kind, relation, reader)
    given = relation.per.text if relation.per else ""
    if given != kind.per and not (relation.per and relation.per.is_hole):
        takes = f"is counted per {kind.per}" if kind.per else "is not counted per anything"
        span = relation.per.span if relation.per else relation.span
        problem = f"`per {given}`" if given else f"`per {kind.per}` is missing"
        end = Span(relation.span.source, relation.span.stop, relation.span.stop)
        fix = None if given else Fix(end, f" per {kind.per}")
        reader.report(WrongComparison(span=span, name=row.name, takes=takes, problem=problem, example=row.example, fix=fix))


def _wrong_side(row: Row, kind: RequirementKind, relation: nodes.Relation, reader: Reader) -> None:
    takes = f"is compared with `{kind.side}`" if kind.side else "is compared with nothing"
    problem = f"`{relation.side}` here" if relation.side else "nothing follows"
    fix = None
    if relation.side and relation.limit:
        between = Span(relation.span.source, relation.measure.span.stop, relation.limit.span.start)
        fix = Fix(between, f" {kind.side} ") if kind.side else None
    reader.report(WrongComparison(span=relation.span, name=row.name, takes=takes, problem=problem, example=row.example, fix=fix))


def _items(row: Row, kind: RequirementKind, relation: nodes.Relation, reader: Reader) -> list[Column | Label | None]:
    """What stands in the brackets, None for what may be left out."""
    given = relation.measure.items
    example = f"for example `{row.example}`"
    if len(given) > len(kind.items):
        span, takes = given[len(kind.items)].span, "takes nothing in brackets" if not kind.items else "takes less in brackets"
        reader.report(MissingOrExtra(span=span, name=row.name, takes=takes, problem="one too many", advice=example))
    if len(given) < kind.needed:
        takes = f"needs a {kind.items[len(given)]} in brackets"
        reader.report(MissingOrExtra(span=relation.key.span, name=row.name, takes=takes, problem="not given", advice=example))
    read = [_item(row, what, item, reader) for what, item in zip(kind.items, given, strict=False)]
    return [*read, *[None] * (len(kind.items) - len(read))]


def _item(row: Row, what: str, item: nodes.Value | nodes.Argument, reader: Reader) -> Column | Label | None:
    if isinstance(item, nodes.Argument):
        advice = f"for example `{row.example}`"
        takes, problem = "takes no options", "an option"
        reader.report(MissingOrExtra(span=item.span, name=row.name, takes=takes, problem=problem, advice=advice))
        return None
    return reader.column(row, item) if what == "column" else reader.label(row, item)
