"""A search of ours before a solve and beside it: networks that a solver would need long for, found by local search.

Source  docs/models.md 4.3, ours: the starts of the stage `local_search`, those of mean-field training first where a layer is
        wide; beside the solver, in its own process, also from the weights of a relaxation. A solution found early spares the
        solver the search for it, and cuts off whatever cannot be better.
Exact   What is returned is an offer: the solver checks every row of it, and its network is evaluated as any other.
        Effort is counted, and no clock is asked but whether time is up: the same seed and node limit give the same offers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from bdnnlang.arrays import Floats
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import LocalSearch
from bdnnlang.model.model import Model
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.search.meanfield_starts import MeanFieldStarts
from bdnnlang.search.multistart import Improvement, OnImprovement, Search, is_narrow, never

EVERY = 4  # of so many calls one starts from the relaxation
STREAM = 1  # beside the seed: other draws than those of a stage `local_search`

AHEAD, RELAXATION, LONGEST_AHEAD = 0.03, 2e-7, 60.0  # seconds


def effort_ahead(nonzeros: int, seconds: float | None) -> float:
    """For a search before a solve of so many seconds: about what the solver needs for its first relaxation, which grows faster
    than the program, but no more than a third of its time.
    """
    return min(math.inf if seconds is None else seconds / 3, AHEAD + RELAXATION * math.pow(nonzeros, 1.5), LONGEST_AHEAD)


def _ignore(found: Improvement) -> None:
    pass


@dataclass
class LocalSearchHeuristic:
    """A `PrimalHeuristic` for the program of a model. `start` is the network that the solver has from the beginning."""

    training: TrainingProblem
    model: Model
    start: Incumbent
    search: Search | None = field(default=None, repr=False)
    calls: int = 0

    def begin(self, effort: float) -> Search:
        """The search, which goes on from call to call; the first one has so much effort, of which a training takes its share."""
        if self.search is None:
            settings = LocalSearch(method="coordinate" if is_narrow(self.training) else "auto")
            self.search = Search(settings, self.training, Budget(None, Interrupt()), _ignore, self.start)
            self.search.trained = MeanFieldStarts(self.training, settings, effort)
            self.search.model = self.model
            self.search.rng = RandomStream((self.training.spec.train.seed, STREAM))
        return self.search

    def ahead(self, effort: float, over: Callable[[], bool], on_improvement: OnImprovement) -> Incumbent:
        """The best network that so much effort finds before the solver begins."""
        search = self.begin(effort)
        search.on_improvement = on_improvement
        self.explore(search, effort, over)
        search.on_improvement = _ignore
        return search.best

    def __call__(self, point: Floats | None, effort: float, over: Callable[[], bool] = never) -> Floats | None:
        search = self.begin(effort)
        best = search.best
        self.calls += 1
        relaxed = point is not None and self.calls % EVERY == 0
        self.explore(search, effort, over, point if relaxed else None)
        return None if search.best is best else self.solution(search)

    def explore(self, search: Search, effort: float, over: Callable[[], bool], point: Floats | None = None) -> None:
        search.most_effort, search.is_halted = search.effort + effort, over
        if point is not None:
            search.explore(self.model.decode(point))
        while not search.is_over():
            search.explore()
        search.is_halted = never  # it may go to another process

    def solution(self, search: Search) -> Floats:
        """What the best network stands for, with the greatest margins where its own are too small for the program."""
        point = self.model.start(search.best.network)
        return self.model.encode(search.widened(search.best.network)) if point is None else point
