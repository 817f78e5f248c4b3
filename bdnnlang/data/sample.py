"""Rows that steps draw by their classes before any other column is read, so that a file may be large."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.data.preprocessing.plan import find_column
from bdnnlang.data.preprocessing.steps import KINDS
from bdnnlang.data.sources import Source
from bdnnlang.data.table import Names
from bdnnlang.data.target import Target, read_target
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import DataSpec


def target_name(spec: DataSpec, source: str, names: Sequence[str], diagnostics: list[Diagnostic]) -> str | None:
    """The column of classes: the one a spec names, or the last one; None, and a diagnostic, if there is none."""
    return find_column(source, Names(names), names, spec.target, diagnostics, "column") if spec.target else names[-1]


def draw_rows(spec: DataSpec, source: Source) -> Target | None:
    """The rows that the steps leave, one draw after another, and their classes; None: no step draws any."""
    draws = [(draw, step) for step in spec.steps if (draw := KINDS[type(step)].draw) is not None]
    if not draws:
        return None
    diagnostics: list[Diagnostic] = []
    name = target_name(spec, source.title, source.names, diagnostics)
    if name is None:
        raise Rejected(diagnostics)
    classes = source.column(list(source.names).index(name))
    target = read_target(spec, classes, classes.columns[0])
    for draw, step in draws:
        target = draw(step, target, spec.split_seed)
    return target
