"""The line of a spec that asks for a row or column."""

from __future__ import annotations

import re
from typing import assert_never

from bdnnlang.language.spec import Spec
from bdnnlang.model.explanation.kinds import Asked
from bdnnlang.source import Span

PENALTIES = {"l1": "l1", "nz": "sparsity"}  # by how the names of their columns and rows begin


def line_of(spec: Spec, asked: Asked, layer: int, name: str) -> str:
    """`iris.bdnn:9: hidden 1`; where no line asks for it, what does. `name` is of the row or column."""
    span = _span(spec, asked, layer, name)
    if span is None or not span.source.path:
        return f"{_words(asked, layer)}, which is a default"
    line = span.first[0]
    return f"{span.source.path}:{line}: {span.source.line(line).strip()}"


def _span(spec: Spec, asked: Asked, layer: int, name: str) -> Span | None:
    train = spec.train
    match asked:
        case Asked.LAYER:
            return spec.network.layers[layer - 1].span
        case Asked.LOSS:
            return train.loss_span
        case Asked.ROBUST:
            return spec.robust.perturbation.set.span if spec.robust else None
        case Asked.PENALTY:
            kind = PENALTIES[name.partition("_")[0]]
            counted = spec.require.span if kind == "sparsity" else None  # uses are counted for a requirement, too
            return next((penalty.span for penalty in train.penalties if penalty.kind == kind), counted or train.loss_span)
        case Asked.REQUIREMENT:  # or the penalty on what code takes
            return _requirement(spec, name) or next((one.span for one in train.penalties if one.kind == "bytes"), None)
        case Asked.FORMULATION:
            return train.formulation_span
        case _:
            assert_never(asked)


def _requirement(spec: Spec, name: str) -> Span | None:
    """Of rows that have the number of a requirement its line, of others the block."""
    number = int(found[1]) if (found := re.match(r"require(\d+)", name)) else len(spec.require.statements)
    statements = spec.require.statements
    return statements[number].span if number < len(statements) else spec.require.span


def _words(asked: Asked, layer: int) -> str:
    return f"layer {layer}" if asked is Asked.LAYER else asked.value
