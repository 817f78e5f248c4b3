"""A problem on its way through a solver: the program that the target gets, and what is believed of the answer."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

from bdnnlang import passes, targets
from bdnnlang.ir.blocks import Problem, Step
from bdnnlang.ir.build import build_spec
from bdnnlang.ir.complete import complete, read_network
from bdnnlang.ir.stack import stack
from bdnnlang.milp import Floats, Ints, Milp
from bdnnlang.network import Network, Rational, shown
from bdnnlang.runtime.guide import Guide, effort_ahead
from bdnnlang.runtime.polish import polish
from bdnnlang.runtime.start import constant_incumbent
from bdnnlang.runtime.status import Bound
from bdnnlang.runtime.types import BoundRaised, Budget, Event, Incumbent, Listener, NewIncumbent, Task
from bdnnlang.runtime.verdict import bounded, claimed, contradicts, judge
from bdnnlang.targets.outcome import FoundSolution, Limits, NewBound, Offered, Outcome, Status

GUIDE = "guide_solver"  # in `train.without`
MOST_GUIDED = 3e6  # nonzeros
SHARE_AHEAD = 0.5  # of the time of a solve, at most, for a search before it
MOST_WIDENED = 2e6  # nonzeros of a program for which a network's margins are widened
START_UP = 0.5  # seconds that a solver's process needs beside its limit


@dataclass(frozen=True, slots=True)
class Model:
    built: Problem
    problem: Problem  # in the form that the formulation gives it
    milp: Milp

    def point(self, network: Network, task: Task) -> Floats:
        """The solution that a network stands for, (columns,)."""
        return complete(self.problem, network, task.data.train)

    def start(self, network: Network, task: Task) -> Floats | None:
        """The same if it satisfies the program."""
        point = self.point(network, task)
        return point if self.milp.feasible(point) else None

    def widened(self, network: Network, task: Task) -> Network:
        """The activations that matter, with the greatest margins (an LP a neuron)."""
        train, specs = task.data.train, task.spec.network.layers
        return polish(self.built, self.problem, specs, complete(self.problem, network, train), train.x)

    def offer(self, network: Network, task: Task) -> tuple[Floats | None, Network]:
        """A solution with the activations of `network`, and whose it is: its own, or that of the widened one.

        None where neither satisfies the program.
        """
        point = self.start(network, task)
        if point is not None or self.milp.nonzeros > MOST_WIDENED:
            return point, network
        wide = self.widened(network, task)
        return self.start(wide, task), wide


def make_model(task: Task, gap_factor: float = 1.0, groups: Ints | None = None) -> Model:
    """The problem of a task, and the Milp that its target gets."""
    return modelled(task, build_spec(task.spec, task.data, groups=groups, gap_factor=gap_factor))


def modelled(task: Task, built: Problem, without: tuple[str, ...] = ()) -> Model:
    """A problem in the form and the rows that suit the task's target; `without` these passes."""
    train = task.spec.train
    implications = targets.LIVE[task.target].accepts.integer_only
    line = passes.pipeline(train.formulation, implications=implications, without=(*train.without, *without))
    problem = passes.lower(built, line.forms)
    return Model(built, problem, stack(passes.lower(problem, line.rows)))


def sizes(milp: Milp) -> tuple[int, int, int, int]:
    """Columns, binaries, rows, nonzeros."""
    return milp.columns, int(milp.binary.sum()), milp.rows, milp.nonzeros


def margin(problem: Problem) -> float | None:
    """The margin that the model asks of networks; None when it asks for nothing a lattice does not give."""
    return max((b.gap for b in problem.blocks if isinstance(b, Step) and b.unit is None), default=None)


def trusted_bound(outcome: Outcome, best: Incumbent, model: Model, task: Task) -> tuple[Bound | None, list[str]]:
    """The bound, and what it speaks of, unless a network that satisfies the whole model refutes it."""
    bound, least = bounded(model.problem, outcome.bound), margin(model.problem)
    if bound is None or bound <= best.objective:
        return None if bound is None else Bound(bound, least), []
    if bound <= best.objective + task.costs.slack(best.objective):
        return Bound(best.objective, least), []
    point, offered = model.offer(best.network, task)
    if least is None or (point is not None and contradicts(bound, task.incumbent(offered), model.milp, point)):
        kind = "an objective of" if task.costs.penalties else "loss"
        network = f"a network with {kind} {shown(best.objective)} satisfies its model"
        return None, [f"{outcome.solver} claims a bound of {shown(bound)}, but {network}"]
    return Bound(best.objective, least), [f"the bound of {shown(bound)} speaks of networks with a wider margin"]


