"""A problem on its way through a solver: the program that the solver gets, and what is believed of the answer."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import solve
from bdnnlang.arrays import Floats, Ints, one_thread
from bdnnlang.budget import Budget
from bdnnlang.language.spec import StageSpec
from bdnnlang.model.blocks import Problem, Step
from bdnnlang.model.build import build_spec
from bdnnlang.model.milp import Milp
from bdnnlang.model.model import Model
from bdnnlang.model.passes.fix_output import FixOutput
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.polish.acceptance import contradicts, verified_incumbent
from bdnnlang.polish.polish import polish
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.facts import SOLVERS_WORD, BoundProved, BoundReported, Emit, MarginAtLeast, ModelBuilt, NetworkFound, Whole
from bdnnlang.run.start_ahead import guides_solver
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.solve.outcome import FoundSolution, Limits, NewBound, Offered, Outcome, Status

if TYPE_CHECKING:
    from bdnnlang.search.multistart import Improvement
    from bdnnlang.search.solver_heuristic import LocalSearchHeuristic

SEARCH, POLISH = "search", "polish"  # who found a network
MOST_GUIDED = 3e6  # nonzeros
SHARE_AHEAD = 0.5  # of the time of a solve, at most, for a search before it
MOST_WIDENED = 2e6  # nonzeros of a program for which a network's margins are widened
START_UP = 0.5  # seconds that a solver's process needs beside its limit


def make_model(training: TrainingProblem, solver: str, margin_factor: float = 1.0, groups: Ints | None = None) -> Model:
    """The problem as built, and the Milp that a solver gets."""
    return modelled(training, solver, build_spec(training, groups=groups, margin_factor=margin_factor))


def modelled(
    training: TrainingProblem, solver: str, built: Problem, without: tuple[str, ...] = (), output: FixOutput | None = None
) -> Model:
    """A problem in the form and the rows that suit a solver; `without` these passes, with this function of the `output`."""
    implications = solve.SOLVERS[solver].accepts.implications
    return Model.of(training, built, implications=implications, without=without, output=output)


def offer(model: Model, network: Network, training: TrainingProblem) -> tuple[Floats | None, Network]:
    """A solution with the activations of `network`, and whose it is: its own, or that of the network of widest margins.

    None where neither satisfies the program.
    """
    point = model.start(network)
    if point is not None or model.milp.nonzeros > MOST_WIDENED:
        return point, network
    wide = polish(model, training.spec.network.layers, model.encode(network))
    return model.start(wide), wide


def described(milp: Milp, formulation: str, asks: Problem) -> ModelBuilt:
    """The size of a program, and the margin that the model `asks` of networks."""
    size = milp.columns, int(milp.binary.sum()), milp.rows, milp.nonzeros
    return ModelBuilt(formulation, *size, margin(asks), asks.input_scaling is not None)


def margin(problem: Problem) -> float | None:
    """The margin that the model asks of networks; None when it asks for nothing a lattice does not give."""
    return max((b.threshold for b in problem.blocks if isinstance(b, Step) and b.unit is None), default=None)


def trusted_bound(
    outcome: Outcome, best: Incumbent, model: Model, training: TrainingProblem
) -> tuple[BoundProved | None, list[str]]:
    """The bound, and what it speaks of, unless a network that satisfies the whole model refutes it."""
    bound, least = model.bound(outcome.bound), margin(model.problem)
    scope = Whole() if least is None else MarginAtLeast(least, model.problem.input_scaling is not None)

    def proved(value: Rational) -> BoundProved:
        return BoundProved(value, scope, outcome.solver, SOLVERS_WORD)

    if bound is None or not best.acceptable or bound <= best.objective:
        return None if bound is None else proved(bound), []
    if bound <= best.objective + training.costs.slack(best.objective):
        return proved(best.objective), []
    point, offered = offer(model, best.network, training)
    if least is None or (point is not None and contradicts(bound, training.incumbent(offered), model.milp, point)):
        kind = "an objective of" if training.costs.penalties else "loss"
        network = f"a network with {kind} {shown(best.objective)} satisfies its model"
        return None, [f"{outcome.solver} claims a bound of {shown(bound)}, but {network}"]
    return proved(best.objective), [f"the bound of {shown(bound)} speaks of networks with a wider margin"]


@dataclass
class Watch:
    """Follows a solve: every solution it finds is read as a network and evaluated; the best one is kept."""

    training: TrainingProblem
    model: Model
    budget: Budget
    emit: Emit
    best: Incumbent
    solver: str
    bounds: bool = True  # whether a bound of the solver speaks of the whole problem

    def __call__(self, event: solve.Event) -> None:
        match event:
            case FoundSolution(x=x):
                self.consider(self.training.incumbent(self.model.decode(x)), self.solver)
            case Offered(x=x):
                self.consider(self.training.incumbent(self.model.decode(x)), SEARCH)
            case NewBound(bound=bound, nodes=nodes) if self.bounds:
                self.emit(BoundReported(self.budget.spent, bound * float(self.model.problem.unit), nodes, self.solver))

    def consider(self, incumbent: Incumbent, by: str) -> None:
        """Keep a network if it is better than all before it."""
        if incumbent.rank < self.best.rank:
            self.best = incumbent
            if incumbent.acceptable:
                self.emit(NetworkFound(self.budget.spent, incumbent, by))


def first_solution(model: Model, watch: Watch) -> tuple[Floats | None, list[str]]:
    """The solution that the best network stands for, or one near it, and notes where it is not its own.

    A network that cannot go to the solver stays the incumbent of `watch`.
    """
    training, best = watch.training, watch.best
    point, network = offer(model, best.network, training)
    if point is not None and network is not best.network:
        watch.consider(training.incumbent(network), POLISH)
        return point, ["the best network so far got wider margins, so that it satisfies the model"]
    if point is not None:
        return point, []
    constant = model.start(constant_incumbent(model.built, training).network)
    if not best.acceptable:
        return constant, []
    kind, value = "objective" if training.costs.penalties else "loss", shown(best.objective)
    note = f"the best network so far, of {kind} {value}, does not satisfy the model, whatever its margins:"
    return constant, [f"{note} it is kept, but the solver does not know of it"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One solve inside a stage: what the solver said, and the network behind its solution."""

    outcome: Outcome
    claim: Rational | None
    found: Incumbent | None  # its loss is that on the samples of its model
    kept: bool  # does the network keep the claim, where there are both?


