"""Do the hulls of two sets of points meet? A dense simplex on many pairs of sets at once, in float64: a source of candidates.

    minimise Σ s   subject to   Σ λ_a x_a − Σ μ_b x_b ± s = 0,   Σ λ = 1,   Σ μ = 1,   λ, μ, s ≥ 0

The optimum is 0 iff they meet; the basis then has at most n + 2 points, with unique multipliers. Else its dual separates them.
Nothing here is believed: a meeting is checked in whole numbers (`conflicts.py`), weights by evaluating their network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask

NEAR_ZERO = 1e-9  # of the optimum, of a reduced cost and of a pivot
TIE = 1e-13
STALLED = 30  # steps without progress, after which the least index enters (Bland)
MOST_STEPS = 60  # times the rows
AT_ONCE = 1 << 15  # numbers of the tableaus that are worked on together: they stay in the cache

Sets = tuple[Ints, Ints]  # samples of class 1, and of class 0


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """Points whose hulls seem to meet: no neuron is on for all of `on` and off for all of `off`."""

    on: tuple[int, ...]
    off: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Separation:
    """w · x + b seems to be positive on all points of the first set, and negative on the second."""

    w: Floats  # (n,)
    b: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """The simplex came to no end, or nothing that it says can be kept."""


Answer = Meeting | Separation | Trouble


def hulls_meet(x: Floats, pairs: Sequence[Sets], seed: int = 0) -> list[Answer]:
    """An answer for each pair of sets of rows of x (m, n), features of size about 1. `seed` chooses where to start."""
    answers: list[Answer] = [_trivial(x.shape[1], pair) for pair in pairs]
    todo = [k for k, (on, off) in enumerate(pairs) if len(on) and len(off)]
    todo.sort(key=lambda k: len(pairs[k][0]) + len(pairs[k][1]))  # of like size together
    while todo:
        width = len(pairs[todo[-1]][0]) + len(pairs[todo[-1]][1]) + x.shape[1] + 1
        chunk = todo[-max(1, AT_ONCE // (width * (x.shape[1] + 3))) :]
        del todo[-len(chunk) :]
        for k, answer in zip(chunk, _Tableaus(x, [pairs[k] for k in chunk], seed).solve(), strict=True):
            answers[k] = answer
    return answers


def _trivial(n: int, pair: Sets) -> Separation:
    """For an empty set."""
    return Separation(np.zeros(n), 1.0 if len(pair[0]) else -1.0)


class _Tableaus:
    """One simplex tableau a pair; rows: n coordinates, two sums, reduced costs. Columns: on, off, artificial, right side."""

    def __init__(self, x: Floats, pairs: list[Sets], seed: int) -> None:
        self.x, self.pairs, self.n = x, pairs, x.shape[1]
        on, off = (_padded([pair[side] for pair in pairs]) for side in (0, 1))
        self.p, self.q = on.shape[1], off.shape[1]
        self.points = self.p + self.q
        self.index = np.concatenate([on, off], axis=1)  # (K, p + q), -1: no point
        self.closed = self.index < 0
        first, second = self._nearest(on, off, seed)
        self._fill(first, second)
        self.stall = np.zeros(len(pairs), dtype=np.int64)

    def _nearest(self, on: Ints, off: Ints, seed: int) -> tuple[Ints, Ints]:
        """A point of each set to start from: near to each other. Places in the rows of `on` and `off`, (K,)."""
        each = np.arange(len(on))
        a = seed % np.array([len(pair[0]) for pair in self.pairs])
        b = self._closest(self.x[on[each, a]], off)
        a = self._closest(self.x[off[each, b]], on)
        return a, b

    def _closest(self, to: Floats, among: Ints) -> Ints:
        distance = np.abs(self.x[among] - to[:, None, :]).sum(axis=2)
        return np.asarray(np.where(among < 0, np.inf, distance).argmin(axis=1))

    def _fill(self, a: Ints, b: Ints) -> None:
        n, p, points, each = self.n, self.p, self.points, np.arange(len(a))
        start_on, start_off = self.x[self.index[each, a]], self.x[self.index[each, p + b]]
        gap = start_off - start_on
        self.sign = np.where(gap < 0, -1.0, 1.0)  # (K, n)
        t = self.t = np.zeros((len(a), n + 3, points + n + 1))
        values = self.x[self.index].transpose(0, 2, 1)  # (K, n, p + q)
        t[:, :n, :p] = (values[:, :, :p] - start_on[:, :, None]) * self.sign[:, :, None]
        t[:, :n, p:points] = (start_off[:, :, None] - values[:, :, p:]) * self.sign[:, :, None]
        t[:, np.arange(n), points + np.arange(n)] = 1.0
        t[:, :n, -1] = np.abs(gap)
        t[:, n, :p] = t[:, n + 1, p:points] = 1.0
        t[:, n : n + 2, -1] = 1.0
        t[:, :n, :points][np.broadcast_to(self.closed[:, None, :], (len(a), n, points))] = 0.0
        t[:, n + 2] = -t[:, :n].sum(axis=1)
        t[:, n + 2, points:-1] = 0.0
        self.basis = np.concatenate([np.broadcast_to(points + np.arange(n), (len(a), n)), np.stack([a, p + b], axis=1)], axis=1)

    def solve(self) -> list[Answer]:
        answers: list[Answer] = [Trouble()] * len(self.pairs)
        live = np.arange(len(self.pairs))  # the pair of each tableau
        for _ in range(MOST_STEPS * (self.n + 2)):
            met = -self.t[:, -1, -1] <= NEAR_ZERO
            enter, can_enter = self._entering()
            done = met | ~can_enter
            leave, can_leave = self._leaving(enter)
            for k in np.flatnonzero(done).tolist():
                answers[live[k]] = self._meeting(k) if met[k] else self._separation(k)
            if (done | ~can_leave).any():
                keep = ~done & can_leave
                live, enter, leave = live[keep], enter[keep], leave[keep]
                self._keep(keep)
            if not len(live):
                break
            self._pivot(enter, leave)
        return answers

    def _keep(self, keep: Mask) -> None:
        self.t, self.basis, self.sign = self.t[keep], self.basis[keep], self.sign[keep]
        self.index, self.closed, self.stall = self.index[keep], self.closed[keep], self.stall[keep]

    def _entering(self) -> tuple[Ints, Mask]:
        cost = np.where(self.closed, 0.0, self.t[:, -1, : self.points])
        enter = cost.argmin(axis=1)
        can = cost[np.arange(len(cost)), enter] < -NEAR_ZERO / 10
        stalled = self.stall >= STALLED
        if stalled.any():
            enter[stalled] = (cost[stalled] < -NEAR_ZERO / 10).argmax(axis=1)
        return enter, can

    def _leaving(self, enter: Ints) -> tuple[Ints, Mask]:
        """The row of least ratio; of equal ones an artificial column first, else that of the greatest index."""
        each = np.arange(len(enter))
        column = self.t[each, :-1, enter]
        positive = column > NEAR_ZERO / 10
        ratio = np.full(column.shape, np.inf)
        np.divide(self.t[:, :-1, -1], column, out=ratio, where=positive)
        least = ratio.min(axis=1, keepdims=True)
        leave = np.where(ratio <= least + TIE, self.basis, -1).argmax(axis=1)
        return leave, np.asarray(positive.any(axis=1))

    def _pivot(self, enter: Ints, leave: Ints) -> None:
        each, before = np.arange(len(enter)), self.t[:, -1, -1].copy()
        row = self.t[each, leave] / self.t[each, leave, enter][:, None]
        factor = self.t[each, :, enter]
        factor[each, leave] = 0.0
        self.t -= factor[:, :, None] * row[:, None, :]
        self.t[each, leave] = row
        self.basis[each, leave] = enter
        self.stall = np.where(self.t[:, -1, -1] > before + 1e-12, 0, self.stall + 1)

    def _meeting(self, k: int) -> Meeting:
        basic = self.basis[k][(self.basis[k] < self.points) & (self.t[k, :-1, -1][: self.n + 2] > NEAR_ZERO)]
        members = sorted((int(column >= self.p), int(self.index[k, column])) for column in basic)
        return Meeting(tuple(i for side, i in members if side == 0), tuple(i for side, i in members if side == 1))

    def _separation(self, k: int) -> Separation:
        w = -self.sign[k] * (1.0 - self.t[k, -1, self.points : -1])
        index = self.index[k]
        on, off = (side[side >= 0] for side in (index[: self.p], index[self.p :]))
        return Separation(w, -float((self.x[on] @ w).min() + (self.x[off] @ w).max()) / 2)


def _padded(rows: list[Ints]) -> Ints:
    out = np.full((len(rows), max(map(len, rows))), -1, dtype=np.int64)
    for place, row in zip(out, rows, strict=True):
        place[: len(row)] = row
    return out
