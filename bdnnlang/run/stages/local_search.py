"""Stage `local_search` without a solver: mean-field training and coordinate search, from start to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdnnlang.arrays import one_thread
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import LocalSearch, StageSpec
from bdnnlang.problem.selection import HANDED_ON
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import NetworkFound, StepEnded, StepRecord
from bdnnlang.run.status import StageStatus

if TYPE_CHECKING:
    from bdnnlang.search.multistart import Improvement, Search

RESTARTS = 50  # where neither a time nor their number is given
BY = "search"

needs_solver = False


def takes(settings: StageSpec) -> bool:
    return isinstance(settings, LocalSearch) and settings.method != "alternate"


def run(context: Context[LocalSearch]) -> None:
    """Networks better than the best so far, and a step for every start that led to one, or to one that validation selects."""
    from bdnnlang.search.multistart import Search  # `check` asks what a stage builds, and searches nothing

    stage, budget = context.settings, context.budget
    follow = _Follower(context)
    with one_thread():
        search = Search(stage, context.training, budget, follow, context.best)
        limit = RESTARTS if stage.restarts is None and budget.seconds is None else stage.restarts
        while not search.is_over() and (limit is None or search.starts <= limit):
            search.explore()
        if search.best is not context.best and search.widens and not budget.stopped():
            search.widen()
    if search.best is not follow.best and search.best.acceptable:
        context.emit(NetworkFound(budget.spent, search.best, BY, polished=True))
    selected = search.selected
    accuracy = None if selected is None else search.selection.accuracy(selected.network)
    context.end(_status(search), selected, notes=_notes(search), validation_accuracy=accuracy)


class _Follower:
    """Tells of what a search finds."""

    def __init__(self, context: Context[LocalSearch]) -> None:
        self.context, self.best, self.steps = context, context.best, 0

    def __call__(self, found: Improvement) -> None:
        incumbent, emit = found.incumbent, self.context.emit
        is_better = incumbent.rank < self.best.rank
        self.best = incumbent if is_better else self.best
        if not incumbent.acceptable:
            return
        if is_better:
            emit(NetworkFound(found.seconds, incumbent, BY))
        if found.of_start is not None:
            self.steps += 1
            status, share = StageStatus.FEASIBLE if found.is_late else StageStatus.LOCAL_OPTIMUM, found.validation_accuracy
            step = StepRecord(found.of_start, status, None, incumbent.loss, share, start=found.start)
            emit(StepEnded(self.context.settings.name, self.steps, step))


def _notes(search: Search) -> tuple[str, ...]:
    selected, best = search.selected, search.best
    notes = [f"{search.starts:,} starts, {search.lines:,} lines searched"]
    notes += [search.trained.note] if search.trained.count else []
    if selected is not None and best.acceptable and selected.loss > best.loss:
        notes.append(HANDED_ON.format(best.loss))
    notes += [f"{search.refuted:,} networks were worse in exact arithmetic, and dropped"] if search.refuted else []
    return tuple(notes)


def _status(search: Search) -> StageStatus:
    if search.selected is not None and search.selected.reaches(search.training.irreducible):
        return StageStatus.OPTIMAL
    if search.budget.stopped():
        return StageStatus.INTERRUPTED
    return StageStatus.FEASIBLE if search.is_late() else StageStatus.LOCAL_OPTIMUM


def describe(settings: LocalSearch) -> str:
    limits = ((settings.restarts, "restarts"), (settings.sweeps, "sweeps"), (settings.steps, "steps"))
    said = [settings.method, *(f"{count} {name}" for count, name in limits if count is not None)]
    said += [] if settings.noise is None else [f"noise {settings.noise:g}"]
    return ", ".join([*said, *(["by validation accuracy"] if settings.select == "validation" else [])])


def extent(settings: LocalSearch, data: Dataset) -> None:
    return None


def checks(settings: LocalSearch) -> Checks:
    return Checks(by_validation=settings.select == "validation")
