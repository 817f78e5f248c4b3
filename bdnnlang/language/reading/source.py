"""Where data come from: the argument of the `data` block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bdnnlang.language.kinds import (
    LossSum,
    Nothing,
    Origin,
    OutputRule,
    Parameters,
    PerturbationKind,
    RequirementKind,
    WeightSet,
    describe,
)
from bdnnlang.language.reading.blocks import Settings, extra_value, missing_value, suggest, without_brackets
from bdnnlang.language.reading.errors import GivenTwice, UnknownSetting, WrongKind, near
from bdnnlang.language.reading.read import Reader, listed
from bdnnlang.language.reading.value_errors import Contradiction, MissingOrExtra, QuotedWord, UnknownWord
from bdnnlang.language.reading.values import Quoted, Word, name_of
from bdnnlang.language.schema import ROWS, below
from bdnnlang.language.spec import Builtin, Csv, DataSource, Npz, Random
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Span

MARKS = ("thousands", "decimal")
_SOURCES: dict[str, type[Any]] = {kind.row.name: kind for kind in (Csv, Npz, Random)}


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source, or None if it was wrong, and the options it was given."""

    origin: DataSource | None
    options: Settings = field(default_factory=Settings)


def read_source(step: nodes.Step, reader: Reader) -> ReadSource:
    """`iris`, `csv("…")`, `npz("…")` or `random(…)`."""
    row = ROWS["data"]
    if not step.args:
        reader.report(missing_value("data", step.key.span, describe(row.kind), row.example))
        return ReadSource(None)
    if bare := without_brackets(row, step.args, below("data", "call")):
        reader.report(bare)
        return ReadSource(None)
    if len(step.args) > 1:
        reader.report(extra_value("data", step.args[1].span, 1, row.example))
    node = step.args[0]
    return _call(node, reader) if isinstance(node, nodes.Call) else ReadSource(_word(node, reader))


def _word(node: nodes.Value, reader: Reader) -> Builtin | None:
    words, calls = below("data", "word"), below("data", "call")
    match reader.scope.evaluate(node):
        case None:
            return None
        case Word(text) if text in words:
            return Builtin(cast(Any, text), span=node.span)
        case Word(text) if text in calls:
            reader.report(missing_value(text, node.span, "its arguments", calls[text].example))
        case Word(text):
            _unknown(text, node.span, reader)
        case Quoted(text) if text in words:
            reader.report(QuotedWord(span=node.span, name="data", word=text))
        case found:
            advice = f'write `csv("{found.text}")`' if isinstance(found, Quoted) else f"one of {listed(words)}"
            wanted = describe(Origin())
            reader.report(WrongKind(span=node.span, name="data", wanted=wanted, found=name_of(found), advice=advice))
    return None


def _unknown(text: str, span: Span, reader: Reader) -> None:
    rows = below("data", "word", "call")
    suggestion, word = near(text, rows), text[:60]
    reader.report(UnknownWord(span=span, name="data", word=word, words=listed(rows), suggestion=suggestion))


def _call(node: nodes.Call, reader: Reader) -> ReadSource:
    row = below("data", "call").get(node.name.text)
    if row is None:
        if not node.name.is_hole:
            _unknown(node.name.text, node.name.span, reader)
        return ReadSource(None)
    before = len(reader.scope.diagnostics)
    path = positional(row, node, reader)
    options = options_of(row, node, reader)
    if len(reader.scope.diagnostics) > before or not is_complete(row, path, options):
        return ReadSource(None)
    return ReadSource(made_of_call(_SOURCES, row, path, options, node.span), options)


def part_file(name: str, node: nodes.Call, main: DataSource | None, reader: Reader) -> Csv | None:
    """The file that `test` or `validation` names, read as the main file is where its own options do not say otherwise."""
    row = ROWS["data.csv"]
    if node.name.text != row.name:
        if not node.name.is_hole:
            suggestion, word = near(node.name.text, [row.name]), node.name.text[:60]
            reader.report(UnknownWord(span=node.name.span, name=name, word=word, words=f"`{row.name}`", suggestion=suggestion))
        return None
    path, given = positional(row, node, reader), options_of(row, node, reader)
    if path is None or given.names.keys() != given.values.keys():
        return None
    inherited = {option: getattr(main, option) for option in below(row.path, "option")} if isinstance(main, Csv) else {}
    made = Csv(path, **(inherited | given.values), span=node.span)
    if given.spans.keys() & set(MARKS):
        check_marks(made, given.spans, main.span if isinstance(main, Csv) else None, reader)
    return made


