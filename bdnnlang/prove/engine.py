"""The least errors of any network, from below: for each output function, is there one whose errors weigh no more than that?

A SAT solver proposes errors, and what each neuron does on the right samples. An oracle says whether neurons can do that; if not,
which samples are in conflict, and the solver has to propose something else. If there is nothing left, errors weigh more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bdnnlang.prove.clauses import Clauses
from bdnnlang.prove.finite.directions import DirectionOracle
from bdnnlang.prove.finite.enumeration import AtLeast, Enumeration, TooMany
from bdnnlang.prove.functions import OutputFunction
from bdnnlang.prove.hulls import HullOracle
from bdnnlang.prove.learnt import ByClauses, ByTrial, Learnt, Shown
from bdnnlang.prove.master import Lemma, Master, Refuted, SatMaster, Stopped
from bdnnlang.prove.networks import Neuron
from bdnnlang.prove.pool import Pool
from bdnnlang.prove.problem import ProofProblem
from bdnnlang.prove.seeds import seeds
from bdnnlang.prove.simplex import Sets

MOST_TOLD_APART = 64  # levels of the weight of errors that a solver is made for at first


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Neurons on the scaled features, and the function of them: a network whose weights and errors nobody has checked yet."""

    function: OutputFunction
    neurons: tuple[Neuron, ...]


@dataclass(frozen=True, slots=True)
class Refutation:
    """That the errors with one function weigh more than `limit`, by clauses with this cap; `lemmas`, if they are not too many."""

    limit: int
    cap: int
    lemmas: Callable[[], tuple[Lemma, ...] | None]


@dataclass(eq=False)
class FunctionSearch:
    """What is known of the networks with one output function."""

    function: OutputFunction
    lower: int = 0  # their errors weigh at least this
    refutation: Refutation | AtLeast | None = None  # the last one; None where the solver shows no lemmas
    master: Master | None = None
    conflicts: int = 0  # of the pool, those that the master has
    counts: int = 0
    is_open: bool = True  # False: a network was found that the lower bound cannot rise above

    def close(self) -> None:
        """Keep of the master what it showed."""
        if self.master is not None and isinstance(self.refutation, Refutation):
            lemmas = self.refutation.lemmas()
            self.refutation = replace(self.refutation, lemmas=lambda: lemmas)
        if self.master is not None:
            self.master.close()


def _refutation(master: Master, limit: int) -> Refutation | None:
    return Refutation(limit, master.clauses.cap, lambda: master.lemmas(limit)) if isinstance(master, SatMaster) else None


