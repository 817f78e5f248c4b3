"""All that is learnt of the samples, whatever the output function: conflicts, and what follows from several of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.prove.clauses import Count
from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.problem import ProofProblem
from bdnnlang.prove.simplex import Answer, Meeting, Separation, Sets

DISJOINT = 12  # conflicts of the same samples with disjoint ones of the other class, at most
ROUNDS = 4  # conflicts of one neuron of a model, each with what follows from it


class Oracle(Protocol):
    """Can one neuron be on for some samples and off for others? `shrinks`: is it worth asking for smaller conflicts?"""

    shrinks: bool

    def answers(self, pairs: Sequence[Sets], /) -> list[Answer]:
        """A guess for each pair."""

    def conflict(self, meeting: Meeting, /) -> Conflict | None:
        """The proof of a meeting; None if it is wrong."""

    def neuron(self, separation: Separation, /) -> tuple[Floats, float]:
        """Weights and bias of a separation, on the scaled features."""


@dataclass(frozen=True, slots=True, eq=False)
class OneSide:
    """Some samples of a class against others of the other class."""

    label: int
    samples: tuple[int, ...]
    others: Ints

    @property
    def pair(self) -> Sets:
        own = np.array(self.samples, dtype=np.int64)
        return (own, self.others) if self.label == 1 else (self.others, own)


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Of a neuron of a model: can it do all that it is to do there? If not, what a part of that takes, if that was found."""

    is_whole: bool
    separation: Separation | None


@dataclass(eq=False)
class Pool:
    """Conflicts and counts, each once, in the order in which they were found."""

    problem: ProofProblem
    oracle: Oracle
    conflicts: list[Conflict] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    asked: int = 0  # questions to the oracle
    wrong: int = 0  # meetings that were none
    numbers: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = field(default_factory=dict)
    best_counts: dict[tuple[int, tuple[int, ...]], int] = field(default_factory=dict)

    def ask(self, pairs: Sequence[Sets]) -> list[Answer]:
        self.asked += len(pairs)
        return self.oracle.answers(pairs)

    def learn(self, meeting: Meeting) -> int | None:
        """The number of the conflict; None if it cannot be proved."""
        number = self.numbers.get((meeting.on, meeting.off))
        if number is not None:
            return number
        conflict = self.oracle.conflict(meeting)
        if conflict is None:
            self.wrong += 1
            return None
        self.numbers[conflict.on, conflict.off] = len(self.conflicts)
        self.conflicts.append(conflict)
        return len(self.conflicts) - 1

    # ---- several conflicts of the same samples

    def count(self, tasks: Iterable[OneSide]) -> None:
        """Conflicts of each task's samples with disjoint others, and the counts that follow."""
        live = [(task, task.others, list[int]()) for task in tasks]
        for _ in range(DISJOINT):
            answers = self.ask([OneSide(task.label, task.samples, others).pair for task, others, _ in live])
            still = []
            for (task, others, by), answer in zip(live, answers, strict=True):
                number = self.learn(answer) if isinstance(answer, Meeting) else None
                if number is None:
                    self._conclude(task, by)
                    continue
                left = others[~np.isin(others, self.conflicts[number].side(1 - task.label))]
                still.append((task, left, [*by, number]))
            live = [one for one in still if len(one[1])]
            for task, others, by in still:
                if not len(others):
                    self._conclude(task, by)
            if not live:
                return
        for task, _, by in live:
            self._conclude(task, by)

    def _conclude(self, task: OneSide, by: Sequence[int]) -> None:
        """Of one conflict alone nothing follows that its clause does not say."""
        key = task.label, tuple(sorted(task.samples))
        weights = self.problem.weights
        weight = sum(min(weights[i] for i in self.conflicts[k].side(1 - task.label)) for k in by)
        if len(by) > 1 and weight > self.best_counts.get(key, 0):
            self.best_counts[key] = weight
            self.counts.append(Count(*key, weight, tuple(by)))

    def shrink(self, tasks: Sequence[OneSide]) -> list[OneSide]:
        """The same with fewer samples that still are in conflict with the others, for each as few as are found."""
        done = list(tasks)
        live = [k for k, task in enumerate(done) if len(task.samples) > 1]
        while live:
            trials = [
                (k, OneSide(done[k].label, _without(done[k].samples, i), done[k].others)) for k in live for i in done[k].samples
            ]
            answers = self.ask([trial.pair for _, trial in trials])
            least: dict[int, tuple[int, ...]] = {}
            for (k, trial), answer in zip(trials, answers, strict=True):
                if isinstance(answer, Meeting):
                    own = answer.on if trial.label == 1 else answer.off
                    if (k not in least or len(own) < len(least[k])) and self.learn(answer) is not None:
                        least[k] = own
            for k, own in least.items():
                done[k] = OneSide(done[k].label, own, done[k].others)
            live = [k for k in least if len(done[k].samples) > 1]
        return done

    # ---- a model of the clauses

    def separate(self, neurons: Sequence[Sets]) -> list[Verdict]:
        """Learn conflicts of what each neuron is to do: on for the first set, off for the second."""
        left = list(neurons)
        verdicts = [Verdict(False, None)] * len(left)
        live = list(range(len(left)))
        for turn in range(ROUNDS):
            answers = self.ask([left[k] for k in live])
            tasks: dict[int, tuple[OneSide, OneSide]] = {}
            for k, answer in zip(live, answers, strict=True):
                if isinstance(answer, Separation):
                    verdicts[k] = Verdict(turn == 0, answer)
                elif isinstance(answer, Meeting) and self.learn(answer) is not None:
                    tasks[k] = OneSide(1, answer.on, left[k][1]), OneSide(0, answer.off, left[k][0])
            live = list(tasks)
            if not live:
                break
            both = [task for pair in tasks.values() for task in pair]
            shrunk = self.shrink(both) if self.oracle.shrinks else both
            self.count(shrunk)
            for k, on, off in zip(live, shrunk[::2], shrunk[1::2], strict=True):
                left[k] = _reduced(left[k], on, off)
        return verdicts


def _reduced(sets: Sets, on: OneSide, off: OneSide) -> Sets:
    """Without the smaller part of a conflict."""
    if len(on.samples) <= len(off.samples):
        return sets[0][~np.isin(sets[0], on.samples)], sets[1]
    return sets[0], sets[1][~np.isin(sets[1], off.samples)]


def _without(samples: tuple[int, ...], i: int) -> tuple[int, ...]:
    return tuple(k for k in samples if k != i)
