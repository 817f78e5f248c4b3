"""The blocks of a spec, each read and put together: what the statements of a text mean."""

from __future__ import annotations

from bdnnlang.diagnostics import Diagnostic, Fix
from bdnnlang.language.kinds import Nothing
from bdnnlang.language.merge import Body
from bdnnlang.language.reading.blocks import Settings, read_block, suggest
from bdnnlang.language.reading.build import (
    build_compare,
    build_data,
    build_network,
    build_report,
    build_train,
    check_preferences,
    check_selection,
)
from bdnnlang.language.reading.errors import (
    GivenTwice,
    Missing,
    NewerEdition,
    NoEdition,
    StepOrSetting,
    UnknownBlock,
)
from bdnnlang.language.reading.foreign import foreign_advice
from bdnnlang.language.reading.indented import with_braces
from bdnnlang.language.reading.read import Reader, listed
from bdnnlang.language.reading.sets import build_evaluate, build_robust
from bdnnlang.language.reading.source import read_source
from bdnnlang.language.reading.value_errors import MissingOrExtra
from bdnnlang.language.requirements.reading import build_require
from bdnnlang.language.schema import ROWS, below
from bdnnlang.language.spec import EvaluateSpec, ReportSpec, Spec, SweepSpec
from bdnnlang.language.spec.require_spec import NONE
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Source, Span


def read_whole(body: Body, source: Source, reader: Reader) -> Spec | None:
    """The spec that these statements describe, if they do. Raises Enough."""
    whole = Span(source, 0, len(source.text))
    is_fragment = _edition(body, source, reader)
    blocks = _blocks(body, reader)
    for name in ("data", "network", "train"):
        if name not in blocks:
            reader.report(_missing(name, source, is_fragment))
    settings = {name: _settings(step, reader) for name, step in blocks.items() if name != SweepSpec.row.name}
    data = network = train = None
    if "data" in blocks:
        step = blocks["data"]
        data = build_data(read_source(step, reader), settings["data"], step.span, reader)
    if "network" in blocks:
        network = build_network(settings["network"], blocks["network"].span, reader)
    if "train" in blocks:
        train = build_train(settings["train"], blocks["train"].span, reader)
        if not settings["train"].steps:
            reader.report(_no_stage(blocks["train"]))
    if data and train:
        check_selection(data, train, reader)
    robust = build_robust(blocks["robust"], settings["robust"], reader) if "robust" in blocks else None
    if train:
        check_preferences(train, robust, reader)
    require = NONE
    if "require" in blocks:
        require = build_require(settings["require"], blocks["require"].span, reader)
    evaluate = EvaluateSpec(())
    if "evaluate" in blocks:
        evaluate = build_evaluate(settings["evaluate"], robust, blocks["evaluate"], reader)
    report = ReportSpec()
    if "report" in blocks:
        report = build_report(settings["report"], blocks["report"].span, reader)
    compare = build_compare(settings.get("compare", Settings()), reader)
    if not (data and network and train):
        return None
    return Spec(data, network, train, robust, evaluate, compare=compare, report=report, require=require, span=whole)


def _settings(step: nodes.Step, reader: Reader) -> Settings:
    row = ROWS[step.key.text]
    if isinstance(row.kind, Nothing) and step.args:
        advice = f"write `{row.example}`"
        problem, takes = "no value belongs here", "takes no value"
        whole = step.args[0].span.to(step.args[-1].span)
        fix = None if step.block else Fix(whole, f"{{ {whole.text} }}")
        if fix and len(whole.text) < 40:
            advice = f"write `{row.name} {fix.text}`"
        error = MissingOrExtra(span=step.args[0].span, name=row.name, takes=takes, problem=problem, advice=advice, fix=fix)
        reader.report(error)
    return read_block(row.path, step.block.body if step.block else (), reader, step.key.span)


