"""A spec as text: as `.bdnn` with every default written out, and as a typed dump."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from bdnnlang.language.format.canonical import laid_out
from bdnnlang.language.kinds import ClassWeights
from bdnnlang.language.printing import (
    block,
    block_lines,
    call_text,
    loss_sum,
    requirement_text,
    scalar,
    setting_lines,
    step_text,
    term_text,
    value_text,
    with_settings,
)
from bdnnlang.language.spec import Attack, LayerSpec, NetworkSpec, ReportSpec, RobustSet, Spec, SweepSpec, TrainSpec
from bdnnlang.language.spec.compare_spec import COMPARE
from bdnnlang.language.spec.network_spec import HIDDEN, OUTPUT
from bdnnlang.language.spec.require_spec import NONE
from bdnnlang.language.spec.row import Steps, abouts, described_fields
from bdnnlang.source import Source

UNSAID = ("stratify = true",)  # settings of later versions at their defaults: earlier runs asked for the same


def effective(spec: Spec) -> str:
    """Text in canonical layout that loads to an equal spec. Params have done their work and appear as comments only."""
    params = [f"# param {param.name} = {scalar(param.value)}" for param in spec.params]
    blocks = [_block(spec.data), _network(spec.network)]
    blocks += [_block(spec.robust)] if spec.robust else []
    blocks += [requirements(spec)] if spec.require != NONE else []
    blocks += [_block(spec.train)]
    blocks += [_block(spec.evaluate)] if spec.evaluate.attacks else []
    blocks += [block(COMPARE.name, map(step_text, spec.compare))] if spec.compare else []
    blocks += [_block(spec.report)] if spec.report != ReportSpec() else []
    head = ["bdnn 1", *params, *_sweep(spec.sweep)]
    return laid_out(Source("spec.bdnn", "\n\n".join("\n".join(lines) for lines in [head, *blocks])))


def _sweep(sweep: SweepSpec | None) -> Iterator[str]:
    """What a run of it would do; this text is that of the params' own values."""
    if sweep is not None:
        values = [[scalar(text) if member.is_text else text for text in member.values] for member in sweep.members]
        members = [f"{member.name} in {{{', '.join(texts)}}}" for member, texts in zip(sweep.members, values, strict=True)]
        folds = [f"cross_validate = {sweep.cross_validate}"] if sweep.cross_validate else []
        yield f"# sweep {{ {', '.join([*members, *folds])} }}"


def asked(spec: Spec) -> dict[str, str]:
    """The parts of a spec that say what network is asked for, whatever is done to find it, as text by name."""
    train = spec.train
    weights = [value_text(ClassWeights({}), train.class_weight)] if train.class_weight else []
    data = [line for line in _block(spec.data) if line.strip() not in UNSAID]
    parts = {"data": data, "network": _network(spec.network), "robust": _block(spec.robust) if spec.robust else []}
    parts |= {"require": requirements(spec)} if spec.require != NONE else {}
    own = {**parts, "loss": loss_terms(train, train.loss), "class_weight": weights}
    return {name: "\n".join(lines) for name, lines in own.items()}


def requirements(spec: Spec) -> list[str]:
    """The block `require`."""
    return block_lines(spec.require, [*setting_lines(spec.require), *map(requirement_text, spec.require.statements)])


def loss_terms(train: TrainSpec, loss: str | None) -> list[str]:
    """What is added up: the loss, if it is known, and the penalties."""
    return [term_text(term) for term in loss_sum(train, loss)]


def set_text(around: RobustSet) -> str:
    """As a user writes it."""
    return call_text(around)


def attack_text(attack: Attack) -> str:
    """The whole step."""
    return step_text(attack)


def _block(made: Any) -> list[str]:
    """Its settings, then its steps."""
    steps = [step for name, _ in abouts(type(made), Steps) for step in getattr(made, name)]
    return block_lines(made, [*setting_lines(made), *map(step_text, steps)])


# ---- network


def _network(network: NetworkSpec) -> list[str]:
    """What all layers share stands above them."""
    *hidden, output = network.layers
    fixed = network.fixed_output
    free = network.layers if fixed is None else hidden  # a fixed output has nothing in common with the others
    shared = [part.name for part, row in described_fields(LayerSpec) if row.shared and _is_shared(free, part.name)]
    above = [line for line in setting_lines(free[-1]) if line.split()[0] in shared]
    lines = [*above, *setting_lines(network)]
    lines += [with_settings(f"{HIDDEN.name} {layer.width}", setting_lines(layer, shared)) for layer in hidden]
    own = setting_lines(output, shared) if fixed is None else []
    head = OUTPUT.name if fixed is None else f"{OUTPUT.name} {value_text(OUTPUT.kind, fixed)}"
    lines.append(with_settings(head, [*setting_lines(network, inside=OUTPUT.name), *own]))
    return block_lines(network, lines)


def _is_shared(layers: Sequence[LayerSpec], name: str) -> bool:
    first, *others = (getattr(layer, name) for layer in layers)
    return all(other == first for other in others)


# ---- the typed dump


def show_spec(spec: Spec) -> str:
    """One value a line, indented by what it belongs to."""
    return "\n".join(_dump("spec", spec, 0)) + "\n"


def _dump(label: str, value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if dataclasses.is_dataclass(value):
        yield f"{pad}{label}: {type(value).__name__}"
        for field in dataclasses.fields(value):
            if not field.name.endswith("span"):
                yield from _dump(field.name, getattr(value, field.name), depth + 1)
    elif isinstance(value, tuple) and any(dataclasses.is_dataclass(item) for item in value):
        yield f"{pad}{label}:"
        for number, item in enumerate(value):
            yield from _dump(str(number), item, depth + 1)
    else:
        yield f"{pad}{label}: {value!r}"
