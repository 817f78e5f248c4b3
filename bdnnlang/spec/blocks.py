"""The body of a block against the rows of the schema: which facts and steps it has, each value read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, assert_never

from bdnnlang.source import Span
from bdnnlang.spec.domains import read_domain
from bdnnlang.spec.errors import (
    EqualsOrIn,
    GivenTwice,
    ParamInside,
    StepOrSetting,
    UnknownSetting,
    UnknownStep,
    WrongKind,
    near,
)
from bdnnlang.spec.kinds import Around, LossSum, Nothing, Origin, Share, WeightSet, describe, example
from bdnnlang.spec.loss import read_loss
from bdnnlang.spec.read import Reader, listed
from bdnnlang.spec.schema import TABLE, Row, below
from bdnnlang.spec.types import Interval
from bdnnlang.spec.value_errors import MissingOrExtra
from bdnnlang.syntax import nodes
from bdnnlang.syntax.show import expression


@dataclass(slots=True)
class Settings:
    """The facts of a block that were given and are right, by name, and where each one stands."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    steps: list[Taken] = field(default_factory=list)
    names: dict[str, Span] = field(default_factory=dict)  # all that were given, right or wrong


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of a block: its value (None if it has none) and its own settings."""

    name: str
    value: Any
    settings: Settings
    span: Span
    is_right: bool


def read_block(path: str, body: tuple[nodes.Statement, ...], reader: Reader) -> Settings:
    """Every statement of a block, in the order of the text."""
    settings = Settings()
    for statement in body:
        if statement.key.is_hole:
            continue
        match statement:
            case nodes.Fact() | nodes.Member():
                _read_fact(path, statement, settings, reader)
            case nodes.Step():
                _read_step(path, statement, settings, reader)
            case nodes.Param(key, _, _, _, span):
                reader.tell(ParamInside(span=span, name=key.text))
            case _:
                assert_never(statement)
    return settings


def suggest(name: str, rows: dict[str, Row]) -> str | None:
    """What was probably meant: a word of another tool, or the nearest one."""
    other = next((row.name for row in rows.values() if name.lower() in row.aliases), None)
    return other or near(name, rows)


def _read_fact(path: str, fact: nodes.Fact | nodes.Member, settings: Settings, reader: Reader) -> None:
    name = fact.key.text
    row = below(path, "fact", "domain", "step").get(name)
    if row is None:
        return _unknown_setting(path, fact.key, reader)
    if row.form == "step":
        error = StepOrSetting(span=fact.key.span, name=name, is_form="step", used_as="setting", example=row.example)
        return reader.tell(error)
    if name in settings.names:
        return reader.tell(GivenTwice(span=fact.span, second=settings.names[name], name=name))
    settings.names[name] = fact.span
    value = _fact_value(row, fact, reader)
    if value is not None:
        settings.values[name] = value
        settings.spans[name] = fact.span
    return None


def _fact_value(row: Row, fact: nodes.Fact | nodes.Member, reader: Reader) -> Any:
    if isinstance(row.kind, WeightSet):
        return _domain(row, row.kind, fact, reader) if isinstance(fact, nodes.Member) else _swap(row, fact, reader)
    if isinstance(fact, nodes.Member):
        return _swap(row, fact, reader)
    if isinstance(row.kind, LossSum):
        return read_loss(row, fact.value, reader)
    if isinstance(row.kind, Share) and row.kind.or_file and isinstance(fact.value, nodes.Call):
        return fact.value  # `source.part_file` reads it, where the main file is known
    assert not isinstance(row.kind, Nothing | Origin | Around)
    return reader.read(row, row.kind, fact.value)


def _domain(row: Row, kind: WeightSet, fact: nodes.Member, reader: Reader) -> Any:
    domain = read_domain(row.name, fact.domain, reader.scope)
    if domain is None or not kind.interval or isinstance(domain, Interval):
        return domain
    wanted, advice = describe(kind), f"for example `{row.example}`"
    return reader.tell(WrongKind(span=fact.domain.span, name=row.name, wanted=wanted, found="a finite set", advice=advice))


def _swap(row: Row, fact: nodes.Fact | nodes.Member, reader: Reader) -> None:
    """`=` and `in` confused."""
    takes, operator = ("domain", "in") if row.form == "domain" else ("value", "=")
    value = fact.value if isinstance(fact, nodes.Fact) else None
    if isinstance(value, nodes.List) and len(value.items) == 2:
        shown = f"{row.name} in {expression(value)}"
    else:
        shown = row.example or f"{row.name} {operator} {example(row.kind).split('`')[1]}"
    reader.tell(EqualsOrIn(span=fact.span, name=row.name, takes=takes, operator=operator, example=shown))


def _unknown_setting(path: str, key: nodes.Name, reader: Reader) -> None:
    rows = below(path, "fact", "domain")
    meant = suggest(key.text, rows)
    elsewhere = [row for row in TABLE if row.name == key.text and row.form in ("fact", "domain")]
    if not meant and elsewhere:
        advice = f"it is a setting of `{elsewhere[0].parent}`"
    else:
        advice = f"settings here: {listed(rows)}" if rows else f"`{path}` has no settings"
    where = path.rpartition(".")[2]
    reader.tell(UnknownSetting(span=key.span, name=key.text[:60], where=where, advice=advice, suggestion=meant))


def _read_step(path: str, step: nodes.Step, settings: Settings, reader: Reader) -> None:
    name = step.key.text
    row = below(path, "fact", "domain", "step").get(name)
    if row is None:
        return _unknown_step(path, step.key, reader)
    if row.form != "step":
        shown = row.example or f"{name} = {row.default}"
        error = StepOrSetting(span=step.key.span, name=name, is_form="setting", used_as="step", example=shown)
        return reader.tell(error)
    before = len(reader.scope.told)
    value = _argument(row, step, reader)
    inner = read_block(row.path, step.block.body if step.block else (), reader)
    holes = any(isinstance(arg, nodes.Name) and arg.is_hole for arg in step.args)
    settings.steps.append(Taken(name, value, inner, step.span, len(reader.scope.told) == before and not holes))
    return None


def _unknown_step(path: str, key: nodes.Name, reader: Reader) -> None:
    steps, facts = below(path, "step"), below(path, "fact", "domain")
    meant = suggest(key.text, steps) or suggest(key.text, facts)
    elsewhere = [row for row in TABLE if row.name == key.text and row.form == "step" and row.parent]
    if not meant and elsewhere:
        advice = f"it is a step of `{elsewhere[0].parent}`"
    else:
        advice = f"steps here: {listed(steps)}" if steps else f"settings here: {listed(facts)}"
    where = path.rpartition(".")[2]
    reader.tell(UnknownStep(span=key.span, name=key.text[:60], where=where, advice=advice, suggestion=meant))


def _argument(row: Row, step: nodes.Step, reader: Reader) -> Any:
    """The one value of a step, if it takes one; the node itself where it is a set, which `sets` reads."""
    wanted = 0 if isinstance(row.kind, Nothing) else 1
    if len(step.args) > wanted:
        return reader.tell(extra(row.name, step.args[wanted].span, wanted, row.example))
    if not step.args:
        if wanted and not row.optional:
            reader.tell(lacking(row.name, step.key.span, describe(row.kind), row.example))
        return None
    if isinstance(row.kind, Around):
        return step.args[0]
    assert not isinstance(row.kind, Nothing | Origin | WeightSet | LossSum)
    return reader.read(row, row.kind, step.args[0])


def extra(name: str, span: Span, wanted: int, shown: str) -> MissingOrExtra:
    takes = "takes one value" if wanted else "takes no value"
    return MissingOrExtra(span=span, name=name, takes=takes, problem="one too many", advice=f"for example `{shown}`")


def lacking(name: str, span: Span, wanted: str, shown: str) -> MissingOrExtra:
    return MissingOrExtra(
        span=span, name=name, takes=f"needs {wanted}", problem="nothing follows", advice=f"for example `{shown}`"
    )
