"""A problem on its way through a solver: the program that the target gets, and what is believed of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bdnnlang import passes, targets
from bdnnlang.ir.blocks import Problem, Step
from bdnnlang.ir.build import build_spec
from bdnnlang.ir.complete import complete, read_network
from bdnnlang.ir.stack import stack
from bdnnlang.milp import Floats, Ints, Milp
from bdnnlang.network import Layer, Network, Rational, shown
from bdnnlang.runtime.types import BoundRaised, Budget, Incumbent, Listener, NewIncumbent, Task
from bdnnlang.runtime.verdict import bounded, claimed, contradicts, judge
from bdnnlang.targets.outcome import Event, FoundSolution, Limits, NewBound, Outcome

START_UP = 0.5  # seconds that a solver's process needs beside its limit


@dataclass(frozen=True, slots=True)
class Model:
    problem: Problem  # as built
    milp: Milp


def make_model(task: Task, gap_factor: float = 1.0, groups: Ints | None = None) -> Model:
    """The problem as built, and the Milp that the task's target gets."""
    problem = build_spec(task.spec, task.data, groups=groups, gap_factor=gap_factor)
    return Model(problem, lowered(task, problem))


def lowered(task: Task, problem: Problem) -> Milp:
    """The program of a problem, in rows that the task's target takes."""
    accepts = targets.LIVE[task.target].accepts
    pipeline = passes.pipeline(task.spec.train.formulation, implications=accepts.integer_only)
    return stack(passes.lower(problem, pipeline))


def sizes(milp: Milp) -> tuple[int, int, int, int]:
    """Columns, binaries, rows, nonzeros."""
    return milp.columns, int(milp.binary.sum()), milp.rows, milp.nonzeros


def margin(problem: Problem) -> float | None:
    """The margin that the model asks of networks; None when it asks for nothing a lattice does not give."""
    return max((b.gap for b in problem.blocks if isinstance(b, Step) and b.unit is None), default=None)


def fitted(problem: Problem, network: Network) -> Network:
    """The same activations with biases inside the problem's boxes, which may be those of fewer samples.

    A box ends where a neuron is constant on all samples of the problem, so that cutting a bias off there changes nothing.
    """
    layers = []
    for k, layer in enumerate(network.layers, start=1):
        family = problem.families.get(f"b{k}")
        biases = layer.biases
        if family is not None:
            biases = np.clip(biases, family.meant(family.lower).min(), family.meant(family.upper).max())
        layers.append(Layer(layer.weights, biases))
    return Network(tuple(layers))


def trusted_bound(outcome: Outcome, best: Incumbent, model: Model, task: Task) -> tuple[Rational | None, list[str]]:
    """The bound, unless a network that satisfies the whole model refutes it."""
    bound = bounded(model.problem, outcome.bound)
    if bound is None or bound <= best.objective:
        return bound, []
    if bound <= best.objective + task.costs.slack(best.objective):
        return best.objective, []
    point = complete(model.problem, fitted(model.problem, best.network), task.data.train)
    if contradicts(bound, best, model.milp, point):
        kind = "an objective of" if task.costs.penalties else "loss"
        network = f"a network with {kind} {shown(best.objective)} satisfies its model"
        return None, [f"{outcome.solver} claims a bound of {shown(bound)}, but {network}"]
    return best.objective, [f"the bound of {shown(bound)} speaks of networks with a wider margin"]


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

    def __call__(self, event: Event) -> None:
        match event:
            case FoundSolution(x=x):
                self.consider(self.task.incumbent(read_network(self.problem, x)))
            case NewBound(bound=bound, nodes=nodes) if self.bounds:
                self.listen(BoundRaised(self.budget.spent, bound * float(self.problem.unit), nodes, self.solver))

    def consider(self, incumbent: Incumbent) -> None:
        if incumbent.objective < self.best.objective:
            self.best = incumbent
            self.listen(NewIncumbent(self.budget.spent, incumbent))


@dataclass(frozen=True, slots=True)
class Answer:
    """One solve inside a stage: what the solver said, and the network behind its solution."""

    outcome: Outcome
    claim: Rational | None
    found: Incumbent | None  # its loss is that on the samples of the task
    kept: bool  # does the network keep the claim, where there are both?


def limits(task: Task, seconds: float | None) -> Limits:
    """What the spec says to every solve."""
    return Limits(seconds=seconds, threads=task.spec.train.threads, seed=task.spec.train.seed)


def ask(task: Task, model: Model, start: Floats | None, limits: Limits, watch: Watch, log: Path | None = None) -> Answer:
    """Solve the program of `model` and judge the solution by `model.problem`; `watch` sees what is found on the way."""
    stop = watch.budget.stopped
    outcome = targets.solve(task.target, model.milp, limits, start, on_event=watch, stop=stop, log=log)
    claim = claimed(model.problem, outcome.objective)
    if outcome.x is None or claim is None:
        return Answer(outcome, claim, None, kept=True)
    goal = claim + task.costs.slack(claim)
    found = judge(task, model.problem, outcome.x, goal)
    return Answer(outcome, claim, found, kept=found.objective <= goal)


def portion(budget: Budget, parts: int, most: float | None = None) -> float | None:
    """Seconds for the next of `parts` solves: an equal share of what is left, at least one second if there is one."""
    left = budget.left
    limits = [] if left is None else [max(left / parts, 1.0) - START_UP, left - START_UP]
    return min([max(limit, 0.1) for limit in limits] + ([most] if most else []), default=None)


def spent_up(budget: Budget) -> bool:
    """Is there no time for another solve, or was a stop asked for?"""
    return budget.stopped() or (budget.left is not None and budget.left < 2 * START_UP)
