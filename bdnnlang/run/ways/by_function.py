"""The whole problem in parts: a program for each function that the output can be of the hidden neurons (docs/models.md 9.3).

The least objective is that of the best part, and the bound the least of theirs. The best network so far cuts off: a part has to
show a better one, or that it has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bdnnlang.language.spec import Exact
from bdnnlang.model.build import build_spec
from bdnnlang.model.model import Model
from bdnnlang.model.passes.fix_output import FixOutput, Sizes
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.prove.functions import MOST_NEURONS, OutputFunction, output_functions
from bdnnlang.run.context import Context
from bdnnlang.run.facts import SOLVERS_WORD, BoundProved, ClaimRejected, MarginAtLeast, ModelBuilt, Whole
from bdnnlang.run.proof import stage_status
from bdnnlang.run.solving import (
    POLISH,
    Answer,
    Watch,
    described,
    limits,
    make_model,
    margin,
    modelled,
    portion,
    search_ahead,
    solve_and_verify,
    spent_up,
)
from bdnnlang.solve.outcome import Status

NO_FUNCTIONS = "the output has no few functions to go by: docs/models.md 9.3 says when it has, and all is one program"


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of the networks with one function: how far the cut-off and the solver's answer bound them."""

    function: OutputFunction
    model: Model
    most: Rational | None  # networks of this objective and above were cut off
    answer: Answer
    bound: Rational


def functions_of(model: Model) -> tuple[OutputFunction, ...]:
    """Those that the output of a model can be; none where that is not the question."""
    known: Sizes | None = model.sizes
    neurons = model.problem.weights(1).shape[0]
    if known is None or neurons > MOST_NEURONS:
        return ()
    return output_functions(neurons, known.whole)


@dataclass
class ByFunction:
    """A stage as it goes, part by part."""

    context: Context[Exact]
    plain: Model
    functions: tuple[OutputFunction, ...]
    parts: list[_Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    searched: float = 0.0  # seconds before the solves

    def __post_init__(self) -> None:
        context = self.context
        self.training, self.budget, self.best = context.training, context.budget, context.best
        self.irreducible = self.training.irreducible

    @classmethod
    def of(cls, context: Context[Exact]) -> ByFunction | None:
        """None where the problem has no such parts."""
        plain = make_model(context.training, context.solver)
        functions = functions_of(plain)
        return cls(context, plain, functions) if functions else None

    def run(self) -> None:
        self.context.emit(self.described)
        watch = Watch(self.training, self.plain, self.budget, self.context.emit, self.best, self.context.solver)
        began = self.budget.spent
        if self.context.searches:
            search_ahead(self.plain, watch, counted=self.context.settings.node_limit is not None)
        self.searched, self.best = self.budget.spent - began, watch.best
        for number, function in enumerate(self.functions):
            if spent_up(self.budget) or self.best.reaches(self.irreducible):
                break
            self.parts.append(self.solved(function, len(self.functions) - number))
        self.end()

    def solved(self, function: OutputFunction, left: int) -> _Part:
        """One part; `left` of them are to come, this one with them."""
        most, training = self.cut_off(), self.training
        unit = self.plain.problem.unit
        output = FixOutput(function.weights, function.threshold, None if most is None else float(most / unit) - 1.0)
        model = modelled(training, self.context.solver, build_spec(training), output=output)
        watch = Watch(training, model, self.budget, self.context.emit, self.best, self.context.solver, bounds=False)
        settings = self.context.settings
        own = replace(limits(training, settings, portion(self.budget, left)), gap=settings.gap, nodes=settings.node_limit)
        log, least = self.context.log, self.irreducible
        answer = solve_and_verify(training, self.context.solver, model, None, own, watch, log, least)
        if answer.found is not None:
            watch.consider(answer.found, POLISH)
        self.best = watch.best
        self.notes += answer.outcome.notes
        return _Part(function, model, most, answer, self.bound_of(model, most, answer))

    def cut_off(self) -> Rational | None:
        """The objective of the best network, where all are whole numbers of units."""
        whole = self.plain.problem.has_integral_objective and self.best.acceptable
        return self.best.objective if whole else None

    def bound_of(self, model: Model, most: Rational | None, answer: Answer) -> Rational:
        """What an answer says of its part, and of the networks that were cut off from it."""
        outcome = answer.outcome
        if outcome.refuted or not answer.kept:
            self.context.emit(ClaimRejected(outcome.solver, outcome.refuted or "the network does not keep the claim"))
            return self.irreducible
        if outcome.status is Status.INFEASIBLE and most is not None:
            return most
        said = model.bound(outcome.bound) or self.irreducible
        return max(said if most is None else min(said, most), self.irreducible)

    # ---- the end

    @property
    def described(self) -> ModelBuilt:
        return described(self.plain.milp, self.training.spec.train.formulation, self.plain.problem)

    def doubted(self) -> Iterator[_Part]:
        """The parts without those bounds that the best network refutes."""
        for part in self.parts:
            if part.bound > self.best.objective and part.model.start(self.best.network) is not None:
                said = f"{part.answer.outcome.solver} claims a bound of {shown(part.bound)} for {part.function}"
                why = f"{said}, but a network with {shown(self.best.objective)} satisfies its model"
                self.context.emit(ClaimRejected(part.answer.outcome.solver, why))
                part = replace(part, bound=self.irreducible)
            yield part

    def bound(self) -> BoundProved | None:
        """The least of those of all parts."""
        parts = list(self.doubted())
        if self.best.reaches(self.irreducible) or len(parts) < len(self.functions):
            return BoundProved(self.irreducible)
        value = min(min(part.bound for part in parts), self.best.objective)
        margins = [asked for model in (self.plain, *(part.model for part in parts)) if (asked := margin(model.problem))]
        relative = self.plain.problem.input_scaling is not None
        scope = MarginAtLeast(max(margins), relative) if margins else Whole()
        return BoundProved(value, scope, parts[0].answer.outcome.solver, SOLVERS_WORD)

    def end(self) -> None:
        bound = self.bound()
        slack = self.training.costs.slack(self.best.objective)
        closes = bound is not None and self.best.reaches(bound.value + slack)
        said = Status.OPTIMAL if closes else Status.INTERRUPTED if self.budget.stopped() else Status.FEASIBLE
        if bound is not None:
            self.context.emit(bound)
        outcomes = [part.answer.outcome for part in self.parts]
        claims = [part.answer.claim for part in self.parts if part.answer.claim is not None]
        claim = min(claims, default=None)
        self.context.end(
            stage_status(said, self.best.stated[1], bound, slack),
            self.best.accepted,
            notes=tuple(dict.fromkeys([*self.summary(), *self.notes])),
            solver=outcomes[0].solver if outcomes else "",
            model=self.described,
            claimed_loss=None if self.training.costs.penalties else claim,
            claimed_objective=claim,
            nodes=sum(outcome.nodes or 0 for outcome in outcomes) if outcomes else None,
            solver_seconds=self.searched + sum(outcome.seconds for outcome in outcomes),
        )

    def summary(self) -> Iterator[str]:
        """Which function has which bound."""
        if self.parts:
            yield "by function of the output: " + ", ".join(f"{part.function}: {shown(part.bound)}" for part in self.parts)
