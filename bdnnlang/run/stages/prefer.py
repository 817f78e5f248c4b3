"""What is preferred among networks of the least objective found: the greatest margin, or the fewest nonzero weights.

It is one more solve, with that objective, and what was preferred before, as rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bdnnlang import solve
from bdnnlang.arrays import Floats
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Preference, PreferenceKind, StageSpec
from bdnnlang.model.build import build_spec
from bdnnlang.model.milp import Milp
from bdnnlang.model.model import Model, whole_bound
from bdnnlang.model.objectives.preferences import (
    HELD,
    PIPELINE,
    Held,
    fewest,
    least_distance,
    start,
    widest,
    with_activations,
    without_unused,
)
from bdnnlang.model.size import Extent, whole
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, exact
from bdnnlang.polish.polish import snap
from bdnnlang.polish.preference import centred, margins, preference_value
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import WITHIN, NetworkFound, Preferred
from bdnnlang.run.solving import POLISH, described, limits
from bdnnlang.run.status import StageStatus
from bdnnlang.solve.outcome import FoundSolution, Outcome, Status

SHARE = 0.5  # of the time, for the activations of the network that is there
NO_TIME = "no time was left for it"
needs_solver = True


def takes(settings: StageSpec) -> bool:
    return isinstance(settings, Preference)


def run(context: Context[Preference]) -> None:
    """A network that is preferred to the best one, if there is one, and what bounds all others."""
    if not context.best.acceptable:
        context.end(StageStatus.NO_SOLUTION, None, notes=("there is no network to go on from",))
    elif context.budget.stopped() or context.budget.left == 0:
        stopped = StageStatus.INTERRUPTED if context.budget.stopped() else StageStatus.FEASIBLE
        found = preferred(context.training, context.best.network, context.settings.kind)
        context.end(stopped, context.best, notes=(NO_TIME,), preferred=found)
    else:
        _Level(context).run()


def preferred(training: TrainingProblem, network: Network, kind: PreferenceKind, bound: Rational | None = None) -> Preferred:
    """What a network comes to, and what bounds all that are as good."""
    return Preferred(kind, preference_value(training, network, kind), bound)


@dataclass
class _Level:
    """One solve as it goes."""

    context: Context[Preference]
    best: Incumbent = field(init=False)

    def __post_init__(self) -> None:
        context = self.context
        self.kind, self.training, self.budget, self.best = context.settings.kind, context.training, context.budget, context.best
        self.first = self.best
        earlier = context.training.spec.train.prefer
        self.earlier = earlier[: earlier.index(self.kind)]
        held = Held(
            self.best.objective,
            self.value(self.best.network, "margin") if "margin" in self.earlier else None,
            int(self.value(self.best.network, "sparsity")) if "sparsity" in self.earlier else None,
        )
        measures = "margin" in (self.kind, *self.earlier)
        built = build_spec(self.training, real_biases=measures)
        problem = widest(built, held) if self.kind == "margin" else fewest(built, held)
        self.model = Model.through(problem, PIPELINE, self.training.samples)
        self.solver = "scip" if solve.SOLVERS[context.solver].accepts.integer_only else context.solver

    def value(self, network: Network, kind: PreferenceKind) -> Rational:
        return preference_value(self.training, network, kind)

    def run(self) -> None:
        built = described(self.model.milp, self.training.spec.train.formulation, self.model.problem)
        self.context.emit(replace(built, margin=least_distance(self.model.problem) or built.margin))
        if self.kind == "margin":
            self.consider(centred(self.training, self.first.network), POLISH)
        point = start(self.model, self.best.network, margins(self.training, self.best.network))
        found = self.ask(with_activations(self.model, point), point, SHARE)  # at once what its activations allow
        self.end(self.ask(self.model.milp, point if found.x is None else found.x))

    def ask(self, program: Milp, point: Floats, share: float = 1.0) -> Outcome:
        """A program, from a point if that satisfies it, in a share of the time; networks are considered as they come."""
        left = self.budget.left
        own = limits(self.training, self.context.settings, None if left is None else share * left)
        stop, log = self.budget.stopped, self.context.log
        first = point if program.feasible(point) else None
        outcome = solve.solve(self.solver, program, own, first, on_event=self.follow, stop=stop, log=log)
        if outcome.x is not None:
            self.consider(without_unused(self.model, outcome.x), self.solver)
        return outcome

    def follow(self, event: solve.Event) -> None:
        if isinstance(event, FoundSolution):
            self.consider(without_unused(self.model, event.x), self.solver)

    def consider(self, network: Network, by: str) -> None:
        """Keep a network that was found `by` somebody, in few bits, if it is preferred to the best and as good otherwise."""
        least = self.value(self.best.network, self.kind)
        if not self.is_better(network, least):
            return
        goal = self.value(network, self.kind)

        def is_as_good(short: Network) -> bool:
            return self.is_better(short, least) and self.is_near(self.value(short, self.kind), goal)

        short = snap(network, self.training.spec.network.layers, self.training.samples, is_as_good)
        self.best = self.training.incumbent(network if short is None else short)
        self.context.emit(NetworkFound(self.budget.spent, self.best, by, polished=True))

    def is_better(self, network: Network, than: Rational) -> bool:
        """Is it preferred, of the spec, as good as the first one, and in what was preferred before as good as that?"""
        if not self.training.contains(network) or not self.training.incumbent(network).reaches(self.first.objective):
            return False
        kept = all(self.is_near(self.value(network, kind), self.value(self.first.network, kind), kind) for kind in self.earlier)
        found = self.value(network, self.kind)
        return kept and (found > than if self.kind == "margin" else found < than)

    def is_near(self, found: Rational, wanted: Rational, kind: PreferenceKind | None = None) -> bool:
        """Is it as good, or of a margin within the tolerance that later problems allow?"""
        return found >= wanted * exact(HELD) if (kind or self.kind) == "margin" else found <= wanted

    def end(self, outcome: Outcome) -> None:
        found = preferred(self.training, self.best.network, self.kind, self.bound(outcome))
        self.context.end(
            self.status(outcome, found),
            self.best,
            notes=(*outcome.notes, *([outcome.reason] if outcome.status is Status.FAILED else [])),
            solver=outcome.solver,
            nodes=outcome.nodes,
            solver_seconds=outcome.seconds,
            preferred=found,
        )

    def bound(self, outcome: Outcome) -> Rational | None:
        """What a solver says that no network goes beyond; None where the network that is kept does, or it says nothing."""
        if outcome.bound is None:
            return None
        found = self.value(self.best.network, self.kind)
        if self.kind == "sparsity":
            least = whole_bound(outcome.bound)
            return least if least <= found else None
        most = exact(-outcome.bound)
        return max(most, found) if found <= most * (1 + WITHIN) else None

    def status(self, outcome: Outcome, found: Preferred) -> StageStatus:
        if outcome.status is not Status.OPTIMAL:
            return StageStatus(outcome.status)
        return StageStatus.OPTIMAL if found.closes else StageStatus.GAP_REACHED


# ---- what there is to say of it


def describe(settings: Preference) -> str:
    return ""


def extent(settings: Preference, data: Dataset) -> Extent | None:
    return whole(data)


def checks(settings: Preference) -> Checks:
    return Checks(has_size=False)
