"""A sweep as the specs of its points: the product of its members, in their order, and of its folds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bdnnlang.diagnostics import Rejected, has_errors
from bdnnlang.language.analyse import Analysis, spec_of
from bdnnlang.language.composition.sweep import FOLD
from bdnnlang.language.spec import Spec, SweepSpec
from bdnnlang.source import Source


@dataclass(frozen=True, slots=True)
class Point:
    """The values of the members as `-D` takes them, that of the fold last, and the spec with them."""

    values: tuple[tuple[str, str], ...]
    spec: Spec

    @property
    def name(self) -> str:
        return ",".join(f"{name}={value}" for name, value in self.values)


def points(found: Analysis, source: Source, defines: Sequence[str]) -> tuple[Point, ...]:
    """The points of the sweep of a spec without errors; none: it has no sweep. Raises Rejected with what is wrong at a point."""
    sweep = None if found.spec is None else found.spec.sweep
    if sweep is None:
        return ()
    made: list[Point] = []
    for combination in itertools.product(*(member.values for member in sweep.members)):
        values = tuple(zip((member.name for member in sweep.members), combination, strict=True))
        spec, diagnostics = spec_of(found.body, source, [*defines, *(f"{name}={value}" for name, value in values)])
        if spec is None or has_errors(diagnostics):
            raise Rejected(diagnostics)
        made += _folds(values, spec, sweep)
    return tuple(made)


def _folds(values: tuple[tuple[str, str], ...], spec: Spec, sweep: SweepSpec) -> list[Point]:
    spec = replace(spec, sweep=None)
    folds = sweep.cross_validate
    if folds is None:
        return [Point(values, spec)]
    datas = [replace(spec.data, folds=folds, fold=number) for number in range(1, folds + 1)]
    return [Point((*values, (FOLD, str(data.fold))), replace(spec, data=data)) for data in datas]
