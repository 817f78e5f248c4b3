"""Random choices that are the same everywhere: made of PCG64's raw words, whose stream numpy promises to keep."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats, Ints

Seed = int | tuple[int, ...]  # not negative


def uniform(seed: Seed, shape: tuple[int, ...]) -> Floats:
    """Numbers in [0, 1)."""
    words = np.random.PCG64(seed).random_raw(math.prod(shape))
    return np.asarray((words >> np.uint64(11)) * 2.0**-53, dtype=np.float64).reshape(shape)


def permutation(seed: Seed, count: int) -> Ints:
    """0 … count − 1 in random order."""
    return np.argsort(np.random.PCG64(seed).random_raw(count), kind="stable").astype(np.int64)


def allocate(total: int, counts: Ints, most: Ints) -> Ints:
    """Share `total` rows among classes in proportion to `counts`: at least 1 and at most `most` each, (classes,).

    Sums to `total` wherever these limits leave room for it.
    """
    quotas = total * counts / counts.sum()
    sizes: Ints = np.clip(np.floor(quotas).astype(np.int64), 1, most)
    for _ in range(abs(total - int(sizes.sum()))):
        step = 1 if sizes.sum() < total else -1
        allowed = (sizes < most) if step > 0 else (sizes > 1)
        if not allowed.any():
            break
        sizes[np.argmax(np.where(allowed, step * (quotas - sizes), -np.inf))] += step
    return sizes


def stratified_split(y: Ints, sizes: list[Ints], seed: int) -> list[Ints]:
    """Stratified draws: `sizes[p][c]` rows of class c go to part p, the rest to a last one; rows ascend."""
    order = permutation(seed, len(y))
    rank = np.empty(len(y), dtype=np.int64)  # of each row among those of its class
    for label in np.unique(y):
        rows = order[y[order] == label]
        rank[rows] = np.arange(len(rows))
    ends = np.cumsum([size[y] for size in sizes], axis=0)
    part = (rank >= ends).sum(axis=0)
    return [np.flatnonzero(part == p) for p in range(len(sizes) + 1)]


class RandomStream:
    """A long stream of choices, of the same words as above: for searches that make many, one after another."""

    def __init__(self, seed: Seed) -> None:
        self._words = np.random.PCG64(seed)

    def below(self, count: int) -> int:
        """One of 0 … count − 1; what a remainder favours is beyond notice below 2³²."""
        return int(self._words.random_raw()) % count

    def uniform(self, shape: tuple[int, ...]) -> Floats:
        """Numbers in [0, 1)."""
        words = self._words.random_raw(math.prod(shape))
        return np.asarray((words >> np.uint64(11)) * 2.0**-53, dtype=np.float64).reshape(shape)

    def uint16(self, shape: tuple[int, ...]) -> NDArray[np.uint16]:
        """Whole numbers below 2¹⁶, four to a word: where many are wanted and coarse ones do."""
        count = math.prod(shape)
        words = self._words.random_raw(-(-count // 4)).astype("<u8", copy=False)
        return np.asarray(words.view("<u2")[:count].reshape(shape), dtype=np.uint16)

    def normal(self, shape: tuple[int, ...]) -> Floats:
        """Numbers around 0 with deviation 1, in [−6, 6): sums of twelve, which need no logarithm of the platform's."""
        return np.asarray(self.uniform((12, *shape)).sum(axis=0) - 6.0)

    def order(self, count: int) -> Ints:
        """0 … count − 1 in random order."""
        return np.argsort(self._words.random_raw(count), kind="stable").astype(np.int64)
