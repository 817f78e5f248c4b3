"""That one or two neurons with weights of a list err by so much at least: all of them are tried (docs/proofs.md 2.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Ints, Mask
from bdnnlang.prove_check.functions import Neurons
from bdnnlang.prove_check.head import Merged
from bdnnlang.prove_check.lines import Line

MOST_SETS, MOST_BITS = 2_000_000, 400_000_000  # of samples that a neuron may be on for, and these times samples
MOST_PRODUCTS = 1_000_000_000_000  # pairs of sets times samples
MOST_WEIGHT = 2**53  # sums of whole numbers below it are exact in float64
AT_ONCE = 1 << 22  # numbers that are worked on together
PAIRS_AT_ONCE = 256  # sets that are paired with all others at once

ONE, ANY, ALL = (frozenset(function) for function in ([(0,)], [(0,), (1,)], [(0, 1)]))
Packed = NDArray[np.uint8]


def check_least(line: Line, function: frozenset[Neurons], least: int, vectors: Ints, samples: Sequence[Merged]) -> None:
    """Raises Unproved where neurons with weights of `vectors`, (N, n), closed under negation, err by less than `least` > 0."""
    if function not in (ONE, ANY, ALL):
        raise line.refuse("only functions `one`, `any of two` and `all of two` of the neurons can be tried")
    total = sum(sample.weight for sample in samples)
    if total >= MOST_WEIGHT or least > total:
        raise line.refuse("the weights of samples are too large to be added up" if least <= total else "all errors weigh less")
    x = np.array([sample.x for sample in samples], dtype=np.int64).reshape(len(samples), vectors.shape[1])
    weights = np.array([sample.weight for sample in samples], dtype=np.int64)
    labels = np.array([sample.label for sample in samples], dtype=np.int64)
    if function == ONE:
        found = min(int(weights[labels == 1].sum()), *(_of_one(sums, labels, weights) for sums in _sums(vectors, x)))
    else:
        found = _of_two(line, labels == (1 if function == ANY else 0), weights, vectors, x, least)
    if found < least:
        raise line.refuse(f"there are neurons whose errors weigh {found}")


def _sums(vectors: Ints, x: Ints) -> Iterator[Ints]:
    """w · x for some vectors at a time and all samples, (some, m)."""
    step = max(1, AT_ONCE // max(1, len(x)))
    for first in range(0, len(vectors), step):
        yield vectors[first : first + step] @ x.T


def _of_one(sums: Ints, labels: Ints, weights: Ints) -> int:
    """The least errors of a neuron that is on for all samples whose sum is above some value, or for all."""
    order = np.argsort(sums, axis=1)
    ranked = np.take_along_axis(sums, order, axis=1)
    every_on = int(weights[labels == 0].sum())
    errors = every_on + np.cumsum(np.where(labels == 1, weights, -weights)[order], axis=1)
    is_last = np.ones(errors.shape, dtype=bool)
    is_last[:, :-1] = ranked[:, :-1] < ranked[:, 1:]
    return min(every_on, int(errors[is_last].min(initial=every_on)))


# ---- two neurons


@dataclass(frozen=True, slots=True, eq=False)
class _Sets:
    """Sets of samples, packed: those that two of them are to cover, and the others, which they should not have."""

    wanted: Packed  # (H, bytes)
    others: Packed
    covered: Ints  # (H,) what they weigh
    errors: Ints


def _of_two(line: Line, wanted: Mask, weights: Ints, vectors: Ints, x: Ints, least: int) -> int:
    """The least errors of two neurons, or `least` if they are not below it.

    Two sets S, T {w · x > t}: errors are samples of the others that S or T has, and those wanted that neither has.
    """
    own, other = weights[wanted], weights[~wanted]
    found = {bytes([255] * (-(-len(own) // 8) - (-len(other) // 8)))} if int(other.sum()) < least else set[bytes]()
    for sums in _sums(vectors, x):
        _collect(found, sums[:, wanted], sums[:, ~wanted], other, least)
        if len(found) > MOST_SETS or len(found) * len(x) > MOST_BITS:
            raise line.refuse("there are too many sets of samples to try all pairs")
    rows = np.frombuffer(b"".join(found), dtype=np.uint8).reshape(len(found), -1)
    sets = _needed(rows, -(-len(own) // 8), own, other)
    return min([least, *_pairs(line, sets, own, other, least)])


def _collect(found: set[bytes], wanted: Ints, others: Ints, other: Ints, least: int) -> None:
    """Sets whose errors alone weigh less than `least`: behind each of the others in turn, from the greatest sum on."""
    highest = -np.sort(-others, axis=1)
    for level in highest.T[:least]:
        above = others > level[:, None]
        few = above @ other < least
        if not few.any():
            return
        rows = np.packbits(wanted[few] > level[few, None], axis=1), np.packbits(above[few], axis=1)
        found.update(row.tobytes() for row in np.concatenate(rows, axis=1))


def _needed(rows: Packed, split: int, own: Ints, other: Ints) -> _Sets:
    """Those that are within none which has the same of the others; by what they cover, descending."""
    covered, errors = _weights(rows[:, :split], own), _weights(rows[:, split:], other)
    kept: dict[bytes, list[int]] = defaultdict(list)
    for k in np.argsort(-covered, kind="stable").tolist():
        larger = kept[rows[k, split:].tobytes()]
        if not larger or (rows[k, :split] & ~rows[larger, :split]).any(axis=1).all():
            larger.append(k)
    chosen = np.array([k for same in kept.values() for k in same], dtype=np.int64)
    chosen = chosen[np.argsort(-covered[chosen], kind="stable")]
    return _Sets(rows[chosen, :split], rows[chosen, split:], covered[chosen], errors[chosen])


def _weights(packed: Packed, weights: Ints) -> Ints:
    steps = range(0, len(packed), max(1, AT_ONCE // max(1, len(weights))))
    parts = (np.unpackbits(packed[k : k + steps.step], axis=1, count=len(weights)) @ weights for k in steps)
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _pairs(line: Line, sets: _Sets, own: Ints, other: Ints, least: int) -> Iterator[int]:
    """What the errors of pairs weigh at least, some pairs at a time; without pairs that leave too much uncovered."""
    need = int(own.sum()) - least + 1  # what a pair has to cover to err by less than `least`
    partners = np.searchsorted(-sets.covered, sets.covered - need, side="right")  # the first so many cover the rest
    tried = int((partners - np.arange(len(partners))).clip(0).sum())
    if tried * (len(own) + len(other)) > MOST_PRODUCTS:
        raise line.refuse("there are too many pairs of sets to try them all")
    wanted = np.unpackbits(sets.wanted, axis=1, count=len(own)).astype(np.float64)
    others = np.unpackbits(sets.others, axis=1, count=len(other)).astype(np.float64)
    for first in range(0, len(partners), PAIRS_AT_ONCE):
        last = int(partners[first])
        if last <= first:
            return
        some, rest = slice(first, first + PAIRS_AT_ONCE), slice(first, last)
        in_both = (wanted[some] * own) @ wanted[rest].T
        wrong_in_both = (others[some] * other) @ others[rest].T
        uncovered = int(own.sum()) - sets.covered[some, None] - sets.covered[None, rest] + in_both
        yield int((uncovered + sets.errors[some, None] + sets.errors[None, rest] - wrong_in_both).min())
