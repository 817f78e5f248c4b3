"""What the ways to solve a problem in parts have in common: the search ahead, a program after another, and the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Exact
from bdnnlang.model.blocks import Problem
from bdnnlang.model.model import Model
from bdnnlang.network.numbers import Rational
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.context import Context
from bdnnlang.run.facts import SOLVERS_WORD, BoundProved, MarginAtLeast, ModelBuilt, Whole
from bdnnlang.run.proof import stage_status
from bdnnlang.run.solving import (
    POLISH,
    Answer,
    Watch,
    described,
    limits,
    margin,
    portion,
    search_ahead,
    solve_and_verify,
    spent_up,
)
from bdnnlang.solve.outcome import Status

P = TypeVar("P")


@dataclass
class InParts:
    """A stage as it goes, part by part."""

    context: Context[Exact]
    plain: Model  # of the whole
    asks: Problem  # whose margins are said to be those of the stage: that of `plain`, before or after its passes
    answers: list[Answer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    searched: float = 0.0  # seconds before the solves

    def __post_init__(self) -> None:
        context = self.context
        self.training, self.budget, self.best = context.training, context.budget, context.best

    @property
    def described(self) -> ModelBuilt:
        return described(self.plain.milp, self.training.spec.train.formulation, self.asks)

    def search(self) -> None:
        """As for the whole."""
        self.context.emit(self.described)
        watch = Watch(self.training, self.plain, self.budget, self.context.emit, self.best, self.context.solver)
        began = self.budget.spent
        if self.context.searches and self.context.settings.warm_start:
            search_ahead(self.plain, watch, counted=self.context.settings.node_limit is not None)
        self.searched, self.best = self.budget.spent - began, watch.best

    def due(self, parts: Sequence[P]) -> Iterator[tuple[P, float | None]]:
        """Each part with its share of what time is left, until there is none or no network can be better."""
        for number, part in enumerate(parts):
            if spent_up(self.budget) or self.best.reaches(self.training.irreducible):
                break
            yield part, portion(self.budget, len(parts) - number)

    def solve(
        self,
        training: TrainingProblem,
        model: Model,
        seconds: float | None,
        start: Floats | None = None,
        irreducible: Rational | None = None,
    ) -> Answer:
        """The answer to a part. The network that is found is judged by the whole problem."""
        settings, solver, whole = self.context.settings, self.context.solver, self.training
        watch = Watch(whole, model, self.budget, self.context.emit, self.best, solver, bounds=False)
        own = replace(limits(training, settings, seconds), gap=settings.gap, nodes=settings.node_limit)
        answer = solve_and_verify(training, solver, model, start, own, watch, self.context.log, irreducible)
        if answer.found is not None:
            watch.consider(answer.found if training is whole else whole.incumbent(answer.found.network), POLISH)
        self.best = watch.best
        self.notes += answer.outcome.notes
        self.answers.append(answer)
        return answer

    def proved(self, value: Rational, parts: Iterable[Problem]) -> BoundProved:
        """A bound that follows from those of parts: of networks with the largest margin that any of them asks for."""
        margins = [asked for problem in (self.asks, *parts) if (asked := margin(problem))]
        scope = MarginAtLeast(max(margins), self.asks.input_scaling is not None) if margins else Whole()
        return BoundProved(value, scope, self.answers[0].outcome.solver, SOLVERS_WORD)

    def end(self, bound: BoundProved | None, summary: Iterable[str], **said: Any) -> None:
        """Say how the stage ended: `said` are further members of the fact."""
        slack = self.training.costs.slack(self.best.objective)
        closes = bound is not None and self.best.reaches(bound.value + slack)
        status = Status.OPTIMAL if closes else Status.INTERRUPTED if self.budget.stopped() else Status.FEASIBLE
        if bound is not None:
            self.context.emit(bound)
        outcomes = [answer.outcome for answer in self.answers]
        self.context.end(
            stage_status(status, self.best.stated[1], bound, slack),
            self.best.accepted,
            notes=tuple(dict.fromkeys([*summary, *self.notes])),
            solver=outcomes[0].solver if outcomes else "",
            model=self.described,
            nodes=sum(outcome.nodes or 0 for outcome in outcomes) if outcomes else None,
            solver_seconds=self.searched + sum(outcome.seconds for outcome in outcomes),
            **said,
        )
