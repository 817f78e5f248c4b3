"""What engines learnt, as plain data: it passes from process to process, and what several learnt of a part is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bdnnlang.prove.clauses import Count
from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.functions import OutputFunction
from bdnnlang.prove.master import Lemma
from bdnnlang.prove.problem import ProofProblem


@dataclass(frozen=True, slots=True)
class ByClauses:
    """That errors with a function weigh more than `limit`: by clauses with this cap and order of the samples, and by lemmas."""

    function: OutputFunction
    limit: int
    cap: int
    order: tuple[int, ...]
    lemmas: tuple[Lemma, ...]


@dataclass(frozen=True, slots=True)
class ByTrial:
    """That errors with a function weigh at least this much, as all that its neurons can be was tried."""

    function: OutputFunction
    least: int


Shown = ByClauses | ByTrial


@dataclass(frozen=True, slots=True)
class Learnt:
    """Of the samples of a problem. `asked`: how many questions to the oracle that took."""

    conflicts: tuple[Conflict, ...] = ()
    counts: tuple[Count, ...] = ()
    shown: tuple[Shown, ...] = ()
    asked: int = 0

    def shows(self, problem: ProofProblem, bound: int) -> bool:
        """Does it prove that errors weigh at least this, whatever the function is?"""
        least = {one.function: one.least if isinstance(one, ByTrial) else problem.next_sum(one.limit) for one in self.shown}
        return bound == 0 or all(least.get(function, 0) >= bound for function in problem.functions)


def together(learnt: Sequence[Learnt]) -> Learnt:
    """What engines of different functions learnt of the same samples: conflicts and counts hold whatever the function is.

    A lemma follows from the clauses that its engine had, and so from more of them.
    """
    numbers: dict[Conflict, int] = {}
    counts: dict[Count, None] = {}
    for one in learnt:
        own = [numbers.setdefault(conflict, len(numbers)) for conflict in one.conflicts]
        counts |= dict.fromkeys(replace(count, by=tuple(own[k] for k in count.by)) for count in one.counts)
    shown = tuple(shown for one in learnt for shown in one.shown)
    return Learnt(tuple(numbers), tuple(counts), shown, sum(one.asked for one in learnt))
