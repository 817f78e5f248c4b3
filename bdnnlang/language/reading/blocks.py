"""The body of a block against the rows of the schema: which facts and steps it has, each value read."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, assert_never

from bdnnlang.diagnostics import Fix
from bdnnlang.language.kinds import (
    Choice,
    LossSum,
    Nothing,
    Origin,
    OutputRule,
    Parameters,
    PerturbationKind,
    RequirementKind,
    Share,
    WeightSet,
    Whole,
    describe,
    example,
)
from bdnnlang.language.reading.domains import read_domain
from bdnnlang.language.reading.errors import (
    EqualsOrIn,
    GivenTwice,
    ParamInside,
    StepOrSetting,
    UnknownName,
    UnknownSetting,
    UnknownStep,
    WrongKind,
    near,
)
from bdnnlang.language.reading.foreign import foreign_advice
from bdnnlang.language.reading.loss import read_loss
from bdnnlang.language.reading.parameters import read_parameters
from bdnnlang.language.reading.read import Reader, listed
from bdnnlang.language.reading.repair import repaired, text_of
from bdnnlang.language.reading.value_errors import MissingOrExtra, QuotedWord
from bdnnlang.language.reading.values import Scope
from bdnnlang.language.schema import TABLE, below
from bdnnlang.language.spec import FixedOutput, Interval
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.parser import parse
from bdnnlang.source import Source, Span

Statement = nodes.Fact | nodes.Member | nodes.Step


@dataclass(slots=True)
class Settings:
    """The facts of a block that were given and are right, by name, and where each one stands."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    steps: list[ReadStep] = field(default_factory=list)
    names: dict[str, Span] = field(default_factory=dict)  # all that were given, right or wrong
    relations: list[nodes.Relation] = field(default_factory=list)  # the requirements, as they are written

    def fields_of(self, kind: type[Any]) -> dict[str, Any]:
        """The settings that are fields of a spec type, and their spans where it has a field for them."""
        known = {part.name for part in fields(kind)}
        values = {name: value for name, value in self.values.items() if name in known}
        return values | {f"{name}_span": self.spans[name] for name in values if f"{name}_span" in known}


@dataclass(frozen=True, slots=True)
class ReadStep:
    """A step of a block: its value (None if it has none) and its own settings."""

    name: str
    value: Any
    settings: Settings
    span: Span
    is_right: bool


def read_block(path: str, body: tuple[nodes.Statement, ...], reader: Reader, opening: Span | None = None) -> Settings:
    """Every statement of a block, in the order of the text. `opening`: its name there."""
    settings = Settings()
    for statement in body:
        if statement.key.is_hole:
            continue
        match statement:
            case nodes.Fact() | nodes.Member():
                _read_fact(path, statement, settings, reader)
            case nodes.Step():
                _read_step(path, statement, settings, reader)
            case nodes.Relation():
                settings.relations.append(statement)
            case nodes.Param(key, _, _, _, span):
                reader.report(ParamInside(span=span, second=opening, name=key.text))
            case _:
                assert_never(statement)
    return settings


def suggest(name: str, rows: dict[str, Row]) -> str | None:
    """What was probably meant: a word of another tool, or the nearest one."""
    other = next((row.name for row in rows.values() if name.lower() in row.aliases), None)
    return other or near(name, rows)


# ---- corrections


def _is_right(path: str, text: str, scope: Scope) -> bool:
    """Whether these statements of a block can be read without an error."""
    file, errors = parse(Source("", text))
    trial = Reader(Scope(scope.params, scope.declared, is_trial=True))
    if not errors:
        read_block(path, file.body, trial)
    return not errors and not trial.scope.diagnostics


def _head(statement: Statement) -> tuple[Span, str]:
    """A statement without its block, and its value as it was written."""
    match statement:
        case nodes.Fact(_, value, span):
            return span, value.span.text
        case nodes.Member(_, domain, span):
            return span, domain.span.text
        case nodes.Step(key, args, _, _):
            return key.span.to(args[-1].span) if args else key.span, text_of(args)
        case _:
            assert_never(statement)


def _corrected(row: Row, statement: Statement, reader: Reader) -> Fix | None:
    """The statement in the form of the row, with its own value."""
    span, value = _head(statement)
    text = repaired(row, value, reader.scope, _is_right)
    return Fix(span, text, is_said=True) if text else None


def _add_fix(row: Row, statement: Statement, before: int, reader: Reader) -> None:
    """Gives the one error of a statement the change that mends it, unless it says what to do already."""
    diagnostics = reader.scope.diagnostics[before:]
    names_only = all(isinstance(error, UnknownName) and not error.suggestion for error in diagnostics)  # `cp-sat` is a difference
    if not diagnostics or (len(diagnostics) > 1 and not names_only):
        return
    if diagnostics[0].suggestion or diagnostics[0].fix or diagnostics[0].hint.startswith(("write `", "leave ")):
        return
    fix = _corrected(row, statement, reader)
    if fix is not None:
        reader.scope.diagnostics[before:] = [replace(diagnostics[0], fix=fix)]


