"""What a solver may ask us while it solves: networks near the point where it is, improved by coordinate search.

Source  MODELS.md, section 4, ours: an exact line search on each weight, as in the stage `local_search`, but from the weights of
        a relaxation, and in the solver's own process. A solution found early spares the solver the search for it, and cuts
        off whatever cannot be better.
Exact   What is returned is an offer: the solver checks every row of it, and the verdict evaluates its network as any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bdnnlang.ir.blocks import Problem
from bdnnlang.ir.complete import complete, read_network
from bdnnlang.milp import Floats
from bdnnlang.runtime.coordinate import Search
from bdnnlang.runtime.types import Budget, Event, Incumbent, Interrupt, Task
from bdnnlang.spec.types import LocalSearch


@dataclass
class Guide:
    """An `Improve` for the program of `problem`. `start` is the network that the solver has from the beginning."""

    task: Task
    problem: Problem
    start: Incumbent
    search: Search | None = field(default=None, repr=False)

    def __call__(self, point: Floats | None, seconds: float) -> Floats | None:
        if self.search is None:
            self.search = Search(LocalSearch(), self.task, Budget(seconds, Interrupt()), _ignore, self.start)
        search, best = self.search, self.search.best
        search.budget = Budget(seconds, Interrupt())
        if point is not None:
            search.descend(read_network(self.problem, point))
        while not search.is_over() and search.best is best:
            search.descend()
        if search.best is best:
            return None
        return complete(self.problem, search.best.network, self.task.data.train)


def _ignore(event: Event) -> None:
    pass
