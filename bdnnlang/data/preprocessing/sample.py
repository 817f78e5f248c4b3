"""`sample`: rows are drawn by their classes before any other column is read."""

from __future__ import annotations

from bdnnlang.data.diagnosis.errors import SampleTooLarge
from bdnnlang.data.draw import allocate, stratified_split
from bdnnlang.data.preprocessing.step import StepKind
from bdnnlang.data.target import Target
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Sample


def draw(step: Sample, target: Target, split_seed: int) -> Target:
    """Rows at random, as many of each class as its share. Raises Rejected if there are fewer."""
    if step.count > len(target.rows):
        raise Rejected([SampleTooLarge(count=step.count, rows=len(target.rows), span=step.span)])
    seed = split_seed if step.seed is None else step.seed
    drawn, _ = stratified_split(target.y, [allocate(step.count, target.counts, target.counts)], seed)
    return Target(target.classes, target.rows[drawn], target.y[drawn])


STEP = StepKind(spec=Sample, draw=draw)
