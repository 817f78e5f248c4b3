"""Stage `local_search { method = coordinate }`: coordinate search from start to start, without a solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import LocalSearch, StageSpec
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import NetworkFound, StepEnded, StepRecord
from bdnnlang.run.status import StageStatus

if TYPE_CHECKING:
    from bdnnlang.search.coordinate import Improvement, Search

RESTARTS = 50  # where neither a time nor their number is given
BY = "search"

needs_solver = False


def takes(settings: StageSpec) -> bool:
    return isinstance(settings, LocalSearch) and settings.method == "coordinate"


def run(context: Context[LocalSearch]) -> None:
    """Networks better than the best so far, and a step for every start that led to one."""
    from bdnnlang.search.coordinate import Search  # `check` asks what a stage builds, and searches nothing

    stage, budget = context.settings, context.budget
    follow = _Follower(context)
    search = Search(stage, context.training, budget, follow, context.best)
    limit = RESTARTS if stage.restarts is None and budget.seconds is None else stage.restarts
    while not search.is_over() and (limit is None or search.starts <= limit):
        search.explore()
    if search.best is not context.best and search.widens and not budget.stopped():
        search.widen()
    if search.best is not follow.best and search.best.certified:
        context.emit(NetworkFound(budget.spent, search.best, BY, polished=True))
    context.end(_status(search), search.best.accepted, notes=_notes(search))


class _Follower:
    """Tells of what a search finds."""

    def __init__(self, context: Context[LocalSearch]) -> None:
        self.context, self.best, self.steps = context, context.best, 0

    def __call__(self, found: Improvement) -> None:
        self.best = found.incumbent
        if not self.best.certified:
            return
        self.context.emit(NetworkFound(found.seconds, found.incumbent, BY))
        if found.of_start is not None:
            self.steps += 1
            status = StageStatus.FEASIBLE if found.is_late else StageStatus.LOCAL_OPTIMUM
            step = StepRecord(found.of_start, status, None, found.incumbent.loss, start=found.start)
            self.context.emit(StepEnded(self.context.settings.name, self.steps, step))


def _notes(search: Search) -> tuple[str, ...]:
    notes = [f"{search.starts:,} starts, {search.lines:,} lines searched"]
    notes += [f"{search.refuted:,} networks were worse in exact arithmetic, and dropped"] if search.refuted else []
    return tuple(notes)


def _status(search: Search) -> StageStatus:
    if search.best.reaches(search.training.irreducible):
        return StageStatus.OPTIMAL
    if search.budget.stopped():
        return StageStatus.INTERRUPTED
    return StageStatus.FEASIBLE if search.is_late() else StageStatus.LOCAL_OPTIMUM


def describe(settings: LocalSearch) -> str:
    limits = ((settings.restarts, "restarts"), (settings.sweeps, "sweeps"))
    return ", ".join([settings.method, *(f"{count} {name}" for count, name in limits if count is not None)])


def extent(settings: LocalSearch, data: Dataset) -> None:
    return None


def most_seconds(settings: LocalSearch) -> float | str | None:
    return settings.time


def checks(settings: LocalSearch) -> Checks:
    return Checks()
