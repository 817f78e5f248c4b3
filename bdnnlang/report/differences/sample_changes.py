"""Sample by sample, where the networks of two runs give different classes; both are evaluated exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Dataset
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Network
from bdnnlang.problem.class_scores import parts_of

Source = tuple[str, str]  # of rows: what reports call it, and its sha256


@dataclass(frozen=True, slots=True)
class SampleChange:
    """A sample that two networks put into different classes. `row`: of the source, from 1; the part that it is of in each run."""

    source: str
    row: int
    true: str
    part_a: str
    part_b: str
    class_a: str
    class_b: str


@dataclass(frozen=True, slots=True)
class PartCounts:
    """Of the samples that are in a part of the first run and in any of the second: how many, how many differ, who is right."""

    part: str
    samples: int
    different: int
    right_a: int  # of those that differ
    right_b: int


@dataclass(frozen=True, slots=True)
class SampleChanges:
    """`different` in the order of parts and rows."""

    parts: tuple[PartCounts, ...]
    different: tuple[SampleChange, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """Of the samples of a part: rows of the source, ascending, and the true and the found class of each, (m,)."""

    part: str
    classes: tuple[str, ...]
    rows: Ints
    true: Ints
    found: Ints

    def at(self, places: Ints) -> _Answers:
        return _Answers(self.part, self.classes, self.rows[places], self.true[places], self.found[places])


def sample_changes(a: tuple[Dataset, Network], b: tuple[Dataset, Network]) -> SampleChanges:
    """Of all samples that both runs know, whatever part they are in."""
    parts: list[PartCounts] = []
    different: list[SampleChange] = []
    known = list(_answers(*b))
    for source, one in _answers(*a):
        pairs = [_common(one, other) for other_source, other in known if other_source == source]
        differing = [_differing(*pair) for pair in pairs]
        parts.append(_counts(one.part, pairs, differing))
        found = [change for pair in differing for change in _named(source[0], *pair)]
        different += sorted(found, key=lambda change: change.row)
    return SampleChanges(tuple(parts), tuple(different))


def _answers(data: Dataset, network: Network) -> Iterator[tuple[Source, _Answers]]:
    """Those of each part, by the source of its rows."""
    for name, part in parts_of(data):
        order = np.argsort(part.rows, kind="stable")
        found = classify(outputs(network, part))
        source = (part.source, part.sha256) if part.source else (data.source, data.sha256)
        yield source, _Answers(name, data.classes, part.rows[order], part.y[order], found[order])


def _common(a: _Answers, b: _Answers) -> tuple[_Answers, _Answers]:
    """The samples that are in both, in the same order."""
    _, first, second = np.intersect1d(a.rows, b.rows, assume_unique=True, return_indices=True)
    return a.at(first), b.at(second)


def _differing(a: _Answers, b: _Answers) -> tuple[_Answers, _Answers]:
    """Those of the same samples whose classes have different names."""
    names = np.array(a.classes, dtype=object)[a.found], np.array(b.classes, dtype=object)[b.found]
    where = np.flatnonzero(names[0] != names[1])
    return a.at(where), b.at(where)


def _counts(part: str, pairs: list[tuple[_Answers, _Answers]], differing: list[tuple[_Answers, _Answers]]) -> PartCounts:
    return PartCounts(
        part=part,
        samples=sum(len(a.rows) for a, _ in pairs),
        different=sum(len(a.rows) for a, _ in differing),
        right_a=sum(int((a.found == a.true).sum()) for a, _ in differing),
        right_b=sum(int((b.found == b.true).sum()) for _, b in differing),
    )


def _named(source: str, a: _Answers, b: _Answers) -> Iterator[SampleChange]:
    for i, row in enumerate(a.rows.tolist()):
        classes = a.classes[a.found[i]], b.classes[b.found[i]]
        yield SampleChange(source, row + 1, a.classes[a.true[i]], a.part, b.part, *classes)