def _wrong_form(row: Row, statement: Statement, used_as: str, reader: Reader) -> None:
    """A step written as a setting, or the reverse."""
    is_form = row.form if row.form in ("step", "requirement") else "setting"
    example = row.example or (row.name if is_form == "step" else f"{row.name} = {row.default}")
    fix = _corrected(row, statement, reader)
    reader.report(
        StepOrSetting(span=statement.key.span, name=row.name, is_form=is_form, used_as=used_as, example=example, fix=fix)
    )


def _read_fact(path: str, fact: nodes.Fact | nodes.Member, settings: Settings, reader: Reader) -> None:
    name = fact.key.text
    if fact.key.is_quoted:
        where = path.rpartition(".")[2]
        return reader.report(QuotedWord(span=fact.key.span, name=where, word=name, fix=Fix(fact.key.span, name, is_said=True)))
    row = below(path, "fact", "domain", "step", "requirement").get(name)
    if row is None:
        return _unknown_setting(path, fact, reader)
    if row.form in ("step", "requirement"):
        return _wrong_form(row, fact, "setting", reader)
    if name in settings.names:
        return reader.report(GivenTwice(span=fact.span, second=settings.names[name], name=name))
    settings.names[name] = fact.span
    before = len(reader.scope.diagnostics)
    value = _fact_value(row, fact, reader)
    _add_fix(row, fact, before, reader)
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
    assert not isinstance(row.kind, Nothing | Origin | OutputRule | PerturbationKind | Parameters | RequirementKind)
    return reader.read(row, row.kind, fact.value)


def _domain(row: Row, kind: WeightSet, fact: nodes.Member, reader: Reader) -> Any:
    domain = read_domain(row.name, fact.domain, reader.scope)
    if domain is None or not kind.interval or isinstance(domain, Interval):
        return domain
    wanted, advice = describe(kind), f"for example `{row.example}`"
    return reader.report(WrongKind(span=fact.domain.span, name=row.name, wanted=wanted, found="a finite set", advice=advice))


def _swap(row: Row, fact: nodes.Fact | nodes.Member, reader: Reader) -> None:
    """`=` and `in` confused."""
    takes, operator = ("domain", "in") if row.form == "domain" else ("value", "=")
    shown = row.example or f"{row.name} {operator} {example(row.kind).split('`')[1]}"
    fix = _corrected(row, fact, reader)
    reader.report(EqualsOrIn(span=fact.span, name=row.name, takes=takes, operator=operator, example=shown, fix=fix))


def _unknown_setting(path: str, fact: nodes.Fact | nodes.Member, reader: Reader) -> None:
    key, rows = fact.key, below(path, "fact", "domain")
    found = _correction(path, fact, rows, below(path, "step", "requirement"), reader)
    elsewhere = [row for row in TABLE if row.name == key.text and row.form in ("fact", "domain")]
    if not found.advice and elsewhere:
        found.advice = f"it is a setting of `{elsewhere[0].parent}`"
    advice = found.advice or (f"settings here: {listed(rows)}" if rows else f"`{path}` has no settings")
    where, name = path.rpartition(".")[2], key.text[:60]
    reader.report(UnknownSetting(span=key.span, name=name, where=where, advice=advice, suggestion=found.word, fix=found.fix))


@dataclass(slots=True)
class _Correction:
    """What was meant by an unknown name: another word in its place, another statement, or something to be said."""

    word: str | None = None
    fix: Fix | None = None
    advice: str = ""


def _correction(path: str, statement: Statement, likely: dict[str, Row], others: dict[str, Row], reader: Reader) -> _Correction:
    """`likely`: the rows of the same form as the statement; `others` would have to be written otherwise."""
    name = statement.key.text
    if known := foreign_advice(path, name):
        return _Correction(advice=known)
    word = suggest(name, likely)
    row = likely[word] if word else others.get(suggest(name, others) or "")
    if row is None:
        return _Correction()
    if word and _has_form(row, statement):
        return _Correction(word=word)
    return _Correction(fix=_corrected(row, statement, reader), advice=f"for example `{row.example or row.name}`")


def _has_form(row: Row, statement: Statement) -> bool:
    """Whether it is written as such a row is, so that another name is all it needs."""
    match statement:
        case nodes.Fact():
            return row.form == "fact"
        case nodes.Member():
            return row.form == "domain"
        case nodes.Step(_, args, _):
            return bool(args) or row.optional or isinstance(row.kind, Nothing)
        case _:
            assert_never(statement)


def _read_step(path: str, step: nodes.Step, settings: Settings, reader: Reader) -> None:
    name = step.key.text
    row = below(path, "fact", "domain", "step", "requirement").get(name)
    if row is None:
        return _unknown_step(path, step, reader)
    if row.form != "step":
        return _wrong_form(row, step, "step", reader)
    if isinstance(row.kind, Parameters):
        return _read_braced(row, step, settings, reader)
    before = len(reader.scope.diagnostics)
    value = _argument(row, step, reader)
    _add_fix(row, step, before, reader)
    inner = read_block(row.path, step.block.body if step.block else (), reader, step.key.span)
    holes = any(isinstance(arg, nodes.Name) and arg.is_hole for arg in step.args) or (step.args and value is None)
    settings.steps.append(ReadStep(name, value, inner, step.span, len(reader.scope.diagnostics) == before and not holes))
    return None