def _blocks(body: Body, reader: Reader) -> dict[str, nodes.Step]:
    """The blocks by name, each once; everything else at the top level is an error."""
    rows, found = below("", "block"), dict[str, nodes.Step]()
    for statement in with_braces(body, reader):
        name = statement.key.text
        is_header = name == "bdnn" and isinstance(statement, nodes.Step)
        if statement.key.is_hole or isinstance(statement, nodes.Param) or is_header:
            continue
        if name not in rows:
            reader.report(_unknown(statement))
        elif not isinstance(statement, nodes.Step):
            key = statement.key.span
            reader.report(_wrong_form(statement, "block"))
            value = (statement.value,) if isinstance(statement, nodes.Fact) and name == "data" else ()
            found.setdefault(name, nodes.Step(statement.key, value, None, key))
        elif name in found:
            reader.report(GivenTwice(span=statement.key.span, second=found[name].key.span, name=name))
        else:
            found[name] = statement
    return found


def _wrong_form(statement: nodes.Statement, is_form: str) -> StepOrSetting:
    """`data = iris`, `bdnn = 1`."""
    row = ROWS[statement.key.text]
    fix = None
    if isinstance(statement, nodes.Fact) and not isinstance(row.kind, Nothing):
        fix = Fix(statement.span, f"{row.name} {statement.value.span.text}", is_said=True)
    return StepOrSetting(span=statement.key.span, name=row.name, is_form=is_form, used_as="setting", example=row.example, fix=fix)


def _unknown(statement: nodes.Statement) -> Diagnostic:
    name, rows = statement.key.text, below("", "block", "step")
    if name in rows:
        return _wrong_form(statement, "step")
    if known := foreign_advice("", name):
        return UnknownBlock(span=statement.key.span, name=name[:60], advice=known)
    elsewhere = next((row for row in ROWS.values() if row.name == name and row.parent in below("", "block")), None)
    advice = f"it belongs in the block `{elsewhere.parent}`" if elsewhere else f"blocks: {listed(below('', 'block'))}"
    suggestion = None if elsewhere else suggest(name, rows)
    fix = None
    if isinstance(statement, nodes.Fact) and not elsewhere and not suggestion:
        fix = Fix(statement.span, f"param {statement.span.text}", is_said=True)
    elif suggestion and _is_bare(statement) and not isinstance(rows[suggestion].kind, Nothing):
        fix, suggestion = Fix(statement.key.span, rows[suggestion].example, is_said=True), None
    return UnknownBlock(span=statement.key.span, name=name[:60], advice=advice, suggestion=suggestion, fix=fix)


def _is_bare(statement: nodes.Statement) -> bool:
    return isinstance(statement, nodes.Step) and not statement.args


def _edition(body: Body, source: Source, reader: Reader) -> bool:
    """Checks `bdnn 1`; True for a fragment."""
    headers = [s for s in body if s.key.text == "bdnn" and isinstance(s, nodes.Step)]
    if not headers:
        if all(s.key.text != "bdnn" for s in body):
            span = body[0].key.span if body else Span(source, 0, 0)
            reader.report(NoEdition(span=span, fix=Fix(Span(source, 0, 0), "bdnn 1\n")))
        return False
    for again in headers[1:]:
        reader.report(GivenTwice(span=again.span, second=headers[0].span, name="bdnn"))
    edition, *rest = headers[0].args or (None,)
    value = reader.read(ROWS["bdnn"], ROWS["bdnn"].kind, edition) if edition else None  # type: ignore[arg-type]
    if value is not None and value > 1:
        reader.report(NewerEdition(span=headers[0].span, edition=value))
    is_fragment = bool(rest) and isinstance(rest[0], nodes.Name) and rest[0].text == "fragment"
    if edition is None or len(rest) > is_fragment or headers[0].block:
        takes, advice = "takes the edition and nothing else", "write `bdnn 1`, or `bdnn 1 fragment` in a file for `use`"
        error = MissingOrExtra(span=headers[0].span, name="bdnn", takes=takes, problem="not an edition", advice=advice)
        reader.report(error)
    return is_fragment


def _missing(name: str, source: Source, is_fragment: bool) -> Missing:
    end = len(source.text.rstrip())
    advice = "a fragment is no whole spec: check the file that uses it" if is_fragment else f"add `{ROWS[name].example}`"
    place = Span(source, end, end)
    fix = None if is_fragment else Fix(place, f"\n{ROWS[name].example}")
    return Missing(span=place, name=name, form="block", advice=advice, fix=fix)


def _no_stage(train: nodes.Step) -> Missing:
    return Missing(span=train.key.span, name="exact", form="stage", advice="add `exact 1min` in `train`")