def limits(training: TrainingProblem, stage: StageSpec, seconds: float | None) -> Limits:
    """What the spec says to every solve of a stage."""
    train = training.spec.train
    options = tuple((one.name, one.value) for one in train.options_of(stage))
    return Limits(
        seconds=seconds,
        threads=train.threads,
        seed=train.seed,
        memory=train.memory,
        cuts=train.formulation == "paper",
        options=options,
    )


def solve_and_verify(
    training: TrainingProblem,
    solver: str,
    model: Model,
    start: Floats | None,
    limits: Limits,
    watch: Watch,
    log: Path | None = None,
    irreducible: Rational | None = None,
    guide: LocalSearchHeuristic | None = None,
) -> Answer:
    """Solve the program of `model` and judge the solution by `model`; `watch` sees what is found on the way.

    `irreducible`: the model is that of the whole problem, and a network of no more than this objective ends the solve.
    `guide` goes along.
    """
    improve = guide if model.milp.nonzeros <= MOST_GUIDED else None

    def stop() -> bool:
        return watch.budget.stopped() or (irreducible is not None and watch.best.reaches(irreducible))

    try:
        outcome = solve.solve(solver, model.milp, limits, start, on_event=watch, stop=stop, log=log, improve=improve)
    except solve.UnsupportedModelError as refused:
        reason = f"{solver} refused the program: {refused}"
        outcome = Outcome(Status.FAILED, None, None, None, None, 0.0, solver, reason)
    claim = model.claim(outcome.objective)
    if outcome.x is None or claim is None:
        return Answer(outcome, claim, None, kept=True)
    found = verified_incumbent(training, model, outcome.x, claim + training.costs.slack(claim))
    return Answer(outcome, claim, found, kept=found.reaches(claim + training.costs.rough(claim)))


def search_ahead(model: Model, watch: Watch, *, counted: bool, ahead: bool = True) -> LocalSearchHeuristic | None:
    """Look for networks before a solver does, which `watch` gets to know; the search that goes on beside it.

    None where the spec does without. `counted`: the time does not decide on the effort, but may end it. `ahead` False: it has
    been looked for already.
    """
    training, budget, left = watch.training, watch.budget, watch.budget.left
    if not guides_solver(training.spec):
        return None
    from bdnnlang.search.solver_heuristic import LocalSearchHeuristic, effort_ahead  # `check` asks stages, and searches nothing

    until = math.inf if left is None else time.monotonic() + left * SHARE_AHEAD
    guide = LocalSearchHeuristic(training, model, watch.best)
    if not ahead:
        return guide

    def follow(found: Improvement) -> None:
        watch.consider(found.incumbent, SEARCH)

    effort = effort_ahead(model.milp.nonzeros, None if counted else left)
    with one_thread():
        guide.ahead(effort, lambda: budget.stopped() or time.monotonic() > until, follow)
    return guide


def portion(budget: Budget, parts: int, most: float | None = None) -> float | None:
    """Seconds for the next of `parts` solves: an equal share of what is left, at least one second if there is one."""
    left = budget.left
    limits = [] if left is None else [max(left / parts, 1.0) - START_UP, left - START_UP]
    return min([max(limit, 0.1) for limit in limits] + ([most] if most else []), default=None)


def spent_up(budget: Budget) -> bool:
    """Is there no time for another solve, or was a stop asked for?"""
    return budget.stopped() or (budget.left is not None and budget.left < 2 * START_UP)
