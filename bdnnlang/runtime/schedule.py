"""The schedule of a spec: its stages from top to bottom, each starting from the best network so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

from bdnnlang.data.types import Dataset
from bdnnlang.ir.build import build_spec, default_loss, output_width
from bdnnlang.ir.delta import robust_delta
from bdnnlang.network import Network
from bdnnlang.runtime.alternate import run_alternate
from bdnnlang.runtime.choose import Choice, choose, shape_diagnostics
from bdnnlang.runtime.constant import constant_note
from bdnnlang.runtime.coordinate import run_coordinate
from bdnnlang.runtime.data_split import run_data_split
from bdnnlang.runtime.exact import run_exact
from bdnnlang.runtime.floor import irreducible_loss
from bdnnlang.runtime.membership import belongs, shape
from bdnnlang.runtime.start import constant_incumbent
from bdnnlang.runtime.status import Bound, RunStatus, settled
from bdnnlang.runtime.types import (
    Abandoned,
    Budget,
    Event,
    Incumbent,
    Interrupt,
    Listener,
    NewIncumbent,
    Patience,
    Run,
    StageEnded,
    StageRecord,
    StageStarted,
    Task,
    unsolved,
)
from bdnnlang.spec.types import DataSplit, Exact, LocalSearch, Spec, StageSpec
from bdnnlang.targets.outcome import Status


def prepare(spec: Spec, data: Dataset) -> tuple[Task, Choice, Incumbent]:
    """What the stages share, the solver and why, and the network to start from. Raises Rejected, solves nothing."""
    shape_diagnostics(spec, data)
    problem = build_spec(spec, data)
    choice = choose(spec, data, problem)
    loss = default_loss(spec.train.loss, output_width(spec.network, len(data.classes)))
    task = Task(spec, data, loss, choice.target, robust_delta(spec, data))
    return task, choice, constant_incumbent(problem, task)


def run(
    spec: Spec,
    data: Dataset,
    *,
    listen: Listener,
    interrupt: Interrupt,
    start: Network | None = None,
    log: Path | None = None,
) -> Run:
    """Execute the schedule. Every network handed on, and the one returned, has a loss recomputed in exact arithmetic.

    A stage hands on the network of least training loss, which never gets worse. The run returns the network of its last
    stage: that one, unless the stage selects by validation accuracy. `start`, say of an earlier run, is passed over when it
    is no network of this spec.
    """
    with interrupt.within(Patience.SHORT):
        task, choice, best = prepare(spec, data)
        if start is not None and belongs(start, spec, data):
            best = min(best, task.incumbent(start), key=lambda incumbent: incumbent.objective)
    whole = Budget(spec.train.time, interrupt)
    if task.accepts(best):
        listen(NewIncumbent(0.0, best))
    records: list[StageRecord] = []
    shown = best
    for stage in spec.train.stages:
        if whole.stopped() or (records and whole.left == 0):
            break
        seen = _Seen(listen, best)
        try:
            with interrupt.within(Patience.SHORT):
                best, record, shown = _run_stage(stage, task, best, whole.share(_seconds(stage, whole)), seen, log)
        except Abandoned:
            best = shown = seen.best
            record = seen.abandoned(stage, task, whole)
        records.append(record)
        listen(StageEnded(record, shown if task.accepts(shown) else None))
    accepted = shown if task.accepts(shown) else None
    done = conclude(records, accepted, task, choice, interrupted=whole.stopped(), seconds=whole.spent)
    return _remarked(done, spec, data)


@dataclass
class _Seen:
    """Listens to a stage: what is left of it when it is abandoned."""

    listen: Listener
    best: Incumbent
    began: StageStarted | None = None

    def __call__(self, event: Event) -> None:
        match event:
            case NewIncumbent(incumbent=incumbent):
                self.best = incumbent
            case StageStarted():
                self.began = event
        self.listen(event)

    def abandoned(self, stage: StageSpec, task: Task, budget: Budget) -> StageRecord:
        """The record of the stage; its size is that of the program it began with."""
        record = unsolved(stage.name, budget.spent, str(Status.INTERRUPTED), *task.stated(self.best))
        if self.began is None:
            return record
        size = {name: getattr(self.began, name) for name in ("columns", "binaries", "rows", "nonzeros", "solver", "formulation")}
        return replace(record, **size)


def _remarked(done: Run, spec: Spec, data: Dataset) -> Run:
    """With a note in its last stage where the network is a constant one."""
    if done.best is None or not done.stages:
        return done
    *others, last = done.stages
    is_best = done.status in (RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN)
    note = constant_note(done.best.network, spec, data, is_best=is_best)
    return done if note is None else replace(done, stages=(*others, replace(last, notes=(*last.notes, note))))


def _seconds(stage: StageSpec, whole: Budget) -> float | None:
    return whole.left if stage.time == "rest" else stage.time


def _run_stage(
    stage: StageSpec, task: Task, best: Incumbent, budget: Budget, listen: Listener, log: Path | None
) -> tuple[Incumbent, StageRecord, Incumbent]:
    """The network of least training loss, the record, and the network of the stage."""
    match stage:
        case LocalSearch(method="coordinate"):
            best, record = run_coordinate(stage, task, best, budget, listen)
            return best, record, best
        case LocalSearch():
            best, record = run_alternate(stage, task, best, budget, listen, log)
            return best, record, best
        case DataSplit():
            return run_data_split(stage, task, best, budget, listen, log)
        case Exact():
            best, record = run_exact(stage, task, best, budget, listen, log)
            return best, record, best
        case _:
            assert_never(stage)


def conclude(
    records: Sequence[StageRecord], shown: Incumbent | None, task: Task, choice: Choice, *, interrupted: bool, seconds: float
) -> Run:
    """What follows from the records of the stages and the network of the last one (None: none is acceptable)."""
    floor = irreducible_loss(task.data.train, task.loss, shape(task.spec, task.data)[-1], task.costs)
    bounds = [Bound(floor), *(bound for record in records for bound in record.bounds)]
    status, bound = _without_network(records), None
    if shown is not None:
        proved, bound = settled(shown.objective, bounds, task.costs.slack(shown.objective))
        certified = task.accepts(task.incumbent(shown.network))  # what a stage selects by validation need not be
        status = proved if certified else RunStatus.FEASIBLE
    kept = records[-1] if records and records[-1].status != "claim_rejected" else None  # a rejected claim stands in its stage
    done = Run(
        status=status,
        stages=tuple(records),
        best=shown,
        claimed_loss=kept.claimed_loss if kept else None,
        bound=None if bound is None else bound.value,
        margin=None if bound is None else bound.margin,
        relative_margin=bound is not None and bound.relative,
        seconds=seconds,
        solver=_solver(records, choice),
        reason=choice.reason,
        advice=choice.advice,
        claimed_objective=kept.claimed_objective if kept else None,
    )
    return done.stopped() if interrupted else done


def _without_network(records: Sequence[StageRecord]) -> RunStatus:
    """Robust training found no network with a certificate, not even a constant one: the domains have none at hand."""
    said = {record.status for record in records}
    if "claim_rejected" in said:
        return RunStatus.CLAIM_REJECTED
    return RunStatus.INFEASIBLE if "infeasible" in said else RunStatus.NO_NETWORK


def _solver(records: Sequence[StageRecord], choice: Choice) -> str:
    """The last one that was asked; the one that would have been, if no stage has begun."""
    return next((record.solver for record in reversed(records) if record.solver), "none" if records else choice.name)