@dataclass
class Watch:
    """Follows a solve: every solution it finds is read as a network and evaluated; the best one is kept."""

    task: Task
    problem: Problem
    budget: Budget
    listen: Listener
    best: Incumbent
    solver: str
    bounds: bool = True  # whether a bound of the solver speaks of the whole problem

    def __call__(self, event: targets.Event) -> None:
        match event:
            case FoundSolution(x=x) | Offered(x=x):
                self.consider(self.task.incumbent(read_network(self.problem, x)))
            case NewBound(bound=bound, nodes=nodes) if self.bounds:
                self.listen(BoundRaised(self.budget.spent, bound * float(self.problem.unit), nodes, self.solver))

    def consider(self, incumbent: Incumbent) -> None:
        if incumbent.objective < self.best.objective:
            self.best = incumbent
            self.listen(NewIncumbent(self.budget.spent, incumbent))


def first_solution(model: Model, watch: Watch) -> tuple[Floats | None, list[str]]:
    """The solution that the best network stands for, or one near it, and notes where it is not its own.

    A network that cannot go to the solver stays the incumbent of `watch`.
    """
    task, best = watch.task, watch.best
    point, network = model.offer(best.network, task)
    if point is not None and network is not best.network:
        watch.consider(task.incumbent(network))
        return point, ["the best network so far got wider margins, so that it satisfies the model"]
    if point is not None:
        return point, []
    constant = model.start(constant_incumbent(model.built, task).network, task)
    if not task.accepts(best):
        return constant, []
    kind, value = "objective" if task.costs.penalties else "loss", shown(best.objective)
    note = f"the best network so far, of {kind} {value}, does not satisfy the model, whatever its margins:"
    return constant, [f"{note} it is kept, but the solver does not know of it"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One solve inside a stage: what the solver said, and the network behind its solution."""

    outcome: Outcome
    claim: Rational | None
    found: Incumbent | None  # its loss is that on the samples of the task
    kept: bool  # does the network keep the claim, where there are both?


def limits(task: Task, seconds: float | None) -> Limits:
    """What the spec says to every solve."""
    train = task.spec.train
    return Limits(seconds=seconds, threads=train.threads, seed=train.seed, cuts=train.formulation == "paper")


def ask(
    task: Task,
    model: Model,
    start: Floats | None,
    limits: Limits,
    watch: Watch,
    log: Path | None = None,
    floor: Rational | None = None,
    guide: Guide | None = None,
) -> Answer:
    """Solve the program of `model` and judge the solution by `model.problem`; `watch` sees what is found on the way.

    `floor`: the model is that of the whole task, and a network of no more than this objective ends the solve. `guide` goes along.
    """
    improve = guide if model.milp.nonzeros <= MOST_GUIDED else None

    def stop() -> bool:
        return watch.budget.stopped() or (floor is not None and watch.best.objective <= floor)

    try:
        outcome = targets.solve(task.target, model.milp, limits, start, on_event=watch, stop=stop, log=log, improve=improve)
    except targets.Refused as refused:
        reason = f"{task.target} refused the program: {refused}"
        outcome = Outcome(Status.FAILED, None, None, None, None, 0.0, task.target, reason)
    claim = claimed(model.problem, outcome.objective)
    if outcome.x is None or claim is None:
        return Answer(outcome, claim, None, kept=True)
    found = judge(task, model.built, model.problem, outcome.x, claim + task.costs.slack(claim))
    return Answer(outcome, claim, found, kept=found.objective <= claim + task.costs.rough(claim))


def search_ahead(model: Model, watch: Watch, *, counted: bool) -> Guide | None:
    """Look for networks before a solver does, which `watch` gets to know; the search that goes on beside it.

    None where the spec does without. `counted`: the time does not decide on the effort, but may end it.
    """
    task, budget, left = watch.task, watch.budget, watch.budget.left
    if task.spec.train.formulation != "tight" or GUIDE in task.spec.train.without:
        return None
    until = math.inf if left is None else time.monotonic() + left * SHARE_AHEAD
    guide = Guide(task, model.built, model.problem, model.milp, watch.best)

    def follow(event: Event) -> None:
        if isinstance(event, NewIncumbent):
            watch.consider(event.incumbent)

    effort = effort_ahead(model.milp.nonzeros, None if counted else left)
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