def check_marks(file: Csv, spans: Mapping[str, Span], main: Span | None, reader: Reader) -> None:
    """One mark cannot part decimals and thousands. `spans`: of its own options; `main`: the file that says the others."""
    if file.thousands != file.decimal:
        return
    name, other = MARKS if "thousands" in spans else reversed(MARKS)  # the one that is given here
    instead = "," if file.decimal == "." else "."
    advice = f'write `decimal = "{instead}"`, or remove `thousands`' if name == "thousands" else f'write `decimal = "{instead}"`'
    written = f'{other} = "{file.decimal}"'
    reader.report(Contradiction(span=spans[name], second=spans.get(other, main), name=name, other=written, advice=advice))


def made_of_call(kinds: Mapping[str, type[Any]], row: Row, value: Any, options: Settings, span: Span) -> Any:
    """The value that a call stands for; what it takes without a name is the first field of its type."""
    first = () if isinstance(row.kind, Nothing) else (value,)
    return kinds[row.name](*first, **options.values, span=span)


def positional(row: Row, node: nodes.Call, reader: Reader) -> Any:
    """The one value without a name, if the call takes one."""
    wanted = 0 if isinstance(row.kind, Nothing) else 1
    plain = [item for item in node.items if not isinstance(item, nodes.Argument)]
    if len(plain) > wanted:
        return reader.report(extra_value(row.name, plain[wanted].span, wanted, row.example))
    if len(plain) < wanted:
        return reader.report(missing_value(row.name, node.name.span, describe(row.kind), row.example))
    assert not isinstance(row.kind, Origin | WeightSet | OutputRule | PerturbationKind | LossSum | Parameters | RequirementKind)
    return reader.read(row, row.kind, plain[0]) if plain and not isinstance(row.kind, Nothing) else None


def is_complete(row: Row, value: Any, options: Settings) -> bool:
    """Whether nothing is missing. Where a syntax error left a hole, something is, and no error says so."""
    needed = [option.name for option in below(row.path, "option").values() if option.required]
    return (value is not None or isinstance(row.kind, Nothing)) and options.values.keys() >= set(needed)


def options_of(row: Row, node: nodes.Call, reader: Reader) -> Settings:
    """The values with a name."""
    rows, given = below(row.path, "option"), Settings()
    for item in node.items:
        if isinstance(item, nodes.Argument) and not item.name.is_hole:
            _option(row, rows, item, given, reader)
    for option in rows.values():
        if option.required and option.name not in given.names:
            reader.report(_required(row, option, node.span))
    return given


def _option(row: Row, rows: dict[str, Row], item: nodes.Argument, given: Settings, reader: Reader) -> None:
    name = item.name.text
    option = rows.get(name)
    if option is None:
        advice = f"options here: {listed(rows)}" if rows else f"`{row.name}` has no options: `{row.example}`"
        error = UnknownSetting(span=item.name.span, name=name[:60], where=row.name, advice=advice, suggestion=suggest(name, rows))
        return reader.report(error)
    if name in given.names:
        return reader.report(GivenTwice(span=item.span, second=given.names[name], name=name))
    given.names[name] = item.span
    assert not isinstance(
        option.kind, Nothing | Origin | OutputRule | WeightSet | PerturbationKind | LossSum | Parameters | RequirementKind
    )
    value = reader.read(option, option.kind, item.value)
    if value is not None:
        given.values[name], given.spans[name] = value, item.span
    return None


def _required(row: Row, option: Row, span: Span) -> MissingOrExtra:
    advice = f"for example `{row.example}`"
    return MissingOrExtra(span=span, name=row.name, takes=f"needs `{option.name}`", problem="not given", advice=advice)
