"""The block `sweep`, and lists behind `-D`: which params take which values."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.diagnostics import Diagnostic, Fix
from bdnnlang.language.composition.values import MOST_POINTS, values_in, values_of
from bdnnlang.language.params import Params
from bdnnlang.language.reading.blocks import read_block
from bdnnlang.language.reading.errors import EqualsOrIn, GivenTwice, ParamInside, StepOrSetting, near
from bdnnlang.language.reading.read import Reader
from bdnnlang.language.reading.value_errors import Contradiction, MissingOrExtra, NotSwept, OutOfRange
from bdnnlang.language.schema import below
from bdnnlang.language.spec import Csv, DataSpec, SweepMember, SweepSpec
from bdnnlang.language.syntax import nodes

BLOCK = SweepSpec.row.name
FOLD = "fold"  # stands for the folds of `cross_validate` among the members


def read_sweep(body: Sequence[nodes.Statement], params: Params, reader: Reader) -> SweepSpec | None:
    """What the block says and what the command line says; that is first. None: it sweeps over nothing. Raises Enough."""
    step = next((s for s in body if isinstance(s, nodes.Step) and s.key.text == BLOCK), None)
    statements = step.block.body if step and step.block else ()
    settings = read_block(BLOCK, tuple(s for s in statements if _is_setting(s)), reader)
    members = _members([s for s in statements if not _is_setting(s)], params, reader)
    if step and not statements and not any(isinstance(arg, nodes.Name) and arg.is_hole for arg in step.args):
        advice = "write `seed in int[0, 9]` for a declared param, or `cross_validate = 5`"
        takes = "needs a param and its values"
        reader.report(MissingOrExtra(span=step.key.span, name=BLOCK, takes=takes, problem="nothing to run over", advice=advice))
    members = {name: member for name, member in members.items() if name not in params.given} | {
        name: member for name, nodes_ in params.lists.items() if (member := _listed(name, nodes_, params, reader))
    }
    made = SweepSpec(tuple(members.values()), **settings.fields_of(SweepSpec), span=step.key.span if step else None)
    _check_size(made, reader)
    return made if made.members or made.cross_validate else None


def check_folds(sweep: SweepSpec | None, data: DataSpec | None, reader: Reader) -> None:
    """Folds of a fold are none."""
    if sweep is None or not sweep.cross_validate:
        return
    if data and data.folds:
        advice = "remove one of the two: `fold` is one run, `cross_validate` all of them"
        error = Contradiction(span=sweep.span, second=data.span, name="cross_validate", other="folds", advice=advice)
        reader.report(error)
    for member in sweep.members:
        if member.name == FOLD:
            advice = f"give the param another name: `{FOLD}` is the column of the folds"
            reader.report(Contradiction(span=member.span, second=sweep.span, name=FOLD, other="cross_validate", advice=advice))


def check_draws(sweep: SweepSpec | None, data: DataSpec | None, reader: Reader) -> None:
    """How parts are drawn is no question where none is."""
    if data is None or data.stratify or data.draws or (sweep is not None and sweep.cross_validate):
        return
    other = "test = csv(…)" if isinstance(data.test, Csv) else "test = 0%"
    advice = "remove `stratify`: no part is drawn from the samples"
    second = data.test_span or data.source.span
    reader.report(Contradiction(span=data.stratify_span, second=second, name="stratify = false", other=other, advice=advice))


def _is_setting(statement: nodes.Statement) -> bool:
    """Of the language, and not the name of a param."""
    return statement.key.text in below(BLOCK) and not isinstance(statement, nodes.Param)


def _members(statements: Sequence[nodes.Statement], params: Params, reader: Reader) -> dict[str, SweepMember]:
    found: dict[str, SweepMember] = {}
    seen: dict[str, nodes.Statement] = {}
    for statement in statements:
        name = statement.key.text
        if statement.key.is_hole:
            continue
        if name in seen:
            reader.report(GivenTwice(span=statement.span, second=seen[name].span, name=name))
            continue
        seen[name] = statement
        if (member := _member(statement, params, reader)) is not None:
            found[name] = member
    return found


def _member(statement: nodes.Statement, params: Params, reader: Reader) -> SweepMember | None:
    """None: an error has been reported."""
    param = next((one for one in params.declared if one.key.text == statement.key.text), None)
    if param is None or not isinstance(statement, nodes.Member):
        reader.report(_wrong(statement, params))
        return None
    values = values_in(param, statement.domain, params.scope)
    return None if values is None else SweepMember(statement.key.text, values, is_text=_is_text(param), span=statement.span)


def _wrong(statement: nodes.Statement, params: Params) -> Diagnostic:
    """Why a statement is no member."""
    name, known = statement.key.text, [param.key.text for param in params.declared]
    match statement:
        case nodes.Param():
            return ParamInside(span=statement.span, name=name)
        case _ if name not in known:
            suggestion = near(name, [*known, *below(BLOCK)])
            return NotSwept(span=statement.key.span, name=name[:60], declared=params.listing, suggestion=suggestion)
        case nodes.Fact():
            return _equals(statement)
        case _:
            example = f"{name} in {{1, 2, 4}}"
            return StepOrSetting(span=statement.key.span, name=name, is_form="setting", used_as="step", example=example)


def _equals(fact: nodes.Fact) -> EqualsOrIn:
    """`width = [1, 2]`."""
    items = ", ".join(item.span.text for item in fact.value.items) if isinstance(fact.value, nodes.List) else fact.value.span.text
    written = f"{fact.key.text} in {{{items}}}"
    fix = Fix(fact.span, written, is_said=True) if items.strip() and len(items) < 60 else None
    return EqualsOrIn(span=fact.span, name=fact.key.text, takes="domain", operator="in", example=written[:60], fix=fix)


def _listed(name: str, written: tuple[nodes.Value, ...], params: Params, reader: Reader) -> SweepMember | None:
    param = next(one for one in params.declared if one.key.text == name)
    values = values_of(param, list(written), params.scope)
    if values is None:
        return None
    span = written[0].span.to(written[-1].span)
    return SweepMember(name, values, is_listed=True, is_text=_is_text(param), span=span)


def _is_text(param: nodes.Param) -> bool:
    return isinstance(param.value, nodes.String)


def _check_size(sweep: SweepSpec, reader: Reader) -> None:
    count = points_of(sweep)
    if count > MOST_POINTS:
        span = sweep.span or sweep.members[0].span
        error = OutOfRange(span=span, name=BLOCK, range=f"at most {MOST_POINTS:,} points", advice=f"these are {count:,}")
        reader.report(error)


def points_of(sweep: SweepSpec) -> int:
    """How many there are."""
    count = sweep.cross_validate or 1
    for member in sweep.members:
        count *= len(member.values)
    return count
