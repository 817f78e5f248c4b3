"""The whole problem in disjoint parts of its samples, a program for each: their bounds add up (docs/models.md 9.4).

Where the least loss is far above what big-M bounds reach, those of small parts are closed one by one, and their sum is greater.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

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
from bdnnlang.run.facts import NO_MODEL, BoundProved, ClaimRejected
from bdnnlang.run.solving import (
    Answer,
    make_model,
)
from bdnnlang.run.status import StageStatus
from bdnnlang.run.ways.in_parts import InParts

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
    bound: Rational


class BySamples:
    """A stage as it goes, part by part."""

    def __init__(self, context: Context[Exact]) -> None:
        plain = make_model(context.training, context.solver)
        self.context, self.training = context, context.training
        self.stage = InParts(context, plain, plain.built)
        self.problems = parts_of(self.training, context.settings.parts)
        self.parts: list[_Part] = []

    def run(self) -> None:
        """Search as for the whole, then the parts in turn, each in its share of what time is left."""
        self.stage.search()
        for problem, seconds in self.stage.due(self.problems):
            self.parts.append(self.solved(problem, seconds))
            self.context.emit(self.bound())
        self.end()

    def solved(self, problem: TrainingProblem, seconds: float | None) -> _Part:
        model = make_model(problem, self.context.solver)
        start = model.start(self.stage.best.network) if self.context.settings.warm_start else None
        answer = self.stage.solve(problem, model, seconds, start)
        return _Part(problem, model, self.bound_of(problem, model, answer))

    def bound_of(self, problem: TrainingProblem, model: Model, answer: Answer) -> Rational:
        """What an answer says of its part, unless its network or the best one refutes it."""
        outcome, least = answer.outcome, problem.irreducible
        said = model.bound(outcome.bound)
        if outcome.refuted or not answer.kept or said is None:
            if said is not None:
                self.context.emit(ClaimRejected(outcome.solver, outcome.refuted or "the network does not keep the claim"))
            return least
        loss = problem.evaluate(self.stage.best.network).loss
        if said > loss and model.start(self.stage.best.network) is not None:
            claim = f"{outcome.solver} claims a bound of {shown(said)} for a part"
            why = f"{claim}, but a network with {shown(loss)} satisfies its model"
            self.context.emit(ClaimRejected(outcome.solver, why))
            return least
        return max(said, least)

    # ---- the end

    def bound(self) -> BoundProved:
        """The sum of those of the parts; of one that was not solved, what equal samples force."""
        known = [part.bound for part in self.parts]
        rest = [problem.irreducible for problem in self.problems[len(known) :]]
        value = min(max(total([*known, *rest]), self.training.irreducible), self.stage.best.objective)
        return self.stage.proved(value, (part.model.built for part in self.parts))

    def end_unasked(self) -> None:
        """Before a solver was asked: stopped, or because the search has reached what no network goes below."""
        best = self.stage.best
        reached = best.reaches(self.training.irreducible)
        if reached:
            self.context.emit(BoundProved(self.training.irreducible))
        stopped = self.context.budget.stopped()
        status = StageStatus.OPTIMAL if reached else StageStatus.INTERRUPTED if stopped else StageStatus.FEASIBLE
        self.context.end(status, best.accepted, model=NO_MODEL)

    def end(self) -> None:
        if self.parts:
            self.stage.end(self.bound(), self.summary())
        else:
            self.end_unasked()

    def summary(self) -> Iterator[str]:
        """How many samples each part has, and which bound."""
        each = ", ".join(f"{shown(part.bound)} of {len(part.training.samples)}" for part in self.parts)
        yield f"bounds of parts of the samples, which add up: {each}"
