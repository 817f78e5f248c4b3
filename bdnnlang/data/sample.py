"""The step `sample`: rows are drawn by their classes before any other column is read, so that a file may be large."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.data.diagnosis.errors import SampleTooLarge
from bdnnlang.data.draw import allocate, stratified_split
from bdnnlang.data.preprocessing.plan import find_column
from bdnnlang.data.sources import Source
from bdnnlang.data.table import Names
from bdnnlang.data.target import Target, read_target
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import DataSpec, Sample


def target_name(spec: DataSpec, source: str, names: Sequence[str], found: list[Diagnostic]) -> str | None:
    """The column of classes: the one a spec names, or the last one; None, and a diagnostic, if there is none."""
    return find_column(source, Names(names), names, spec.target, found, "column") if spec.target else names[-1]


def draw_rows(spec: DataSpec, source: Source) -> Target | None:
    """The rows that the `sample` steps leave, one draw after another, and their classes; None: there is no such step."""
    steps = [step for step in spec.steps if isinstance(step, Sample)]
    if not steps:
        return None
    found: list[Diagnostic] = []
    name = target_name(spec, source.title, source.names, found)
    if name is None:
        raise Rejected(found)
    classes = source.column(list(source.names).index(name))
    target = read_target(spec, classes, classes.columns[0])
    for step in steps:
        target = _draw(target, step, spec)
    return target


def _draw(target: Target, step: Sample, spec: DataSpec) -> Target:
    """Rows at random, as many of each class as its share."""
    if step.count > len(target.rows):
        raise Rejected([SampleTooLarge(count=step.count, rows=len(target.rows), span=step.span)])
    seed = spec.split_seed if step.seed is None else step.seed
    kept, _ = stratified_split(target.y, [allocate(step.count, target.counts, target.counts)], seed)
    return Target(target.classes, target.rows[kept], target.y[kept])
