"""Stage `constant`: the best network that says the same of all samples."""

from __future__ import annotations

from bdnnlang.language.spec import StageSpec
from bdnnlang.language.spec.train_spec import Constant
from bdnnlang.model.build import build_spec
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import NetworkFound
from bdnnlang.search.constant_networks import constant_incumbent

needs_solver = False


def takes(settings: StageSpec) -> bool:
    return isinstance(settings, Constant)


def run(context: Context[Constant]) -> None:
    training = context.training
    found = constant_incumbent(build_spec(training.spec, training.data), training)
    if found.rank < context.best.rank:
        context.emit(NetworkFound(context.budget.spent, found, "constant"))
    context.end("feasible", min(context.best, found, key=lambda incumbent: incumbent.rank).accepted)


def describe(settings: Constant) -> str:
    return "the same class for all samples"


def most_seconds(settings: Constant) -> float | str | None:
    return settings.time


def checks(settings: Constant) -> Checks:
    return Checks()