def _read_braced(row: Row, step: nodes.Step, settings: Settings, reader: Reader) -> None:
    """A setting whose value is a block."""
    if row.name in settings.names:
        return reader.report(GivenTwice(span=step.key.span, second=settings.names[row.name], name=row.name))
    settings.names[row.name] = step.key.span
    if step.args:
        return reader.report(extra_value(row.name, step.args[0].span, 0, row.example))
    if (found := read_parameters(row, step, reader)) is not None:
        settings.values[row.name] = found
        settings.spans[row.name] = step.key.span
    return None


def _unknown_step(path: str, step: nodes.Step, reader: Reader) -> None:
    key, steps, facts = step.key, below(path, "step"), below(path, "fact", "domain", "requirement")
    found = _correction(path, step, steps, facts, reader)
    elsewhere = [row for row in TABLE if row.name == key.text and row.form == "step" and row.parent]
    if not found.advice and elsewhere:
        found.advice = f"it is a step of `{elsewhere[0].parent}`"
    advice = found.advice or (f"steps here: {listed(steps)}" if steps else f"settings here: {listed(facts)}")
    where, name = path.rpartition(".")[2], key.text[:60]
    reader.report(UnknownStep(span=key.span, name=name, where=where, advice=advice, suggestion=found.word, fix=found.fix))


def _argument(row: Row, step: nodes.Step, reader: Reader) -> Any:
    """The one value of a step, if it takes one; the node itself where it is a set, which `sets` reads."""
    wanted = 0 if isinstance(row.kind, Nothing) else 1
    if isinstance(row.kind, PerturbationKind) and (bare := without_brackets(row, step.args, below("robust", "call"))):
        return reader.report(bare)
    if isinstance(row.kind, OutputRule):
        return _output_rule(row, row.kind, step, reader)
    if len(step.args) > wanted:
        error = extra_value(row.name, step.args[wanted].span, wanted, row.example)
        return reader.report(replace(error, **_comma(row, step.args[wanted], step.args[wanted - 1])) if wanted else error)
    if not step.args:
        if wanted and not row.optional:
            reader.report(missing_value(row.name, step.key.span, describe(row.kind), row.example))
        return None
    if isinstance(row.kind, PerturbationKind):
        return step.args[0]
    assert not isinstance(row.kind, Nothing | Origin | WeightSet | LossSum | Parameters | RequirementKind)
    return reader.read(row, row.kind, step.args[0])


def _output_rule(row: Row, kind: OutputRule, step: nodes.Step, reader: Reader) -> FixedOutput | None:
    """`any`, `all`, or `threshold` and a number."""
    if not step.args:
        return None
    word, *numbers = step.args
    found = reader.read(row, Choice(kind.words), word)
    wanted = 1 if found == "threshold" else 0
    if found is None:
        return None
    if len(numbers) > wanted:
        extra = extra_value(row.name, numbers[wanted].span, 1, "output any")
        takes = "takes a word and a number" if wanted else "takes a word"
        reader.report(replace(extra, takes=takes, **_comma(row, numbers[wanted], step.args[wanted])))
    elif len(numbers) < wanted:
        reader.report(missing_value("threshold", word.span, "a whole number", "output threshold 2"))
    else:
        number = reader.read(row, Whole(1), numbers[0]) if numbers else None
        return FixedOutput(found, number) if number or not wanted else None
    return None


def _comma(row: Row, arg: nodes.Value, before: nodes.Value) -> dict[str, Any]:
    """`hidden 2 hidden 3`: another statement begins here."""
    if not isinstance(arg, nodes.Name) or arg.text not in below(row.parent, "fact", "domain", "step"):
        return {}
    stop = before.span.stop
    return {"advice": f"put a comma before `{arg.text}`", "fix": Fix(Span(arg.span.source, stop, stop), ",")}


def without_brackets(row: Row, args: tuple[nodes.Value, ...], calls: dict[str, Row]) -> MissingOrExtra | None:
    """`csv "iris.csv"`, `linf 0.1`."""
    if len(args) != 2 or not isinstance(args[0], nodes.Name) or args[0].text not in calls:
        return None
    span = args[0].span.to(args[1].span)
    fix = Fix(span, f"{args[0].text}({args[1].span.text})", is_said=True)
    takes, problem = "takes its value in brackets", "no brackets"
    return MissingOrExtra(span=span, name=args[0].text, takes=takes, problem=problem, advice=row.example, fix=fix)


def extra_value(name: str, span: Span, wanted: int, shown: str) -> MissingOrExtra:
    takes = "takes one value" if wanted else "takes no value"
    return MissingOrExtra(span=span, name=name, takes=takes, problem="one too many", advice=f"for example `{shown}`")


def missing_value(name: str, span: Span, wanted: str, shown: str) -> MissingOrExtra:
    return MissingOrExtra(
        span=span, name=name, takes=f"needs {wanted}", problem="nothing follows", advice=f"for example `{shown}`"
    )