@dataclass(eq=False)
class Engine:
    """Bounds for one problem, and for some output functions if not for all. `upper`: what the errors of a known network weigh.

    `evaluate` says what the errors of a candidate weigh, exactly, None if it is no network of the spec; `tell` is told of each
    better bound; `make` has a solver for clauses. `run` may be called again and again, and goes on where it was stopped.
    """

    problem: ProofProblem
    upper: int
    evaluate: Callable[[Candidate], int | None]
    tell: Callable[[int], None]
    make: Callable[[Clauses], Master]
    functions: Sequence[OutputFunction] | None = None  # None: all that the output can be
    lower: int = 0  # what is known from before
    searches: list[FunctionSearch] = field(init=False)
    is_seeded: bool = False

    def __post_init__(self) -> None:
        oracle = HullOracle(self.problem) if self.problem.hidden is None else DirectionOracle(self.problem)
        self.enumeration = Enumeration(oracle) if isinstance(oracle, DirectionOracle) else None
        self.pool = Pool(self.problem, oracle)
        self.seeding = seeds(self.pool)
        self.searches = [FunctionSearch(f, self.lower) for f in self.functions or self.problem.functions]
        self.step = min(self.problem.weights, default=1)
        self.order: Sequence[int] = range(len(self.problem))

    @property
    def asks_solver(self) -> bool:
        """Does more than trying all that neurons can be stand behind the bound?"""
        return any(search.master is not None for search in self.searches)

    @property
    def weakest(self) -> FunctionSearch:
        return min(self.searches, key=lambda search: search.lower)

    @property
    def is_over(self) -> bool:
        """Does the bound meet the upper one, or can nothing more be proved?"""
        return self.lower >= self.upper or not self.weakest.is_open

    def run(self, stop: Callable[[], bool]) -> None:
        """Until it is over, or is to stop."""
        while not self.is_over and not stop():
            self._raise(self.weakest, stop)
            self._conclude()

    def aim(self, goal: int) -> None:
        """It is of no use to prove more than this."""
        self.upper = min(self.upper, goal)

    def learnt(self) -> Learnt:
        """For a proof."""
        shown = tuple(one for search in self.searches if (one := self._shown(search)) is not None)
        return Learnt(tuple(self.pool.conflicts), tuple(self.pool.counts), shown, self.pool.asked)

    def _shown(self, search: FunctionSearch) -> Shown | None:
        match search.refutation:
            case AtLeast(errors):
                return ByTrial(search.function, errors)
            case Refutation(limit, cap, lemmas):
                known = lemmas()
                return None if known is None else ByClauses(search.function, limit, cap, tuple(self.order), known)
            case None:
                return None

    def _seed(self, stop: Callable[[], bool]) -> bool:
        """False: it was stopped, and goes on there the next time."""
        for _ in self.seeding:
            if stop():
                return False
        self.is_seeded, self.order = True, self._by_conflicts()
        return True

    def _conclude(self) -> None:
        lower = min(self.upper, *(search.lower for search in self.searches))
        if lower > self.lower:
            self.lower = lower
            self.tell(lower)

    def _by_conflicts(self) -> list[int]:
        """Samples with the most conflicts first."""
        members = [i for conflict in self.pool.conflicts for i in (*conflict.on, *conflict.off)]
        count = np.bincount(np.array(members, dtype=np.int64), minlength=len(self.problem))
        return [int(i) for i in np.argsort(-count, kind="stable")]

    def _raise(self, search: FunctionSearch, stop: Callable[[], bool]) -> None:
        """Refute the next limit, or find a network within it, or stop."""
        limit = min(self.upper, search.lower + self.step) - 1
        if self._enumerate(search, limit, stop):
            return
        if not self.is_seeded and not self._seed(stop):
            return
        master = self._master(search, limit)
        while not stop():
            self._hand_over(search, master)
            answer = master.solve(limit, stop)
            if isinstance(answer, Stopped):
                return
            if isinstance(answer, Refuted):
                search.refutation, search.lower = _refutation(master, limit), self.problem.next_sum(limit)
                return
            self._look_at(search, self._neurons(master.clauses, answer), limit)
            if self.upper <= limit or not search.is_open:
                return

    def _enumerate(self, search: FunctionSearch, limit: int, stop: Callable[[], bool]) -> bool:
        """The same by trying all that neurons can be; False where that is too much."""
        if self.enumeration is None:
            return False
        answer = self.enumeration.answer(search.function, limit, self.upper - 1, stop)
        if isinstance(answer, AtLeast):
            search.refutation, search.lower = answer, answer.errors
        elif isinstance(answer, list):
            self._look_at(search, answer, limit)
        return not isinstance(answer, TooMany)

    def _master(self, search: FunctionSearch, limit: int) -> Master:
        if search.master is None or search.master.clauses.cap <= limit:
            cap = min(self.upper, limit + MOST_TOLD_APART * self.step)
            labels, weights = self.problem.labels.tolist(), self.problem.weights
            search.close()
            search.master = self.make(Clauses(search.function, labels, weights, self.order, cap))
            search.conflicts = search.counts = 0
        return search.master

    def _hand_over(self, search: FunctionSearch, master: Master) -> None:
        """To the master all that was learnt since."""
        for conflict in self.pool.conflicts[search.conflicts :]:
            master.add(master.clauses.of_conflict(conflict))
        for count in self.pool.counts[search.counts :]:
            master.add(master.clauses.of_count(count))
        search.conflicts, search.counts = len(self.pool.conflicts), len(self.pool.counts)

    def _neurons(self, clauses: Clauses, values: list[bool]) -> list[Sets]:
        """Where each neuron is to be on, and where off."""

        def does(i: int, j: int) -> bool:
            literal = clauses.bits[i][j]
            return values[abs(literal)] == (literal > 0)

        classes = [self.problem.of_class(label).tolist() for label in (1, 0)]
        made = [[np.array([i for i in own if does(i, j)], dtype=np.int64) for own in classes] for j in clauses.used]
        return [(on, off) for on, off in made]

    def _look_at(self, search: FunctionSearch, neurons: list[Sets], limit: int) -> None:
        """Learn why they cannot be, or a network."""
        before = len(self.pool.conflicts)
        verdicts = self.pool.separate(neurons)
        found = tuple(self.pool.oracle.neuron(v.separation) for v in verdicts if v.separation is not None)
        if len(found) == len(neurons):
            errors = self.evaluate(Candidate(search.function, found))
            if errors is not None and errors < self.upper:
                self.upper = errors
        if self.upper > limit and len(self.pool.conflicts) == before:
            search.is_open = False
