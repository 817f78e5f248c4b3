"""The schedule of a spec: its stages from top to bottom, each starting from the best network so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bdnnlang.budget import Abandoned, Budget, Interrupt, Patience
from bdnnlang.diagnostics import InternalError
from bdnnlang.language.spec import Exact, Preference, StageSpec
from bdnnlang.model.build import outline
from bdnnlang.network.network import Network
from bdnnlang.polish.sparser import sparser
from bdnnlang.problem.constant import constant_note
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.choose import Choice, check_options, choose, size_diagnostics
from bdnnlang.run.context import Context
from bdnnlang.run.facts import EARLIER, OURSELVES, BoundProved, Emit, Fact, NetworkFound, StageEnded, StageStarted
from bdnnlang.run.facts_json import Judge
from bdnnlang.run.proof import settled
from bdnnlang.run.records import Run, StageRecord
from bdnnlang.run.stages import stage_of
from bdnnlang.run.start_ahead import start_ahead
from bdnnlang.run.state import RunState
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.search.constant_networks import constant_incumbent

UNLIMITED = 60.0  # seconds for each preference where the spec has no limit
NOTHING_LEFT = "no network has a lesser loss: there was nothing to do"
SIMPLIFIED = "simplified"  # who found a network: weights that decide nothing became 0
CONSTANT = "constant"  # who found the network that is there from the start, if no earlier run did

Recall = Callable[[Judge], RunState]


def prepare(training: TrainingProblem) -> tuple[Choice, Incumbent]:
    """The solver and why, and the network to start from. Raises Rejected, solves nothing."""
    spec, data = training.spec, training.data
    size_diagnostics(spec, data)
    problem = outline(training)
    return choose(spec, data, problem), constant_incumbent(problem, training)


def nothing(judge: Judge) -> RunState:
    """What is known before a first run."""
    return RunState()


def run(
    training: TrainingProblem,
    *,
    emit: Emit,
    interrupt: Interrupt,
    recall: Recall = nothing,
    log: Path | None = None,
    proof: Path | None = None,
    dask: str = "",
) -> Run:
    """Execute the schedule. Every network handed on, and the one returned, has a loss recomputed in exact arithmetic.

    A stage hands on the network of least training loss, which never gets worse. The run returns the network of its last
    stage: that one, unless the stage selects by validation accuracy. `recall` gives the state to go on from, behind the stages
    that have ended, in the time that is left; it is given who judges networks, and passes over those that are none of this spec.
    What solvers print goes to `log`, the proof of a bound to `proof`. Stages may share work out to the
    cluster whose scheduler `dask` is the address of.
    """
    spec = training.spec
    with interrupt.within(Patience.SHORT):
        choice, constant = prepare(training)
        state = recall(lambda network: judged(network, training))
        if choice.is_asked:
            for solver in choice.racers or (choice.solver,):
                start_ahead(spec, solver)
            check_options(spec, choice.solver)
    schedule = _Schedule(training, choice, constant, emit, interrupt, log, proof, state, dask)
    schedule.begin()
    whole = Budget(spec.train.time, interrupt, time.monotonic() - state.spent)
    for number, stage in list(enumerate(spec.train.schedule))[state.finished :]:
        if whole.stopped() or (schedule.state.has_begun and whole.left == 0 and not isinstance(stage, Preference)):
            break
        if schedule.has_proved_it(stage):
            schedule.leave_out(number, stage)
        else:
            schedule.execute(number, stage, whole)
    done = conclude(schedule.state, training, choice, interrupted=whole.stopped(), seconds=whole.spent)
    if done.best is not None:
        _check(done.best)
    return _remarked(done, training)


def judged(network: Network, training: TrainingProblem) -> Incumbent | None:
    """A network with what it costs now; None if it is none of the spec."""
    return training.incumbent(network) if training.contains(network) else None


@dataclass
class _Schedule:
    """A schedule as it goes; `state` is the fold of all that is emitted."""

    training: TrainingProblem
    choice: Choice
    constant: Incumbent
    emit: Emit
    interrupt: Interrupt
    log: Path | None
    proof: Path | None
    state: RunState
    dask: str

    def learn(self, fact: Fact) -> None:
        """Fold it, and pass it on."""
        self.state = self.state.after(fact)
        self.emit(fact)

    def hear(self, fact: Fact) -> None:
        """Of a stage: the network that it ends with is left with as few weights as answer the same."""
        if isinstance(fact, StageEnded) and fact.network is not None and fact.preferred is None:  # that one speaks of its weights
            lean = sparser(self.training, fact.network)
            if lean is not None:
                if lean.rank <= self.best.rank:  # else it was selected by validation accuracy, and is not the one to go on from
                    self.learn(NetworkFound(fact.seconds, lean, SIMPLIFIED, polished=True))
                fact = replace(fact, network=lean)
        self.learn(fact)

    @property
    def best(self) -> Incumbent:
        """The network to start from, which need not be acceptable before a stage has found one that is."""
        return min([self.constant, *([self.state.best] if self.state.best else [])], key=lambda one: one.rank)

    def begin(self) -> None:
        """What is known before any stage: a network, the constant one or that of an earlier run, and what counting proves."""
        counted = BoundProved(self.training.irreducible)
        if counted not in self.state.proved:
            self.learn(counted)
        if self.best.acceptable:
            by = CONSTANT if self.best is self.constant else EARLIER
            self.learn(NetworkFound(0.0, self.best, by))

    def has_proved_it(self, stage: StageSpec) -> bool:
        """Have we proved that no network has a lesser objective, so that there is nothing left for a stage?

        One that selects by validation accuracy is run nevertheless, and any after the word of a solver, which it may refute.
        Stages know of irreducible losses themselves.
        """
        best, training = self.best, self.training
        if best.reaches(training.irreducible) or not best.acceptable or isinstance(stage, Preference):
            return False
        if training.data.validation is not None and stage_of(stage).checks(stage).by_validation:
            return False
        ours = [bound for bound in self.state.bounds if bound.by == OURSELVES]
        return settled(best.objective, ours, training.costs.slack(best.objective))[0] is RunStatus.OPTIMAL

    def leave_out(self, number: int, stage: StageSpec) -> None:
        """A stage that has nothing to do."""
        self.learn(StageStarted(number, stage.name, 0.0))
        self.learn(StageEnded(number, stage.name, 0.0, StageStatus.OPTIMAL, self.best, notes=(NOTHING_LEFT,)))

    def execute(self, number: int, settings: StageSpec, whole: Budget) -> None:
        """One stage, within its share of the time; it ends when the user does not want to wait for it."""
        stage = stage_of(settings)
        racers = self.choice.racers if isinstance(settings, Exact) else ()
        solver = ", ".join(racers or (self.choice.solver,)) if stage.needs_solver else ""
        budget, known = whole.share(self.seconds(number, settings, whole)), self.state.known
        self.learn(StageStarted(number, settings.name, budget.seconds, solver))
        best = self.state.shown or self.best if isinstance(settings, Preference) else self.best
        own = Context(settings, self.training, self.choice.solver, best, budget, self.hear, self.log, self.proof, number)
        context = replace(own, racers=racers, proved=known, dask=self.dask)
        try:
            with self.interrupt.within(Patience.SHORT):
                stage.run(context)
        except Abandoned:
            context.end(StageStatus.INTERRUPTED, self.best.accepted, solver=solver)

    def seconds(self, number: int, settings: StageSpec, whole: Budget) -> float | None:
        """What a stage may take; of one that was cut off by the end of its process, what is left of it."""
        if isinstance(settings, Preference):  # an equal share for each that is to come
            left = len(self.training.spec.train.schedule) - number
            return UNLIMITED if whole.left is None else whole.left / left
        if settings.time is None or settings.time == "rest":
            return whole.left
        return max(0.0, settings.time - self.state.spent_on(number))


def _remarked(done: Run, training: TrainingProblem) -> Run:
    """With a note in its last stage where the network is a constant one."""
    if done.best is None or not done.stages:
        return done
    *others, last = done.stages
    note = constant_note(done.best.network, training.spec, training.data, is_best=done.status.is_proved)
    if note is None:
        return done
    notes = (note, *last.notes) if last.status is StageStatus.FAILED else (*last.notes, note)  # why it failed comes last
    return replace(done, stages=(*others, replace(last, notes=notes)))


def conclude(state: RunState, training: TrainingProblem, choice: Choice, *, interrupted: bool, seconds: float) -> Run:
    """What follows from the state of a run at its end."""
    records, shown = state.stages, state.shown
    status, bound = _without_network(records), None
    if shown is not None:
        proved, bound = settled(shown.objective, state.bounds, training.costs.slack(shown.objective))
        status = proved if shown.acceptable else RunStatus.FEASIBLE  # what is selected by validation need not be certified
    has_claim = bool(records) and records[-1].status is not StageStatus.CLAIM_REJECTED  # a rejected one stands in its stage
    kept = records[-1] if has_claim else None
    done = Run(
        status=status,
        stages=records,
        best=shown,
        claimed_loss=kept.claimed_loss if kept else None,
        bound=None if bound is None else bound.value,
        margin=None if bound is None else bound.margin,
        relative_margin=bound is not None and bound.relative,
        bound_by="" if bound is None else bound.by,
        evidence="" if bound is None else bound.evidence,
        seconds=seconds,
        solver=_solver(records, choice),
        reason=choice.reason,
        advice=choice.advice,
        claimed_objective=kept.claimed_objective if kept else None,
        imported=None if state.has_begun else state.imported,
    )
    return done.stopped() if interrupted else done


def _check(shown: Incumbent) -> None:
    """A network that breaks a requirement is never the one of a run, whoever found it. Raises InternalError."""
    if shown.evaluation.broken:
        raise InternalError(f"the network of the run is not acceptable: {shown.evaluation.fault}")


def _without_network(records: Sequence[StageRecord]) -> RunStatus:
    """No network is acceptable, not even a constant one: none has its certificate, or each breaks a requirement."""
    said = {record.status for record in records}
    if StageStatus.CLAIM_REJECTED in said:
        return RunStatus.CLAIM_REJECTED
    return RunStatus.INFEASIBLE if StageStatus.INFEASIBLE in said else RunStatus.NO_NETWORK


def _solver(records: Sequence[StageRecord], choice: Choice) -> str:
    """The last one that was asked; the one that would have been, if no stage has begun."""
    return next((record.solver for record in reversed(records) if record.solver), "none" if records else choice.name)
