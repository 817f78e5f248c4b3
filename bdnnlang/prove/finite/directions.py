"""Neurons with weights from a finite set: every direction is looked at, so an answer is no guess."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats, Ints
from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.problem import ProofProblem, common_factor
from bdnnlang.prove.simplex import Answer, Meeting, Separation, Sets


class DirectionOracle:
    """Of neurons whose weights are of `problem.hidden`, with any bias.

    A direction w tells A from B iff min over A of w · x > max over B. Of directions that are multiples of each other, which order
    all samples alike, there is one.
    """

    shrinks = False  # its conflicts are as small as they get

    def __init__(self, problem: ProofProblem) -> None:
        assert problem.hidden is not None
        self.problem = problem
        self.factor = common_factor(problem.hidden)
        whole = [int(value * self.factor) for value in problem.hidden]
        weights = np.array(list(product(whole, repeat=len(problem.scale))), dtype=np.int64)
        weights = weights[np.any(weights, axis=1)]
        primitive = weights // np.gcd.reduce(weights, axis=1)[:, None]
        self.weights = weights[np.unique(primitive, axis=0, return_index=True)[1]]  # (D, n)
        x = np.array([sample.x for sample in problem.samples], dtype=np.float64).reshape(-1, len(problem.scale))
        self.projected = _small(x @ self.weights.T.astype(np.float64))  # (m, D); sums below MOST_SUM are exact

    def answers(self, pairs: Sequence[Sets]) -> list[Answer]:
        return [self._answer(on, off) for on, off in pairs]

    def _answer(self, on: Ints, off: Ints) -> Answer:
        if not len(on) or not len(off):
            return Separation(np.zeros(len(self.problem.scale)), 1.0 if len(on) else -1.0)
        low, high = self.projected[on].min(axis=0), self.projected[off].max(axis=0)
        best = int((low - high).argmax())
        if low[best] > high[best]:
            return Separation(self.weights[best].astype(np.float64), -(int(low[best]) + int(high[best])) / 2)
        return self._least(*self._cover(on, off, low - high))

    def _cover(self, on: Ints, off: Ints, gap: Ints) -> tuple[list[int], list[int]]:
        """Few samples that no direction tells apart: again and again a pair for the direction that is nearest to doing so."""
        chosen: tuple[list[int], list[int]] = [], []
        live = np.arange(len(gap))
        low = np.full(len(gap), np.iinfo(self.projected.dtype).max, dtype=np.int64)
        high = -low
        while len(live):
            worst = live[gap[live].argmax()]
            a, b = int(on[self.projected[on, worst].argmin()]), int(off[self.projected[off, worst].argmax()])
            for side, i in zip(chosen, (a, b), strict=True):
                if i not in side:
                    side.append(i)
            low[live] = np.minimum(low[live], self.projected[a, live])
            high[live] = np.maximum(high[live], self.projected[b, live])
            live = live[low[live] > high[live]]
        return chosen

    def _least(self, on: list[int], off: list[int]) -> Meeting:
        """Without samples that are not needed."""
        for side in (on, off):
            for i in list(side):
                if len(side) > 1:
                    side.remove(i)
                    if not self._meet(on, off):
                        side.append(i)
        return Meeting(tuple(sorted(on)), tuple(sorted(off)))

    def _meet(self, on: Sequence[int], off: Sequence[int]) -> bool:
        low, high = self.projected[list(on)].min(axis=0), self.projected[list(off)].max(axis=0)
        return bool((low <= high).all())

    def conflict(self, meeting: Meeting) -> Conflict | None:
        return Conflict(meeting.on, meeting.off, None) if self._meet(meeting.on, meeting.off) else None

    def neuron(self, separation: Separation) -> tuple[Floats, float]:
        """A whole feature is factor · scaled feature + shift, the factor being the same for all."""
        weights = [Fraction(w) / self.factor for w in separation.w.tolist()]
        shift = sum((w * s for w, (_, s) in zip(weights, self.problem.scale, strict=True)), Fraction(0))
        bias = (Fraction(separation.b) / self.factor + shift) / self.problem.scale[0][0]
        return np.array([float(w) for w in weights]), float(bias)


def _small(values: Floats) -> NDArray[np.int16] | NDArray[np.int32]:
    """In as few bytes as leave room for differences."""
    most = int(np.abs(values).max(initial=0))
    return np.ascontiguousarray(values.astype(np.int16 if most < 2**14 else np.int32))
