"""The whole problem in disjoint parts of its samples, a program for each: their bounds add up (docs/models.md 9.4).

Where the least loss is far above what big-M bounds reach, those of small parts are closed one by one, and their sum is greater.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import equal_rows
from bdnnlang.data.draw import permutation
from bdnnlang.language.spec import Exact
from bdnnlang.language.spec.require_spec import NONE
from bdnnlang.model.model import Model
from bdnnlang.network.numbers import Rational, shown, total
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.context import Context
from bdnnlang.run.facts import NO_MODEL, SOLVERS_WORD, BoundProved, ClaimRejected, MarginAtLeast, ModelBuilt, Whole
from bdnnlang.run.proof import stage_status
from bdnnlang.run.solving import (
    POLISH,
    Answer,
    Watch,
    described,
    limits,
    make_model,
    margin,
    portion,
    search_ahead,
    solve_and_verify,
    spent_up,
)
from bdnnlang.run.status import StageStatus
from bdnnlang.solve.outcome import Status

WITHOUT = ("unit_rows",)  # margins of rows that are scaled by the samples of a part speak of that part only


def parts_of(training: TrainingProblem, count: int) -> list[TrainingProblem]:
    """At most `count`, none of them empty: equal samples together, each class spread evenly, at random.

    What is asked of each is the loss only: penalties, which are not negative, and requirements are those of the whole.
    """
    groups, y = equal_rows(training.samples), training.samples.y
    first = np.unique(groups, return_index=True)[1]  # a sample of each group
    order = permutation(training.spec.train.seed, len(first))
    dealt = order[np.argsort(y[first[order]], kind="stable")]
    part = np.empty(len(first), dtype=np.int64)
    part[dealt] = np.arange(len(dealt)) % count
    train = replace(training.spec.train, penalties=(), without=tuple(dict.fromkeys([*training.spec.train.without, *WITHOUT])))
    alone = replace(training, spec=replace(training.spec, train=train, require=NONE))
    rows: list[Ints] = [np.flatnonzero(part[groups] == k) for k in range(count)]
    return [alone.on(own) for own in rows if len(own)]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part, and how far the solver's answer bounds its loss."""

    training: TrainingProblem
    model: Model
    answer: Answer
    bound: Rational


@dataclass
class BySamples:
    """A stage as it goes, part by part."""

    context: Context[Exact]
    parts: list[_Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    searched: float = 0.0  # seconds before the solves

    def __post_init__(self) -> None:
        context = self.context
        self.training, self.budget, self.best = context.training, context.budget, context.best
        self.problems = parts_of(self.training, context.settings.parts)
        self.plain = make_model(self.training, context.solver)

    def run(self) -> None:
        """Search as for the whole, then the parts in turn, each in its share of what time is left."""
        self.context.emit(self.described)
        watch = Watch(self.training, self.plain, self.budget, self.context.emit, self.best, self.context.solver)
        began = self.budget.spent
        if self.context.searches:
            search_ahead(self.plain, watch, counted=self.context.settings.node_limit is not None)
        self.searched, self.best = self.budget.spent - began, watch.best
        for number, problem in enumerate(self.problems):
            if spent_up(self.budget) or self.best.reaches(self.training.irreducible):
                break
            self.parts.append(self.solved(problem, len(self.problems) - number))
            self.context.emit(self.bound())
        self.end()

    def solved(self, problem: TrainingProblem, left: int) -> _Part:
        """One part; `left` of them are to come, this one with them. Networks that are found are judged by all samples."""
        settings, solver = self.context.settings, self.context.solver
        model = make_model(problem, solver)
        watch = Watch(self.training, model, self.budget, self.context.emit, self.best, solver, bounds=False)
        own = replace(limits(problem, settings, portion(self.budget, left)), gap=settings.gap, nodes=settings.node_limit)
        answer = solve_and_verify(problem, solver, model, model.start(self.best.network), own, watch, self.context.log)
        if answer.found is not None:
            watch.consider(self.training.incumbent(answer.found.network), POLISH)
        self.best = watch.best
        self.notes += answer.outcome.notes
        return _Part(problem, model, answer, self.bound_of(problem, model, answer))

    def bound_of(self, problem: TrainingProblem, model: Model, answer: Answer) -> Rational:
        """What an answer says of its part, unless its network or the best one refutes it."""
        outcome, least = answer.outcome, problem.irreducible
        said = model.bound(outcome.bound)
        if outcome.refuted or not answer.kept or said is None:
            if said is not None:
                self.context.emit(ClaimRejected(outcome.solver, outcome.refuted or "the network does not keep the claim"))
            return least
        loss = problem.evaluate(self.best.network).loss
        if said > loss and model.start(self.best.network) is not None:
            claim = f"{outcome.solver} claims a bound of {shown(said)} for a part"
            why = f"{claim}, but a network with {shown(loss)} satisfies its model"
            self.context.emit(ClaimRejected(outcome.solver, why))
            return least
        return max(said, least)

    # ---- the end

    @property
    def described(self) -> ModelBuilt:
        return described(self.plain.milp, self.training.spec.train.formulation, self.plain.built)

    def bound(self) -> BoundProved:
        """The sum of those of the parts; of one that was not solved, what equal samples force."""
        known = [part.bound for part in self.parts]
        rest = [problem.irreducible for problem in self.problems[len(known) :]]
        value = min(max(total([*known, *rest]), self.training.irreducible), self.best.objective)
        margins = [asked for model in (self.plain, *(part.model for part in self.parts)) if (asked := margin(model.built))]
        scope = MarginAtLeast(max(margins)) if margins else Whole()
        return BoundProved(value, scope, self.parts[0].answer.outcome.solver, SOLVERS_WORD)

    def end_unasked(self) -> None:
        """Before a solver was asked: stopped, or because the search has reached what no network goes below."""
        reached = self.best.reaches(self.training.irreducible)
        if reached:
            self.context.emit(BoundProved(self.training.irreducible))
        status = StageStatus.OPTIMAL if reached else StageStatus.INTERRUPTED if self.budget.stopped() else StageStatus.FEASIBLE
        self.context.end(status, self.best.accepted, model=NO_MODEL)

    def end(self) -> None:
        if not self.parts:
            self.end_unasked()
            return
        bound = self.bound()
        slack = self.training.costs.slack(self.best.objective)
        closes = self.best.reaches(bound.value + slack)
        said = Status.OPTIMAL if closes else Status.INTERRUPTED if self.budget.stopped() else Status.FEASIBLE
        self.context.emit(bound)
        outcomes = [part.answer.outcome for part in self.parts]
        self.context.end(
            stage_status(said, self.best.stated[1], bound, slack),
            self.best.accepted,
            notes=tuple(dict.fromkeys([*self.summary(), *self.notes])),
            solver=outcomes[0].solver,
            model=self.described,
            nodes=sum(outcome.nodes or 0 for outcome in outcomes),
            solver_seconds=self.searched + sum(outcome.seconds for outcome in outcomes),
        )

    def summary(self) -> Iterator[str]:
        """How many samples each part has, and which bound."""
        each = ", ".join(f"{shown(part.bound)} of {len(part.training.samples)}" for part in self.parts)
        yield f"bounds of parts of the samples, which add up: {each}"
