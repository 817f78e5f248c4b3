"""The schedule of a spec: its stages from top to bottom, each starting from the best network so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

from bdnnlang.budget import Abandoned, Budget, Interrupt, Patience
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import DataSplit, Exact, LocalSearch, Spec, StageSpec
from bdnnlang.model.build import build_spec
from bdnnlang.network.network import Network
from bdnnlang.problem.constant import constant_note
from bdnnlang.problem.irreducible import irreducible_loss
from bdnnlang.problem.membership import belongs, shape
from bdnnlang.problem.outputs import default_loss, output_width
from bdnnlang.problem.perturbation import robust_delta
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.choose import Choice, choose, shape_diagnostics
from bdnnlang.run.events import Event, Listener, NewIncumbent, StageEnded, StageStarted
from bdnnlang.run.records import Run, StageRecord, unsolved
from bdnnlang.run.stages.alternate import run_alternate
from bdnnlang.run.stages.data_split import run_data_split
from bdnnlang.run.stages.exact import run_exact
from bdnnlang.run.stages.local_search import run_local_search
from bdnnlang.run.status import Bound, RunStatus, settled
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.solve.outcome import Status


def prepare(spec: Spec, data: Dataset) -> tuple[TrainingProblem, Choice, Incumbent]:
    """What the stages share, the solver and why, and the network to start from. Raises Rejected, solves nothing."""
    shape_diagnostics(spec, data)
    problem = build_spec(spec, data)
    choice = choose(spec, data, problem)
    loss = default_loss(spec.train.loss, output_width(spec.network, len(data.classes)))
    training = TrainingProblem(spec, data, loss, choice.target, robust_delta(spec, data))
    return training, choice, constant_incumbent(problem, training)


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
        training, choice, best = prepare(spec, data)
        if start is not None and belongs(start, spec, data):
            best = min(best, training.incumbent(start), key=lambda incumbent: incumbent.objective)
    whole = Budget(spec.train.time, interrupt)
    if training.accepts(best):
        listen(NewIncumbent(0.0, best))
    records: list[StageRecord] = []
    shown = best
    for stage in spec.train.stages:
        if whole.stopped() or (records and whole.left == 0):
            break
        seen = _Seen(listen, best)
        try:
            with interrupt.within(Patience.SHORT):
                best, record, shown = _run_stage(stage, training, best, whole.share(_seconds(stage, whole)), seen, log)
        except Abandoned:
            best = shown = seen.best
            record = seen.abandoned(stage, training, whole)
        records.append(record)
        listen(StageEnded(record, shown if training.accepts(shown) else None))
    accepted = shown if training.accepts(shown) else None
    done = conclude(records, accepted, training, choice, interrupted=whole.stopped(), seconds=whole.spent)
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

    def abandoned(self, stage: StageSpec, training: TrainingProblem, budget: Budget) -> StageRecord:
        """The record of the stage; its size is that of the program it began with."""
        record = unsolved(stage.name, budget.spent, str(Status.INTERRUPTED), *training.stated(self.best))
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
    stage: StageSpec, training: TrainingProblem, best: Incumbent, budget: Budget, listen: Listener, log: Path | None
) -> tuple[Incumbent, StageRecord, Incumbent]:
    """The network of least training loss, the record, and the network of the stage."""
    match stage:
        case LocalSearch(method="coordinate"):
            best, record = run_local_search(stage, training, best, budget, listen)
            return best, record, best
        case LocalSearch():
            best, record = run_alternate(stage, training, best, budget, listen, log)
            return best, record, best
        case DataSplit():
            return run_data_split(stage, training, best, budget, listen, log)
        case Exact():
            best, record = run_exact(stage, training, best, budget, listen, log)
            return best, record, best
        case _:
            assert_never(stage)


def conclude(
    records: Sequence[StageRecord],
    shown: Incumbent | None,
    training: TrainingProblem,
    choice: Choice,
    *,
    interrupted: bool,
    seconds: float,
) -> Run:
    """What follows from the records of the stages and the network of the last one (None: none is acceptable)."""
    irreducible = irreducible_loss(training.data.train, training.loss, shape(training.spec, training.data)[-1], training.costs)
    bounds = [Bound(irreducible), *(bound for record in records for bound in record.bounds)]
    status, bound = _without_network(records), None
    if shown is not None:
        proved, bound = settled(shown.objective, bounds, training.costs.slack(shown.objective))
        certified = training.accepts(training.incumbent(shown.network))  # what a stage selects by validation need not be
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
