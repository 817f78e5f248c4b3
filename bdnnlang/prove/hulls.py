"""Neurons with real weights: which samples one can tell apart is a question of convex hulls."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.arrays import Floats
from bdnnlang.prove.conflicts import Conflict, proved_conflict
from bdnnlang.prove.problem import ProofProblem
from bdnnlang.prove.simplex import Answer, Meeting, Separation, Sets, Trouble, hulls_meet

TRIES = 3  # of the simplex, from other starts


class HullOracle:
    """Of neurons with any real weights and bias. Finite hulls that do not meet can be separated strictly."""

    shrinks = True

    def __init__(self, problem: ProofProblem) -> None:
        self.problem, self.x = problem, problem.x
        self.rows = [sample.x for sample in problem.samples]
        self.seed = 0

    def answers(self, pairs: Sequence[Sets]) -> list[Answer]:
        answers = self._ask(pairs)
        for _ in range(TRIES - 1):
            again = [k for k, answer in enumerate(answers) if isinstance(answer, Trouble)]
            if not again:
                break
            for k, answer in zip(again, self._ask([pairs[k] for k in again]), strict=True):
                answers[k] = answer
        return answers

    def _ask(self, pairs: Sequence[Sets]) -> list[Answer]:
        self.seed += 1
        return hulls_meet(self.x, pairs, self.seed)

    def conflict(self, meeting: Meeting) -> Conflict | None:
        return proved_conflict(self.rows, meeting.on, meeting.off)

    def neuron(self, separation: Separation) -> tuple[Floats, float]:
        """Weights and bias on the scaled features."""
        factor, shift = self.problem.to_unit
        return separation.w * factor, separation.b + float(separation.w @ shift)
