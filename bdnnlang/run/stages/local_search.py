"""Stage `local_search { method = coordinate }`: coordinate search from start to start, without a solver."""

from __future__ import annotations

from bdnnlang.budget import Budget
from bdnnlang.language.spec import LocalSearch
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.events import Listener, NewIncumbent, StageStarted, StepEnded
from bdnnlang.run.records import StageRecord, StepRecord, unsolved
from bdnnlang.search.coordinate import Improvement, Search

RESTARTS = 50  # where neither a time nor their number is given


def run_local_search(
    stage: LocalSearch, training: TrainingProblem, best: Incumbent, budget: Budget, listen: Listener
) -> tuple[Incumbent, StageRecord]:
    """The best verified network after the stage, at least as good as `best`, and a record of the starts that improved on it."""
    listen(StageStarted(stage.name, "", "", budget.seconds, 0, 0, 0, 0))
    steps: list[StepRecord] = []

    def tell(one: Improvement) -> None:
        listen(NewIncumbent(one.seconds, one.incumbent))
        if one.of_start is not None:
            status = "feasible" if one.is_late else "local_optimum"
            steps.append(StepRecord(one.of_start, status, None, one.incumbent.loss, start=one.start))
            listen(StepEnded(stage.name, len(steps), steps[-1]))

    search = Search(stage, training, budget, tell, best)
    limit = RESTARTS if stage.restarts is None and budget.seconds is None else stage.restarts
    while not search.is_over() and (limit is None or search.starts <= limit):
        search.explore()
    if search.best is not best and search.widens and not budget.stopped():
        search.widen()
    return search.best, _record(stage, search, tuple(steps))


def _record(stage: LocalSearch, search: Search, steps: tuple[StepRecord, ...]) -> StageRecord:
    loss, objective = search.training.stated(search.best)
    notes = [f"{search.starts:,} starts, {search.lines:,} lines searched"]
    notes += [f"{search.refuted:,} networks were worse in exact arithmetic, and dropped"] if search.refuted else []
    spent, status = search.budget.spent, _status(search)
    return unsolved(stage.name, spent, status, loss, objective, notes=tuple(notes), steps=steps)


def _status(search: Search) -> str:
    if search.best.objective <= search.irreducible:
        return "optimal"
    if search.budget.stopped():
        return "interrupted"
    return "feasible" if search.is_late() else "local_optimum"
