"""A SAT solver that is kept alive: clauses are added, and limits are assumptions. Its lemmas are the proof of a refutation."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from bdnnlang.prove.clauses import Clause, Clauses

SOLVER, NAME = "glucose4", "Glucose 4"
LIBRARY = "pysat"
AT_ONCE = 1_000  # conflicts between two questions whether to stop: as many may take a second, of large proofs

MOST_LITERALS = 3_000_000  # of lemmas, as many as are replayed: more of them would take the time of a run, and nobody would read

Lemma = tuple[bool, str]  # False: it is dropped; the literals as text, as there may be millions: 3,-1,4


class Refuted:
    """No values satisfy the clauses."""


class Stopped:
    """Before there was an answer."""


Values = list[bool]  # of the variables, by their numbers; that of 0 means nothing
Answer = Values | Refuted | Stopped


class Master(Protocol):
    """Looks for errors and bits that satisfy all clauses that it was given."""

    clauses: Clauses

    def add(self, clauses: Iterable[Clause], /) -> None:
        """More clauses, in the variables of `self.clauses`."""

    def solve(self, limit: int, stop: Callable[[], bool], /) -> Answer:
        """With errors that weigh at most `limit`."""

    def close(self) -> None:
        """No more questions."""


def available() -> bool:
    """Is python-sat installed? It is not imported."""
    return importlib.util.find_spec(LIBRARY) is not None


class SatMaster:
    """Glucose. Every clause that it learns follows by unit propagation from those before it."""

    def __init__(self, clauses: Clauses) -> None:
        from pysat.solvers import Solver

        self.clauses = clauses
        self.solver: Any = Solver(name=SOLVER, bootstrap_with=clauses.fixed, with_proof=True)
        self.selectors: dict[int, int] = {}  # of limits: variables behind those of the clauses

    def add(self, clauses: Iterable[Clause]) -> None:
        for clause in clauses:
            self.solver.add_clause(clause)

    def solve(self, limit: int, stop: Callable[[], bool]) -> Answer:
        selector = self._selector(limit)
        while not stop():
            self.solver.conf_budget(AT_ONCE)
            answer = self.solver.solve_limited(assumptions=[selector])
            if answer is False:
                return Refuted()
            if answer:
                return [False, *(value > 0 for value in self.solver.get_model())]
        return Stopped()

    def _selector(self, limit: int) -> int:
        if limit not in self.selectors:
            selector = self.clauses.variables + 1 + len(self.selectors)
            self.selectors[limit] = selector
            for clause in self.clauses.limit(limit):
                self.solver.add_clause([-selector, *clause])
        return self.selectors[limit]

    def lemmas(self, limit: int) -> tuple[Lemma, ...] | None:
        """What it learnt, with this limit as a fact and the clauses of all others left out: a refutation by unit propagation.

        That the limit is none ends its refutation. Empty clauses, one behind each such end, hold under the limit only. None
        where they have more literals than anyone replays.
        """
        chosen = f"{-self.selectors[limit]}"
        others = {f"{-selector}" for selector in self.selectors.values()} - {chosen}
        lemmas: list[Lemma] = []
        literals = 0
        for is_kept, words in _learnt(self.solver.get_proof() or []):
            if words and others.isdisjoint(words):
                lemmas.append((is_kept, ",".join(word for word in words if word != chosen)))
                literals += len(words) if is_kept else 0
            if literals > MOST_LITERALS:
                return None
            if is_kept and words == [chosen]:
                break
        return tuple(lemmas)

    def close(self) -> None:
        self.solver.delete()


def _learnt(lines: Iterable[str]) -> Iterator[tuple[bool, list[str]]]:
    """Clauses of a proof in the format DRAT, as words; False: it is dropped."""
    for line in lines:
        words = line.split()
        yield (False, words[1:-1]) if words[0] == "d" else (True, words[:-1])
