"""Which members of a sweep only repeat a run: with another seed, another split, or another fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bdnnlang.language.composition.points import Point
from bdnnlang.language.spec import Random, Sample, Spec


def repetitions(points: Sequence[Point]) -> tuple[str, ...]:
    """The names of members whose value changes nothing of a spec but its seeds and its fold, wherever they have several."""
    names = [name for name, _ in points[0].values] if points else []
    seedless = [without_seeds(point.spec) for point in points]
    return tuple(name for name in names if _repeats(name, points, seedless))


def _repeats(name: str, points: Sequence[Point], seedless: Sequence[Spec]) -> bool:
    if len({dict(point.values)[name] for point in points}) < 2:
        return False
    first: dict[tuple[tuple[str, str], ...], Spec] = {}
    others = (tuple(pair for pair in point.values if pair[0] != name) for point in points)
    return all(first.setdefault(rest, spec) == spec for rest, spec in zip(others, seedless, strict=True))


def without_seeds(spec: Spec) -> Spec:
    """The spec, with the same seeds and the same fold as any other."""
    data = spec.data
    source = replace(data.source, seed=0) if isinstance(data.source, Random) else data.source
    steps = tuple(replace(step, seed=None) if isinstance(step, Sample) else step for step in data.steps)
    data = replace(data, source=source, steps=steps, split_seed=0, fold=data.folds and 1)
    return replace(spec, data=data, train=replace(spec.train, seed=0))
