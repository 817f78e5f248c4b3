"""One or two neurons with weights from a finite set: all that they can be is tried, and no clause and no solver is needed.

A *half-space* holds the samples that a neuron is on for. With the output `any of 2` two of them are to hold samples of class 1
and none of class 0; with `all of 2` they are what the neurons are off for, and the classes change places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Ints, Mask
from bdnnlang.prove.finite.directions import DirectionOracle
from bdnnlang.prove.functions import OutputFunction
from bdnnlang.prove.master import Stopped
from bdnnlang.prove.simplex import Sets

MOST_SPACES, MOST_BITS = 1_000_000, 100_000_000  # half-spaces, and these times samples, before some of them are left out
MOST_KEPT = 40_000_000  # half-spaces times samples of those that are left
MOST_PRODUCTS = 300_000_000_000  # pairs of half-spaces times samples: some ten seconds
AT_ONCE = 1 << 22  # numbers that are worked on together
STEP, BLOCK = 1 << 13, 256  # half-spaces that are
MOST_SINGLE = 2**24  # whole numbers below it, and their sums, are exact in float32


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Every choice of neurons makes errors of at least this weight."""

    errors: int


@dataclass(frozen=True, slots=True)
class TooMany:
    """There are more choices than are tried."""


Projected = NDArray[np.int16 | np.int32]  # (m, D)
Numbers = NDArray[np.float32 | np.float64]
Packed = NDArray[np.uint8]
Trial = AtLeast | list[Sets] | Stopped | TooMany


