"""Stage `exact`: the whole problem to a solver, whose claim is judged by the network behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bdnnlang import solve
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Exact, StageSpec
from bdnnlang.model.blocks import Step
from bdnnlang.model.model import Model
from bdnnlang.model.size import Extent, whole
from bdnnlang.network.numbers import shown
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import NO_MODEL, BoundProved, ClaimRejected, ModelBuilt, NetworkFound
from bdnnlang.run.proof import stage_status
from bdnnlang.run.race import race
from bdnnlang.run.solving import (
    POLISH,
    Answer,
    Watch,
    described,
    first_solution,
    limits,
    make_model,
    search_ahead,
    solve_and_verify,
    spent_up,
    trusted_bound,
)
from bdnnlang.run.status import StageStatus
from bdnnlang.run.ways.by_function import NO_FUNCTIONS, ByFunction
from bdnnlang.run.ways.by_samples import BySamples
from bdnnlang.run.ways.retry import WIDER, Way, other_ways
from bdnnlang.solve.claims import misstated
from bdnnlang.solve.outcome import Limits, Status

needs_solver = True


def takes(settings: StageSpec) -> bool:
    return isinstance(settings, Exact)


def run(context: Context[Exact]) -> None:
    """Networks better than the best so far, a bound, and how the try ended that counts; by several solvers where they race."""
    if len(context.racers) > 1:
        context = searched(context)
    if len(context.racers) > 1 and not context.best.reaches(context.training.irreducible):
        race(context, alone)
    else:
        alone(context)


def searched(context: Context[Exact]) -> Context[Exact]:
    """After the search that comes before a solver: once for all who race."""
    training, best = context.training, context.best
    if best.reaches(training.irreducible):
        return context
    model = make_model(training, context.solver)
    context.emit(described(model.milp, training.spec.train.formulation, model.problem))
    watch = Watch(training, model, context.budget, context.emit, best, context.solver)
    if context.settings.warm_start:
        search_ahead(model, watch, counted=context.settings.node_limit is not None)
    return replace(context, best=watch.best, searches=False)


def alone(context: Context[Exact]) -> None:
    """With one solver, and others only where its claims do not hold."""
    if context.settings.parts > 1 and not context.best.reaches(context.training.irreducible):
        BySamples(context).run()
        return
    answers = _Solve(context)
    if context.settings.by_function and not context.best.reaches(context.training.irreducible):
        parts = ByFunction.of(context)
        if parts is not None:
            parts.run()
            return
        answers.notes.append(NO_FUNCTIONS)
    if not context.best.reaches(context.training.irreducible):
        answers.attempt(Way(context.solver))
    if not answers.tries:
        answers.end_unasked()
        return
    for way in answers.other_ways():
        if answers.is_settled or spent_up(context.budget):
            break
        answers.attempt(way)
    answers.end()


@dataclass(frozen=True, slots=True)
class _Try:
    way: Way
    model: Model
    answer: Answer
    had_start: bool
    is_refuted: bool  # is what the solver claims beyond its network known to be false?


@dataclass
class _Solve:
    """A stage as it goes: solved once, and while the claim does not hold in other ways."""

    context: Context[Exact]
    tries: list[_Try] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    searched: float = 0.0  # seconds before the solves

    def __post_init__(self) -> None:
        context = self.context
        self.stage, self.training, self.budget, self.best = context.settings, context.training, context.budget, context.best
        self.irreducible = self.training.irreducible

    def attempt(self, way: Way) -> None:
        """Solve in one way, and keep what comes of it."""
        training, solver = self.training, way.solver
        model = make_model(training, solver, way.margin_factor)
        if self.tries and solve.refusal(solver, model.milp):
            return
        if self.tries:
            self.notes.append(f"tried again {way.words(self.context.solver)}")
        self.context.emit(self.described(model))
        watch = Watch(training, model, self.budget, self.context.emit, self.best, solver)
        began = self.budget.spent
        counted, ahead = self.stage.node_limit is not None, self.context.searches
        is_guided = self.stage.warm_start and not self.tries
        guide = search_ahead(model, watch, counted=counted, ahead=ahead) if is_guided else None
        self.searched += self.budget.spent - began
        self.best = watch.best
        if not self.tries and (self.best.reaches(self.irreducible) or self.budget.stopped()):
            return
        start, notes = first_solution(model, watch) if way.start and self.stage.warm_start else (None, [])
        self.notes += notes
        log, least = self.context.log, self.irreducible
        answer = solve_and_verify(training, solver, model, start, self.limits(way), watch, log, least, guide)
        if answer.found is not None:
            self.polish(watch, answer.found)
        self.best = watch.best
        bound, doubts = trusted_bound(answer.outcome, self.best, model, self.training)
        for why in self.falsehoods(answer) + (doubts if bound is None else []):
            self.context.emit(ClaimRejected(answer.outcome.solver, why))
        is_refuted = bool(answer.outcome.refuted) or (bound is None and bool(doubts))
        self.tries.append(_Try(way, model, answer, start is not None, is_refuted))
        self.notes += self.remarks(answer) + doubts

    def polish(self, watch: Watch, found: Incumbent) -> None:
        """Of equals the earlier network stays, and a polished one comes before one as the solver had it."""
        seen = watch.best
        watch.consider(found, POLISH)
        is_as_good = not seen.acceptable or found.objective <= seen.objective + self.training.costs.slack(seen.objective)
        is_better = found.acceptable and found.rank < self.best.rank
        if watch.best is not found and seen is not self.best and is_as_good and is_better:
            watch.best = found
            self.context.emit(NetworkFound(self.budget.spent, found, POLISH, polished=True))

    def described(self, model: Model) -> ModelBuilt:
        return described(model.milp, self.training.spec.train.formulation, model.problem)

    def limits(self, way: Way) -> Limits:
        own = replace(limits(self.training, self.stage, self.budget.left), gap=self.stage.gap, nodes=self.stage.node_limit)
        if way.solver != self.context.solver:  # whose parameters they are
            own = replace(own, options=())
        return replace(own, feasibility=way.feasibility, presolve=way.presolve)

    def falsehoods(self, answer: Answer) -> list[str]:
        """What an answer claims and its network does not keep."""
        refuted = [answer.outcome.refuted] if answer.outcome.refuted else []
        if answer.kept or answer.found is None or answer.claim is None:
            return refuted
        kind = "objective" if self.training.costs.penalties else "loss"
        result = shown(answer.found.objective) if answer.found.acceptable else answer.found.evaluation.fault
        claim = f"the claim of {shown(answer.claim)} by {answer.outcome.solver}"
        return [*refuted, f"the network does not keep {claim}: its {kind} is {result}"]

    def remarks(self, answer: Answer) -> list[str]:
        """What there is to say of an answer, above all what is wrong with it."""
        outcome = answer.outcome
        remarks = [*outcome.notes, *([outcome.reason] if outcome.status is Status.FAILED else []), *self.falsehoods(answer)]
        if self.budget.left == 0 and outcome.nodes is not None and outcome.nodes <= 1:
            remarks.append("the time was up before the solver had branched: in such time a stage `local_search` may find more")
        return remarks

    def other_ways(self) -> Iterator[Way]:
        """What to try after the first answer."""
        first = self.tries[0]
        outcome = first.answer.outcome
        at_fault = bool(outcome.refuted) or misstated(outcome, first.model.milp) is not None
        steps = (b for b in first.model.problem.blocks if isinstance(b, Step))
        has_margin = any(step.unit is None or step.threshold < step.unit for step in steps)
        return other_ways(self.context.solver, at_fault=at_fault, had_start=first.had_start, has_margin=has_margin)

    @property
    def counts(self) -> _Try:
        """The last try that ended with a claim, else the first one."""
        return next((t for t in reversed(self.tries) if t.answer.claim is not None), self.tries[0])

    @property
    def is_settled(self) -> bool:
        """Is nothing claimed that is false, and no network claimed that is not there?"""
        claim = self.counts.answer.claim
        if self.counts.is_refuted:
            return False
        return claim is None or self.counts.answer.kept or self.best.reaches(claim + self.training.costs.slack(claim))

    def status(self, bound: BoundProved | None) -> StageStatus:
        outcome = self.counts.answer.outcome
        if self.is_settled or outcome.status is Status.INTERRUPTED:
            slack = self.training.costs.slack(self.best.objective)
            return stage_status(outcome.status, self.best.stated[1], bound, slack)
        return StageStatus.INTERRUPTED if self.budget.stopped() else StageStatus.CLAIM_REJECTED

    def end(self) -> None:
        outcome, claim = self.counts.answer.outcome, self.counts.answer.claim
        bound, doubts = trusted_bound(outcome, self.best, self.counts.model, self.training)
        status = self.status(bound)
        if status is StageStatus.INTERRUPTED and self.best.reaches(self.irreducible):  # it was told that this is enough
            status, bound = StageStatus.OPTIMAL, BoundProved(self.irreducible)
        if bound is not None:
            self.context.emit(bound)
        self.context.end(
            status,
            self.best.accepted,
            notes=tuple(dict.fromkeys([*self.notes, *doubts])),
            solver=outcome.solver,
            model=self.described(self.counts.model),
            claimed_loss=None if self.training.costs.penalties else claim,
            claimed_objective=claim,
            nodes=outcome.nodes,
            solver_seconds=self.searched + sum(one.answer.outcome.seconds for one in self.tries),
        )

    def end_unasked(self) -> None:
        """Before a solver was asked: interrupted, or because no network has a lesser loss than the best one."""
        if not self.best.reaches(self.irreducible):
            self.context.end(StageStatus.INTERRUPTED, self.best.accepted, model=NO_MODEL)
            return
        self.context.emit(BoundProved(self.irreducible))
        note = "no network has a lesser loss: there was nothing to solve"
        self.context.end(StageStatus.OPTIMAL, self.best.accepted, notes=(note,), model=NO_MODEL)


# ---- what there is to say of it


def describe(settings: Exact) -> str:
    parts = [f"{settings.parts} parts of the samples"] if settings.parts > 1 else []
    nodes = [f"{settings.node_limit} nodes"] if settings.node_limit is not None else []
    return ", ".join([*parts, *nodes, *([] if settings.warm_start else ["without a start"])])


def extent(settings: Exact, data: Dataset) -> Extent:
    return whole(data)


def checks(settings: Exact) -> Checks:
    return Checks(margin_factors=(1.0, WIDER), is_whole=True, margin_as_built=settings.parts > 1)
