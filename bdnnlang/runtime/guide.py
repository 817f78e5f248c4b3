"""What a solver may ask us while it solves: networks near the point where it is, improved by coordinate search.

Source  MODELS.md, section 4, ours: an exact line search on each weight, as in the stage `local_search`, but from the weights of
        a relaxation, and in the solver's own process. A solution found early spares the solver the search for it, and cuts
        off whatever cannot be better.
Exact   What is returned is an offer: the solver checks every row of it, and the verdict evaluates its network as any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import scipy.optimize  # noqa: F401  (polishing needs it: now, while the process starts, and not while the solver waits)

from bdnnlang.ir.blocks import Problem
from bdnnlang.ir.complete import complete, read_network
from bdnnlang.milp import Floats, Milp
from bdnnlang.runtime.coordinate import Search
from bdnnlang.runtime.types import Budget, Event, Incumbent, Interrupt, Task
from bdnnlang.spec.types import LocalSearch

EVERY = 4  # of so many calls one starts from the relaxation


@dataclass
class Guide:
    """An `Improve` for the program of `problem`. `start` is the network that the solver has from the beginning."""

    task: Task
    built: Problem
    problem: Problem
    milp: Milp
    start: Incumbent
    search: Search | None = field(default=None, repr=False)
    calls: int = 0

    def __call__(self, point: Floats | None, seconds: float) -> Floats | None:
        if self.search is None:
            self.search = Search(LocalSearch(), self.task, Budget(seconds, Interrupt()), _ignore, self.start)
            self.search.forms = (self.built, self.problem)
        search, best = self.search, self.search.best
        search.budget, search.reserve = Budget(seconds, Interrupt()), 0.0
        self.calls += 1
        if point is not None and self.calls % EVERY == 0:
            search.explore(read_network(self.problem, point))
        while not search.is_over():
            search.explore()
        return None if search.best is best else self.solution(search)

    def solution(self, search: Search) -> Floats:
        """What the best network stands for, with the greatest margins where its own are too small for the program."""
        train = self.task.data.train
        point = complete(self.problem, search.best.network, train)
        return point if self.milp.feasible(point) else complete(self.problem, search.widened(search.best.network), train)


def _ignore(event: Event) -> None:
    pass
