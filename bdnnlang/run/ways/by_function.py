"""The whole problem in parts: a program for each function that the output can be of the hidden neurons (docs/models.md 9.3).

The least objective is that of the best part, and the bound the least of theirs. The best network so far cuts off: a part has to
show a better one, or that it has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bdnnlang.language.spec import Exact
from bdnnlang.model.build import build_spec
from bdnnlang.model.model import Model
from bdnnlang.model.passes.fix_output import FixOutput, Sizes
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.prove.functions import MOST_NEURONS, OutputFunction, output_functions
from bdnnlang.run.context import Context
from bdnnlang.run.facts import BoundProved, ClaimRejected
from bdnnlang.run.solving import (
    Answer,
    make_model,
    modelled,
)
from bdnnlang.run.ways.in_parts import InParts
from bdnnlang.solve.outcome import Status

NO_FUNCTIONS = "the output has no few functions to go by: docs/models.md 9.3 says when it has, and all is one program"


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of the networks with one function: how far the cut-off and the solver's answer bound them."""

    function: OutputFunction
    model: Model
    answer: Answer
    bound: Rational


def functions_of(model: Model) -> tuple[OutputFunction, ...]:
    """Those that the output of a model can be; none where that is not the question."""
    known: Sizes | None = model.sizes
    neurons = model.problem.weights(1).shape[0]
    if known is None or neurons > MOST_NEURONS:
        return ()
    return output_functions(neurons, known.whole)


class ByFunction:
    """A stage as it goes, part by part."""

    def __init__(self, context: Context[Exact], plain: Model, functions: tuple[OutputFunction, ...]) -> None:
        self.context, self.plain, self.functions = context, plain, functions
        self.stage = InParts(context, plain, plain.problem)
        self.irreducible = context.training.irreducible
        self.parts: list[_Part] = []

    @classmethod
    def of(cls, context: Context[Exact]) -> ByFunction | None:
        """None where the problem has no such parts."""
        plain = make_model(context.training, context.solver)
        functions = functions_of(plain)
        return cls(context, plain, functions) if functions else None

    def run(self) -> None:
        self.stage.search()
        for function, seconds in self.stage.due(self.functions):
            self.parts.append(self.solved(function, seconds))
        self.end()

    def solved(self, function: OutputFunction, seconds: float | None) -> _Part:
        most, training = self.cut_off(), self.context.training
        unit = self.plain.problem.unit
        output = FixOutput(function.weights, function.threshold, None if most is None else float(most / unit) - 1.0)
        model = modelled(training, self.context.solver, build_spec(training), output=output)
        answer = self.stage.solve(training, model, seconds, irreducible=self.irreducible)
        return _Part(function, model, answer, self.bound_of(model, most, answer))

    def cut_off(self) -> Rational | None:
        """The objective of the best network, where all are whole numbers of units."""
        whole = self.plain.problem.has_integral_objective and self.stage.best.acceptable
        return self.stage.best.objective if whole else None

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

    def doubted(self) -> Iterator[_Part]:
        """The parts without those bounds that the best network refutes."""
        for part in self.parts:
            if part.bound > self.stage.best.objective and part.model.start(self.stage.best.network) is not None:
                said = f"{part.answer.outcome.solver} claims a bound of {shown(part.bound)} for {part.function}"
                why = f"{said}, but a network with {shown(self.stage.best.objective)} satisfies its model"
                self.context.emit(ClaimRejected(part.answer.outcome.solver, why))
                part = replace(part, bound=self.irreducible)
            yield part

    def bound(self) -> BoundProved | None:
        """The least of those of all parts."""
        parts = list(self.doubted())
        if self.stage.best.reaches(self.irreducible) or len(parts) < len(self.functions):
            return BoundProved(self.irreducible)
        value = min(min(part.bound for part in parts), self.stage.best.objective)
        return self.stage.proved(value, (part.model.problem for part in parts))

    def end(self) -> None:
        claim = min((part.answer.claim for part in self.parts if part.answer.claim is not None), default=None)
        loss = None if self.context.training.costs.penalties else claim
        self.stage.end(self.bound(), self.summary(), claimed_loss=loss, claimed_objective=claim)

    def summary(self) -> Iterator[str]:
        """Which function has which bound."""
        if self.parts:
            yield "by function of the output: " + ", ".join(f"{part.function}: {shown(part.bound)}" for part in self.parts)
