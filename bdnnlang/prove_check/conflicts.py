"""Conflicts and what they cost, each checked in whole numbers (docs/proofs.md 2.2 and 2.3)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.prove_check.head import Head
from bdnnlang.prove_check.lines import Line

MOST_DIRECTIONS = 3_000_000  # of weights from a list


@dataclass(frozen=True, slots=True)
class Conflict:
    """No neuron is on for all of these samples of class 1 and off for all of those of class 0."""

    on: tuple[int, ...]
    off: tuple[int, ...]

    def side(self, label: int) -> tuple[int, ...]:
        return self.on if label == 1 else self.off


@dataclass(frozen=True, slots=True)
class Count:
    """Where a neuron does what it should on all of these samples of one class, the others' errors weigh at least so much."""

    samples: tuple[int, ...]
    label: int
    weight: int


class Directions:
    """All weight vectors of a list, as whole numbers, and the weighted sums that were asked for."""

    def __init__(self, head: Head, line: Line) -> None:
        assert head.weights is not None
        unit = math.lcm(*(w.denominator for w in head.weights))
        whole = [int(w * unit) for w in head.weights]
        features = len(head.scale)
        largest = max((abs(v) for sample in head.samples for v in sample.x), default=0) * max(1, *map(abs, whole)) * features
        if len(whole) ** features > MOST_DIRECTIONS or largest >= 2**62:
            raise line.refuse("there are too many weight vectors, or too large sums, to try them all")
        self.vectors = np.array(list(product(whole, repeat=features)), dtype=np.int64)  # (vectors, n)
        self.samples = [np.array(sample.x, dtype=np.int64) for sample in head.samples]
        self.known: dict[int, Ints] = {}

    def sums(self, sample: int) -> Ints:
        """w · x for every w, (vectors,)."""
        if sample not in self.known:
            self.known[sample] = self.vectors @ self.samples[sample]
        return self.known[sample]

    def separates(self, on: tuple[int, ...], off: tuple[int, ...]) -> bool:
        """Has some w all of the first above all of the others?"""
        least = np.min([self.sums(i) for i in on], axis=0)
        most = np.max([self.sums(i) for i in off], axis=0)
        return bool((least > most).any())


def read_conflict(line: Line, head: Head, part: frozenset[int], directions: Directions | None) -> Conflict:
    """Raises Unproved where the hulls of the two sides do not meet, or some weights separate them."""
    (value,) = line.only("conflict")
    if not isinstance(value, list) or len(value) != (4 if directions is None else 2):
        raise line.refuse("a conflict is two lists of samples" + (" and their multipliers" if directions is None else ""))
    on, off = (line.ascending(side, len(head.samples)) for side in value[:2])
    for side, label in ((on, 1), (off, 0)):
        if not side or not part.issuperset(side):
            raise line.refuse("it has no samples, or some that the part has not")
        if any(head.samples[i].label != label for i in side):
            raise line.refuse("a sample is of the other class")
    if directions is None:
        _check_multipliers(line, head, on, off, value[2], value[3])
    elif directions.separates(on, off):
        raise line.refuse("some weights separate the two sides")
    return Conflict(on, off)


def _check_multipliers(line: Line, head: Head, on: tuple[int, ...], off: tuple[int, ...], first: object, second: object) -> None:
    a, b = line.wholes(first), line.wholes(second)
    if len(a) != len(on) or len(b) != len(off) or 0 in a or 0 in b or sum(a) != sum(b):
        raise line.refuse("there is not one positive multiplier for each sample, with equal sums")
    for j in range(len(head.scale)):
        left = sum(m * head.samples[i].x[j] for m, i in zip(a, on, strict=True))
        if left != sum(m * head.samples[i].x[j] for m, i in zip(b, off, strict=True)):
            raise line.refuse(f"the multipliers do not balance feature {j}")


def read_count(line: Line, head: Head, conflicts: list[Conflict]) -> Count:
    """Raises Unproved where the conflicts do not force as much."""
    value, by = line.only("count", "by")
    if not isinstance(value, list) or len(value) != 2:
        raise line.refuse("a count is a list of samples and a weight")
    samples, weight = line.ascending(value[0], len(head.samples)), line.whole(value[1], 1)
    labels = {head.samples[i].label for i in samples}
    if len(labels) != 1:
        raise line.refuse("the samples of a count are of one class, and there is one at least")
    (label,) = labels
    used = [conflicts[k] for k in line.wholes(by, len(conflicts))]
    if not all(set(conflict.side(label)) <= set(samples) for conflict in used):
        raise line.refuse("a conflict needs samples that the count has not")
    others = [i for conflict in used for i in conflict.side(1 - label)]
    if len(set(others)) < len(others):
        raise line.refuse("two conflicts have a sample of the other class in common")
    forced = sum(min(head.samples[i].weight for i in conflict.side(1 - label)) for conflict in used)
    if weight > forced:
        raise line.refuse(f"the conflicts force errors of weight {forced} only")
    return Count(samples, label, weight)
