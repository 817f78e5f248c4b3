"""What passes make of one row or column, from the problem as built to the program: each stage that changes it, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.model import passes
from bdnnlang.model.blocks import Block, Linear, Margin, Problem, Product, Step
from bdnnlang.model.explanation.kinds import row_kind
from bdnnlang.model.explanation.names import Member, find, written
from bdnnlang.model.model import Model
from bdnnlang.model.text import block_lines, number_text

BOUNDS = 4  # columns whose bounds are shown where a pass changes more


@dataclass(frozen=True, slots=True)
class Change:
    """`by`: a pass, or `built`; `lines`: what there is now."""

    by: str
    lines: tuple[str, ...]


def stages(model: Model) -> Iterator[tuple[str, Problem]]:
    """The problem as built, and after each pass by its name."""
    yield "built", model.built
    for rewrite, problem in zip(model.pipeline.forms, model.forms, strict=True):
        yield passes.name(rewrite), problem
    problem = model.problem
    for rewrite in model.pipeline.rows:
        problem = rewrite(problem)
        yield passes.name(rewrite), problem


def row_history(model: Model, row: Member, columns: Ints, names: list[str]) -> list[Change]:
    """`columns`: those of the row in the program, whose bounds are followed too. Ends where a pass leaves the row out."""
    changes: list[Change] = []
    before, box = "", _bounds(model.built, columns)
    for by, problem in stages(model):
        text, moved = _row_text(problem, row, names), _bounds(problem, columns)
        lines = [text] if text and text != before else []
        lines += _moved(box, moved, columns, names)
        if _leaves_out(problem, row):
            return [*changes, Change(by, (*lines, "the row is left out: no cost gains by what it says"))]
        if before and not text:
            return [*changes, Change(by, ("the row is left out: the bounds of its columns say it",))]
        changes += [Change(by, tuple(lines))] if lines else []
        before, box = text, moved
    return changes


def _leaves_out(problem: Problem, row: Member) -> bool:
    """Does the block that the row will be made of not ask for it?"""
    name = row.family.name
    layer = row_kind(name).layer(name)
    for block in problem.blocks:
        if isinstance(block, Step) and block.layer == layer and _stem(name) in ("on", "off"):
            mask = block.on if _stem(name) == "on" else block.off
            return not mask[row.index]
        if isinstance(block, Product) and block.layer == layer and block.name == _stem(name):
            mask = block.upper if "_at_most_" in name else block.lower
            return not mask[row.index[:2]]
    return False


def column_history(model: Model, column: int, names: list[str]) -> list[Change]:
    """The bounds of a column."""
    changes, before = [], None
    for by, problem in stages(model):
        box = _bounds(problem, np.array([column]))
        if before is None or (box != before).any():
            changes.append(Change(by, (_bounded(names[column], *box[:, 0]),)))
        before = box
    return changes


def _stem(family: str) -> str:
    """The letters before the number of the layer."""
    return re.sub(r"[0-9].*", "", family)


def _bounds(problem: Problem, columns: Ints) -> np.ndarray:
    """(2, columns)."""
    return np.stack(problem.box())[:, columns]


def _moved(before: np.ndarray, after: np.ndarray, columns: Ints, names: list[str]) -> list[str]:
    moved = np.flatnonzero((before != after).any(axis=0))
    lines = [_bounded(names[columns[i]], *after[:, i]) for i in moved[:BOUNDS].tolist()]
    return lines + [f"and the bounds of {len(moved) - BOUNDS} more columns"] * (len(moved) > BOUNDS)


def _bounded(name: str, lower: float, upper: float) -> str:
    return f"{name} = {number_text(lower)}" if lower == upper else f"{name} in [{number_text(lower)}, {number_text(upper)}]"


def _row_text(problem: Problem, row: Member, names: list[str]) -> str:
    """What a problem says of a row: by the block that it will be made of, or by itself; empty: nothing (yet)."""
    kind = row_kind(row.family.name)
    layer = kind.layer(row.family.name)
    return next((text for block in problem.blocks if (text := _of_block(block, row, layer, names))), "")


def _of_block(block: Block, row: Member, layer: int, names: list[str]) -> str:
    stem = _stem(row.family.name)
    match block:
        case Step():
            return _step(block, row, names) if block.layer == layer and stem in ("on", "off") else ""
        case Product():
            return _product(block, row, names) if block.layer == layer and block.name == stem else ""
        case Margin():
            shown = block_lines(block, names) if block.layer == layer and stem in ("size", "margin") else []
            return "; ".join(shown)
        case Linear():
            return _linear(block, row, names)
        case _:
            assert_never(block)


def _step(step: Step, row: Member, names: list[str]) -> str:
    """One neuron and sample of a step."""
    i, neuron = row.index
    at = np.array([i * step.on.shape[1] + neuron])
    one = (slice(i, i + 1), slice(neuron, neuron + 1))
    single = replace(
        step,
        activations=step.activations[one],
        possible=None if step.possible is None else step.possible[one],
        affine=step.affine.selected(at),
        worst=None if step.worst is None else (step.worst[0].selected(at), step.worst[1].selected(at)),
        on=step.on[one],
        off=step.off[one],
    )
    threshold = f" (else <= {number_text(-step.threshold)})" if step.off[one].all() else ""
    return block_lines(single, names)[0] + threshold


def _product(product: Product, row: Member, names: list[str]) -> str:
    i, neuron, below = (slice(k, k + 1) for k in row.index)
    single = replace(
        product,
        products=product.products[i, neuron, below],
        weights=product.weights[neuron, below],
        activations=product.activations[i, below],
        upper=product.upper[i, neuron],
        lower=product.lower[i, neuron],
    )
    return block_lines(single, names)[0]


def _linear(block: Linear, row: Member, names: list[str]) -> str:
    member = find(written(row.family, row.index), block.families)
    if member is None or member.number is None:
        return ""
    at = np.array([member.number])
    single = replace(
        block,
        families=(replace(row.family, name=written(row.family, row.index), shape=(), kept=None),),
        affine=block.affine.selected(at),
        lower=block.lower[at],
        upper=block.upper[at],
        condition=None,
        condition_value=None,
    )
    return block_lines(single, names)[0]