class Enumeration:
    """Of functions of one and of two neurons, for the directions of an oracle."""

    def __init__(self, oracle: DirectionOracle) -> None:
        self.oracle, self.problem = oracle, oracle.problem
        self.alone: tuple[int, list[Sets]] | None = None
        self.spaces: dict[int, HalfSpaces | TooMany] = {}

    def answer(self, function: OutputFunction, limit: int, most: int, stop: Callable[[], bool]) -> Trial:
        """What neurons are to be on and off for, so that errors weigh at most `limit`; else what they weigh at least.

        `most` is the greatest limit that will be asked for.
        """
        match function.implicants():
            case ((0,),):
                return self._one(limit, stop)
            case ((0,), (1,)):
                return self._two(1, limit, most, stop)
            case ((0, 1),):
                return self._two(0, limit, most, stop)
        return TooMany()

    # ---- one neuron

    def _one(self, limit: int, stop: Callable[[], bool]) -> Trial:
        if self.alone is None:
            self.alone = self._best(stop)
        if self.alone is None:
            return Stopped()
        errors, neurons = self.alone
        return AtLeast(errors) if errors > limit else neurons

    def _best(self, stop: Callable[[], bool]) -> tuple[int, list[Sets]] | None:
        """The least errors of any neuron and what it does; None: it was stopped.

        A direction stands for the opposite one, too: a neuron that is turned is right where it was wrong.
        """
        labels, weights = self.problem.labels, np.array(self.problem.weights, dtype=np.int64)
        off, every = int(weights[labels == 1].sum()), int(weights.sum())  # the errors of a neuron that is off, and all
        signed = np.where(labels == 1, -weights, weights)  # what each sample adds to them where the neuron is on
        best, on = min((off, labels < 0), (every - off, labels >= 0), key=lambda one: one[0])
        for values in _chunks(self.oracle.projected[:, : (self.oracle.projected.shape[1] + 1) // 2]):
            if stop():
                return None
            order = np.argsort(-values, axis=0, kind="stable")
            ranked = np.take_along_axis(values, order, axis=0)
            errors = off + np.cumsum(signed[order], axis=0)
            errors[:-1][ranked[:-1] == ranked[1:]] = off  # equal ones are on together
            for total, turned in ((errors, False), (every - errors, True)):
                rank, column = np.unravel_index(int(total.argmin()), total.shape)
                if total[rank, column] < best:
                    best, on = int(total[rank, column]), (values[:, column] >= ranked[rank, column]) ^ turned
        return best, [(np.flatnonzero(on & (labels == 1)), np.flatnonzero(~on & (labels == 0)))]

    # ---- two neurons

    def _two(self, label: int, limit: int, most: int, stop: Callable[[], bool]) -> Trial:
        if label not in self.spaces:
            found = half_spaces(self.oracle.projected, self.problem.labels == label, self.problem.weights, most, stop)
            if isinstance(found, Stopped):
                return found
            self.spaces[label] = found
        spaces = self.spaces[label]
        if isinstance(spaces, TooMany) or spaces.most < limit:
            return TooMany()
        pair = spaces.pair(limit, stop)
        if pair is None:
            return AtLeast(self.problem.next_sum(limit))
        return pair if isinstance(pair, Stopped | TooMany) else [self._does(label, held) for held in pair]

    def _does(self, label: int, held: Mask) -> Sets:
        """What a neuron is to be on, and what off for: on for the samples held, or off, if those of class 0 are to be."""
        labels = self.problem.labels
        own, other = np.flatnonzero(held & (labels == label)), np.flatnonzero(~held & (labels != label))
        return (own, other) if label == 1 else (other, own)


def _chunks(projected: Projected) -> Iterator[Projected]:
    """Some directions at a time, (m, some)."""
    step = max(1, AT_ONCE // max(1, len(projected)))
    for first in range(0, projected.shape[1], step):
        yield projected[:, first : first + step]


@dataclass(frozen=True, eq=False)
class HalfSpaces:
    """Those that may be of use for errors of at most `most`: the samples that they should hold, and that they should not."""

    good: Mask  # (m,), the samples that are to be held
    weights: Ints  # (m,)
    most: int
    held: Packed  # (H, bytes); by `covered`, descending
    covered: Ints  # (H,), what the good samples held weigh
    errors: Ints  # (H,), what the others weigh

    def pair(self, limit: int, stop: Callable[[], bool]) -> tuple[Mask, Mask] | Stopped | TooMany | None:
        """Two of them with errors of at most `limit`, each as the samples that it holds; None: there are none.

        The errors of two are those of both, less what both err on together, and the good samples that neither holds. Of two,
        the one that covers more covers half of what has to be covered.
        """
        rows = np.flatnonzero(self.errors <= limit)
        covered, missed = self.covered[rows], int(self.weights[self.good].sum())
        need = missed - limit
        ends = np.searchsorted(-covered, covered - need, side="right")  # of each, those that cover enough with it
        first = int(np.searchsorted(-2 * covered, -need, side="right"))
        if int((ends[:first] - np.arange(first)).clip(0).sum()) * len(self.good) > MOST_PRODUCTS:
            return TooMany()
        is_small = self.weights.sum() < MOST_SINGLE
        every: Numbers = _unpacked(self.held[rows], self.good).astype(np.float32 if is_small else np.float64)
        sign = np.where(self.good, self.weights, -self.weights).astype(every.dtype)
        base = self.errors[rows] - covered
        step = max(1, AT_ONCE // max(1, len(rows)))
        for start in range(0, first, step):
            if stop():
                return Stopped()
            own, others = slice(start, min(first, start + step)), slice(start, int(ends[start]))
            total = (every[own] * sign) @ every[others].T + (base[own, None] + base[None, others] + missed)
            if total.size and total.min() <= limit:
                i, j = np.unravel_index(int(total.argmin()), total.shape)
                return every[start + i] > 0, every[start + j] > 0
        return None


def half_spaces(
    projected: Projected, good: Mask, weights: tuple[int, ...], most: int, stop: Callable[[], bool]
) -> HalfSpaces | Stopped | TooMany:
    """All whose errors weigh at most `most`, or less than that where there are too many, each once.

    Of those with the same errors only the greatest are kept. Of one direction (a column of `projected`, (m, D)) these lie behind
    each sample that is not to be held.
    """
    costs = np.array(weights, dtype=np.int64)
    found = _levels(projected[~good], costs[~good], most, stop)
    if isinstance(found, Stopped | TooMany):
        return found
    column, level, most = found
    spaces = {_packed(np.ones((1, len(good)), dtype=bool), good).tobytes()} if int(costs[~good].sum()) <= most else set[bytes]()
    step = max(1, AT_ONCE // max(1, len(good)))
    for first in range(0, len(column), step):
        some = slice(first, first + step)
        packed = _packed((projected[:, column[some]] > level[some]).T, good)
        spaces.update(packed.view(f"V{packed.shape[1]}").ravel().tolist())
        if stop():
            return Stopped()
    held = np.frombuffer(b"".join(sorted(spaces)), dtype=np.uint8).reshape(len(spaces), -1)
    return _greatest(held, good, costs, most, stop)


def _levels(projected: Projected, costs: Ints, most: int, stop: Callable[[], bool]) -> tuple[Ints, Ints, int] | Stopped | TooMany:
    """Directions, and values of these above which samples are held; what errors may weigh for all of these to be there.

    `projected`: of the samples that are not to be held.
    """
    room = min(MOST_SPACES, MOST_BITS // max(1, len(costs)))
    column, level, errors = (np.zeros(0, dtype=np.int64) for _ in range(3))
    before = 0
    for values in _chunks(projected):
        if stop():
            return Stopped()
        own, above, wrong = _levels_of(values, costs, most)
        column, level = np.concatenate([column, own + before]), np.concatenate([level, above])
        errors = np.concatenate([errors, wrong])
        before += values.shape[1]
        if len(errors) > room:
            most = int(np.partition(errors, room)[room]) - 1
            few = errors <= most
            column, level, errors = column[few], level[few], errors[few]
    return TooMany() if most < 0 else (column, level, most)


def _levels_of(values: Projected, costs: Ints, most: int) -> tuple[Ints, Ints, Ints]:
    """Of some directions: these, the values, and what the samples above them weigh."""
    order = np.argsort(-values, axis=0, kind="stable")[: most + 1]  # a sample weighs at least 1
    ranked = np.take_along_axis(values, order, axis=0)
    errors = np.cumsum(costs[order], axis=0) - costs[order]
    is_level = errors <= most
    is_level[1:] &= ranked[1:] < ranked[:-1]
    rank, column = np.nonzero(is_level)
    return column, ranked[rank, column].astype(np.int64), errors[rank, column]


def _greatest(held: Packed, good: Mask, costs: Ints, most: int, stop: Callable[[], bool]) -> HalfSpaces | Stopped | TooMany:
    """Those that no other one with the same errors contains."""
    weighed = [_weighed(held[first : first + STEP], good, costs) for first in range(0, len(held), STEP)]
    covered, errors = np.concatenate(weighed, axis=1)
    split = -(-int(good.sum()) // 8)
    same: dict[bytes, list[int]] = defaultdict(list)
    for row in np.argsort(-covered, kind="stable").tolist():
        same[held[row, split:].tobytes()].append(row)
    kept: list[int] = []
    for rows in same.values():
        if stop():
            return Stopped()
        kept += rows if len(rows) == 1 else _not_within(np.unpackbits(held[rows, :split], axis=1), rows)
        if len(kept) * len(good) > MOST_KEPT:
            return TooMany()
    order = np.array(sorted(kept, key=lambda row: -int(covered[row])), dtype=np.int64)
    return HalfSpaces(good, costs, most, held[order], covered[order], errors[order])


def _weighed(held: Packed, good: Mask, costs: Ints) -> Ints:
    """What is held of the good samples, and of the others, (2, H)."""
    bits = _unpacked(held, good)
    return np.stack([bits[:, own] @ costs[own] for own in (good, ~good)])


def _not_within(sets: Packed, rows: list[int]) -> list[int]:
    """The sets that are within none before them; different ones, by weight, descending."""
    bits = sets.astype(np.float32)
    kept, missing = list[int](), np.zeros((0, bits.shape[1]), dtype=np.float32)
    for first in range(0, len(rows), BLOCK):
        some = np.arange(first, min(len(rows), first + BLOCK))
        some = some[(bits[some] @ missing.T > 0).all(axis=1)]
        within = bits[some] @ (1 - bits[some]).T == 0
        np.fill_diagonal(within, val=False)
        some = some[~within.any(axis=1)]
        missing = np.concatenate([missing, 1 - bits[some]])
        kept += some.tolist()
    return [rows[k] for k in kept]


def _packed(bits: Mask, good: Mask) -> Packed:
    """The good samples in whole bytes, and behind them the others."""
    packed = np.packbits(bits[:, good], axis=1), np.packbits(bits[:, ~good], axis=1)
    return np.ascontiguousarray(np.concatenate(packed, axis=1))


def _unpacked(held: Packed, good: Mask) -> Packed:
    """Bits again, (H, m)."""
    count, split = int(good.sum()), -(-int(good.sum()) // 8)
    bits = np.empty((len(held), len(good)), dtype=np.uint8)
    bits[:, good] = np.unpackbits(held[:, :split], axis=1, count=count)
    bits[:, ~good] = np.unpackbits(held[:, split:], axis=1, count=len(good) - count)
    return bits
