"""Stage `exact`: the whole problem to a solver, its claim to the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bdnnlang import solve
from bdnnlang.budget import Budget
from bdnnlang.language.spec import Exact
from bdnnlang.model.blocks import Step
from bdnnlang.model.milp import Milp
from bdnnlang.model.model import Model
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.problem.irreducible import irreducible_loss
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.events import Listener, StageStarted
from bdnnlang.run.records import StageRecord, unsolved
from bdnnlang.run.retry import Way, other_ways
from bdnnlang.run.solving import (
    Answer,
    Watch,
    first_solution,
    limits,
    make_model,
    margin,
    search_ahead,
    sizes,
    solve_and_verify,
    spent_up,
    trusted_bound,
)
from bdnnlang.run.status import Bound, stage_status
from bdnnlang.solve.claims import misstated
from bdnnlang.solve.outcome import Limits, Status


def run_exact(
    stage: Exact, training: TrainingProblem, best: Incumbent, budget: Budget, listen: Listener, log: Path | None = None
) -> tuple[Incumbent, StageRecord]:
    """The best verified network after the stage, at least as good as `best`, and the record of the try that counts."""
    irreducible = irreducible_loss(training.data.train, training.loss, len(best.network.layers[-1].biases), training.costs)
    if best.objective <= irreducible:
        listen(StageStarted(stage.name, "", "", budget.seconds, 0, 0, 0, 0))
        return best, _unasked(stage, training, best, irreducible, budget)
    solve = _Solve(stage, training, budget, listen, log, irreducible, best)
    solve.attempt(Way(training.target))
    if not solve.tries:
        return solve.best, _unasked(stage, training, solve.best, irreducible, budget)
    for way in solve.other_ways():
        if solve.is_settled or spent_up(budget):
            break
        solve.attempt(way)
    return solve.best, solve.record()


def _unasked(stage: Exact, training: TrainingProblem, best: Incumbent, irreducible: Rational, budget: Budget) -> StageRecord:
    """Of a stage that ended before a solver was asked: interrupted, or because no network has a lesser loss than the best one."""
    if best.objective > irreducible:
        return unsolved(stage.name, budget.spent, str(Status.INTERRUPTED), *training.stated(best))
    note = "no network has a lesser loss: there was nothing to solve"
    return unsolved(stage.name, budget.spent, str(Status.OPTIMAL), *training.stated(best), bound=irreducible, notes=(note,))


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

    stage: Exact
    training: TrainingProblem
    budget: Budget
    listen: Listener
    log: Path | None
    irreducible: Rational
    best: Incumbent
    tries: list[_Try] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    searched: float = 0.0  # seconds before the solves

    def attempt(self, way: Way) -> None:
        """Solve in one way, and keep what comes of it."""
        training = replace(self.training, target=way.target)
        model = make_model(training, way.gap_factor)
        if self.tries and solve.refusal(way.target, model.milp):
            return
        if self.tries:
            self.notes.append(f"tried again {way.words(self.training.target)}")
        else:
            self.listen(_started(self.stage, training, self.budget, model.milp))
        watch = Watch(training, model, self.budget, self.listen, self.best, way.target)
        began = self.budget.spent
        guide = None if self.tries else search_ahead(model, watch, counted=self.stage.node_limit is not None)
        self.searched += self.budget.spent - began
        self.best = watch.best
        if not self.tries and (self.best.objective <= self.irreducible or self.budget.stopped()):
            return
        start, notes = first_solution(model, watch) if way.start else (None, [])
        self.notes += notes
        answer = solve_and_verify(training, model, start, self.limits(way), watch, self.log, self.irreducible, guide)
        if answer.found is not None:
            watch.consider(answer.found)
        self.best = _best(self.best, answer.found, watch.best, training)
        bound, doubts = trusted_bound(answer.outcome, self.best, model, self.training)
        is_refuted = bool(answer.outcome.refuted) or (bound is None and bool(doubts))
        self.tries.append(_Try(way, model, answer, start is not None, is_refuted))
        self.notes += self.remarks(answer) + doubts

    def limits(self, way: Way) -> Limits:
        own = replace(limits(self.training, self.budget.left), gap=self.stage.gap, nodes=self.stage.node_limit)
        return replace(own, feasibility=way.feasibility, presolve=way.presolve)

    def remarks(self, answer: Answer) -> list[str]:
        """What there is to say of an answer, above all what is wrong with it."""
        outcome = answer.outcome
        diagnostics = [*outcome.notes, *([outcome.reason] if outcome.status is Status.FAILED else [])]
        diagnostics += [outcome.refuted] if outcome.refuted else []
        if not answer.kept and answer.found is not None and answer.claim is not None:
            kind = "objective" if self.training.costs.penalties else "loss"
            result = shown(answer.found.objective) if self.training.accepts(answer.found) else "no certificate"
            claim = f"the claim of {shown(answer.claim)} by {outcome.solver}"
            diagnostics.append(f"the network does not keep {claim}: its {kind} is {result}")
        if self.budget.left == 0 and outcome.nodes is not None and outcome.nodes <= 1:
            diagnostics.append(
                "the time was up before the solver had branched: in such time a stage `local_search` may find more"
            )
        return diagnostics

    def other_ways(self) -> Iterator[Way]:
        """What to try after the first answer."""
        first = self.tries[0]
        outcome = first.answer.outcome
        at_fault = bool(outcome.refuted) or misstated(outcome, first.model.milp) is not None
        steps = (b for b in first.model.problem.blocks if isinstance(b, Step))
        has_margin = any(step.unit is None or step.gap < step.unit for step in steps)
        return other_ways(self.training.target, at_fault=at_fault, had_start=first.had_start, has_margin=has_margin)

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
        return claim is None or self.counts.answer.kept or self.best.objective <= claim + self.training.costs.slack(claim)

    def status(self, bound: Bound | None) -> str:
        outcome = self.counts.answer.outcome
        if self.is_settled or outcome.status is Status.INTERRUPTED:
            return stage_status(outcome.status, self.best.objective, bound, self.training.costs.slack(self.best.objective))
        return str(Status.INTERRUPTED) if self.budget.stopped() else "claim_rejected"

    def record(self) -> StageRecord:
        model, answer = self.counts.model, self.counts.answer
        outcome, claim = answer.outcome, answer.claim
        bound, doubts = trusted_bound(outcome, self.best, model, self.training)
        columns, binaries, rows, nonzeros = sizes(model.milp)
        loss, objective = self.training.stated(self.best)
        record = StageRecord(
            stage=self.stage.name,
            solver=outcome.solver,
            formulation=self.training.spec.train.formulation,
            seconds=self.budget.spent,
            status=self.status(bound),
            claimed_loss=None if self.training.costs.penalties else claim,
            verified_loss=loss,
            bound=None if bound is None else bound.value,
            margin=margin(model.problem),
            nodes=outcome.nodes,
            columns=columns,
            binaries=binaries,
            rows=rows,
            nonzeros=nonzeros,
            notes=tuple(dict.fromkeys([*self.notes, *doubts])),
            claimed_objective=claim,
            verified_objective=objective,
            solver_seconds=self.searched + sum(one.answer.outcome.seconds for one in self.tries),
            relative_margin=model.problem.input_scaling is not None,
        )
        if record.status == Status.INTERRUPTED and self.best.objective <= self.irreducible:  # it was told that this is enough
            return replace(record, status=str(Status.OPTIMAL), bound=self.irreducible, margin=None)
        return record


def _best(before: Incumbent, found: Incumbent | None, seen: Incumbent, training: TrainingProblem) -> Incumbent:
    """Of equals the earlier network stays, and a polished one comes before one as the solver had it."""
    if found is not None and found.objective <= seen.objective + training.costs.slack(seen.objective):
        seen = found
    return min(before, seen, key=lambda incumbent: incumbent.objective)


def _started(stage: Exact, training: TrainingProblem, budget: Budget, milp: Milp) -> StageStarted:
    return StageStarted(stage.name, training.target, training.spec.train.formulation, budget.seconds, *sizes(milp))
