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
from bdnnlang.milp import Floats, Milp
from bdnnlang.runtime.coordinate import Search
from bdnnlang.runtime.polish import polish
from bdnnlang.runtime.types import Budget, Event, Incumbent, Interrupt, Task
from bdnnlang.spec.types import LocalSearch


@dataclass
class Guide:
    """An `Improve` for the program of `problem`. `start` is the network that the solver has from the beginning."""

    task: Task
    built: Problem
    problem: Problem
    milp: Milp
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
        return None if search.best is best else self.followed(search)

    def followed(self, search: Search) -> Floats:
        """The solution of the best network, after descents from networks of greatest margins as long as they lead further."""
        while True:
            best = search.best
            point = complete(self.problem, best.network, self.task.data.train)
            network = self.widened(point)
            search.descend(network)
            if search.best is best or search.is_over():
                break
        if search.best is best and self.milp.feasible(point):
            return point
        return complete(
            self.problem, self.widened(complete(self.problem, search.best.network, self.task.data.train)), self.task.data.train
        )

    def widened(self, point: Floats) -> Network:
        """The activations that matter, with the greatest margins: that leaves room, and often puts another sample right."""
        return polish(self.built, self.problem, self.task.spec.network.layers, point, self.task.data.train.x)


def _ignore(event: Event) -> None:
    pass
