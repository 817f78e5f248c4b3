"""What may happen to a sample: the argument of the `robust` block, and of `attack` in `evaluate`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from bdnnlang.language.kinds import describe, example
from bdnnlang.language.reading.blocks import ReadStep, Settings, extra_value, missing_value, without_brackets
from bdnnlang.language.reading.errors import GivenTwice, WrongKind, near
from bdnnlang.language.reading.read import Reader, listed
from bdnnlang.language.reading.source import is_complete, made_of_call, options_of, positional
from bdnnlang.language.reading.value_errors import Contradiction, UnknownWord
from bdnnlang.language.reading.values import Word, name_of
from bdnnlang.language.schema import ROWS, below
from bdnnlang.language.spec import (
    Attack,
    Box,
    Column,
    EvaluateSpec,
    Perturbation,
    RandomSign,
    RobustSet,
    RobustSpec,
    WorstCase,
)
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax import nodes

_KINDS: dict[str, type[Any]] = {kind.row.name: kind for kind in (*get_args(RobustSet), RandomSign)}


def build_robust(step: nodes.Step, settings: Settings, reader: Reader) -> RobustSpec | None:
    """None: the set was wrong."""
    row = ROWS["robust"]
    if not step.args:
        reader.report(missing_value("robust", step.key.span, describe(row.kind), row.example))
        return None
    if bare := without_brackets(row, step.args, below("robust", "call")):
        reader.report(bare)
        return None
    if len(step.args) > 1:
        reader.report(extra_value("robust", step.args[1].span, 1, row.example))
    found = _read(step.args[0], row, reader)
    if found is None or isinstance(found, RandomSign):
        return None
    if "clip" in settings.values and not found.clips_in_training:
        advice = "remove `clip`, or use `linf` or `box`: only there does it leave the model linear and exact"
        reader.report(_contradiction(settings, "clip", found, advice))
    perturbation = _perturbation(found, settings, Perturbation(found), reader)
    return RobustSpec(perturbation, **settings.fields_of(RobustSpec), span=step.span)


def build_evaluate(settings: Settings, robust: RobustSpec | None, step: nodes.Step, reader: Reader) -> EvaluateSpec:
    """The attacks in order; what one does not say of features and clip is as in `robust`."""
    attacks = (_attack(step, robust, reader) for step in settings.steps if step.is_right)
    return EvaluateSpec(tuple(attack for attack in attacks if attack is not None), span=step.span)


def _attack(step: ReadStep, robust: RobustSpec | None, reader: Reader) -> Attack | None:
    found = _read(step.value, ROWS["evaluate.attack"], reader)
    own = step.settings
    match found:
        case None:
            return None
        case RandomSign():
            for name in own.spans:
                reader.report(_contradiction(own, name, found, f"remove `{name}`: random signs move every feature"))
            return replace(found, span=step.span)
    base = robust.perturbation if robust else Perturbation(found)
    perturbation = _perturbation(found, own, base, reader)
    if not found.clips_in_attack and perturbation.clip is not None:
        if "clip" in own.spans:
            reader.report(_contradiction(own, "clip", found, "remove `clip`, or attack with another set"))
        perturbation = replace(perturbation, clip=None)
    return WorstCase(perturbation, span=step.span)


def _perturbation(found: RobustSet, own: Settings, base: Perturbation, reader: Reader) -> Perturbation:
    if isinstance(found, Box):
        if "features" in own.spans:
            reader.report(_contradiction(own, "features", found, "remove `features`: `box` names its columns"))
        base = replace(base, features=None)
    return replace(base, set=found, **own.fields_of(Perturbation))


def _contradiction(own: Settings, name: str, found: RobustSet | RandomSign, advice: str) -> Contradiction:
    return Contradiction(span=own.spans[name], second=found.span, name=name, other=found.row.name, advice=advice)


def _read(node: nodes.Value, row: Row, reader: Reader) -> RobustSet | RandomSign | None:
    rows = below("robust", "call") | below(row.path, "call")
    if not isinstance(node, nodes.Call):
        _no_call(node, row, rows, reader)
        return None
    call = rows.get(node.name.text)
    if call is None:
        if not node.name.is_hole:
            _unknown(node.name, row, rows, reader)
        return None
    if call.name == "box":
        return _box(call, node, reader)
    before = len(reader.scope.diagnostics)
    value, options = positional(call, node, reader), options_of(call, node, reader)
    if len(reader.scope.diagnostics) > before or not is_complete(call, value, options):
        return None
    made: RobustSet | RandomSign = made_of_call(_KINDS, call, value, options, node.span)
    return made


def _box(row: Row, node: nodes.Call, reader: Reader) -> Box | None:
    """Its options are the columns of the data, which nobody knows here."""
    before = len(reader.scope.diagnostics)
    radii: dict[str, tuple[Column, float]] = {}
    for item in node.items:
        if not isinstance(item, nodes.Argument):
            reader.report(extra_value("box", item.span, 0, row.example))
        elif item.name.text in radii:
            second = radii[item.name.text][0].span
            reader.report(GivenTwice(span=item.span, second=second, name=item.name.text))
        elif not item.name.is_hole:
            radius = reader.read(ROWS["robust.linf"], ROWS["robust.linf"].kind, item.value)  # type: ignore[arg-type]
            if radius is not None:
                radii[item.name.text] = Column(item.name.text, span=item.name.span), radius
    if not node.items:
        reader.report(missing_value("box", node.span, "a radius for each column that may change", row.example))
    return Box(tuple(radii.values()), span=node.span) if len(reader.scope.diagnostics) == before else None


def _no_call(node: nodes.Value, row: Row, rows: dict[str, Row], reader: Reader) -> None:
    found = reader.scope.evaluate(node)
    if isinstance(found, Word) and found.text in rows:
        reader.report(missing_value(found.text, node.span, "its arguments", rows[found.text].example))
    elif isinstance(found, Word) and isinstance(node, nodes.Name):
        _unknown(node, row, rows, reader)
    elif found is not None:
        advice = f"for example {example(row.kind)}"
        reader.report(WrongKind(span=node.span, name=row.name, wanted=describe(row.kind), found=name_of(found), advice=advice))


def _unknown(name: nodes.Name, row: Row, rows: dict[str, Row], reader: Reader) -> None:
    alias = next((other.name for other in rows.values() if name.text.lower() in other.aliases), None)
    suggestion = alias or near(name.text, rows)
    reader.report(UnknownWord(span=name.span, name=row.name, word=name.text[:60], words=listed(rows), suggestion=suggestion))
