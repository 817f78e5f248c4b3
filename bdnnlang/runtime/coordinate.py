"""Stage `local_search { method = coordinate }`: one weight after another, each line searched exactly; no solver of programs.

Source  MODELS.md, section 4, ours. The first descent starts from the best network so far, later ones from the best
        one of the stage with some weights shaken, and now and then from a network drawn at random. On the data sets tried,
        shaking found fewer errors than drawing alone. From a new best network of real weights the search goes on with the
        margins of its neurons widened, an LP each: that often puts another sample right.
Exact   The search is in float64. What it finds is rounded to as few bits as keep the objective, and evaluated in exact
        arithmetic: only that decides. Where a solver is asked in another stage, or weights are penalised, the best network is
        polished at the end as a solver's would be (MODELS.md, section 8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bdnnlang import passes
from bdnnlang.data.draw import Dice
from bdnnlang.ir.blocks import Problem
from bdnnlang.ir.build import build_spec, output_width
from bdnnlang.ir.complete import complete
from bdnnlang.network import Network
from bdnnlang.runtime.choose import asks_solver, nonzeros
from bdnnlang.runtime.descent import LayerRange, Position, Terrain, descend, layer_range
from bdnnlang.runtime.floor import irreducible_loss
from bdnnlang.runtime.hyperplanes import as_network, as_weights, drawn, shaken
from bdnnlang.runtime.membership import shape
from bdnnlang.runtime.merged import merge_samples
from bdnnlang.runtime.moves import inputs_of
from bdnnlang.runtime.polish import polish, snap
from bdnnlang.runtime.twin_descent import place
from bdnnlang.runtime.types import (
    Budget,
    Incumbent,
    Listener,
    NewIncumbent,
    StageRecord,
    StageStarted,
    StepEnded,
    StepRecord,
    Task,
    unsolved,
)
from bdnnlang.runtime.verdict import judge
from bdnnlang.spec.types import Interval, LocalSearch

RESTARTS = 50  # where neither a time nor their number is given
FRESH = 3  # starts from networks drawn at random before the first from one that was shaken …
EVERY = 8  # … and then every so many
FINE = 64  # centres are multiples of 1/64: with short weights and biases nothing is rounded by them
MOST_NONZEROS = 2e6  # of the model of a network whose margins are widened …
FEW_NONZEROS = 2e5  # … and of one for which that is done again and again
LINE, LINE_SAMPLE = 3e-5, 1.3e-7  # seconds for one line, and for each different sample on it, measured …
ROBUST = 20  # … and how many times that where values are tried one by one
LP = 20  # lines that take as long as the LP of a neuron, and one more for each of its weights
RESERVE = 2.0  # seconds for that, or a tenth of the stage's time if that is less


def never() -> bool:
    return False


def run_coordinate(
    stage: LocalSearch, task: Task, best: Incumbent, budget: Budget, listen: Listener
) -> tuple[Incumbent, StageRecord]:
    """The best verified network after the stage, at least as good as `best`, and a record of the starts that improved on it."""
    listen(StageStarted(stage.name, "", "", budget.seconds, 0, 0, 0, 0))
    search = Search(stage, task, budget, listen, best)
    limit = RESTARTS if stage.restarts is None and budget.seconds is None else stage.restarts
    while not search.is_over() and (limit is None or search.starts <= limit):
        search.explore()
    if search.best is not best and search.widens and not budget.stopped():
        search.widen()
    return search.best, search.record()


def terrain_of(task: Task) -> Terrain:
    """What does not change in a search."""
    spec, data = task.spec, task.data
    samples = merge_samples(data.train, task.loss, output_width(spec.network, len(data.classes)), task.costs, len(data.classes))
    inputs, *widths = shape(spec, data)
    scales = all(penalty.kind == "sparsity" for penalty in task.costs.penalties)
    layers = tuple(
        layer_range(layer, below, width, spec.network.thresholds, scales=scales)
        for layer, below, width in zip(spec.network.layers, (inputs, *widths), widths, strict=False)
    )
    centre = np.rint(FINE * samples.x.mean(axis=0)) / FINE if _may_shift(layers[0], task) else np.zeros(inputs)
    twins = task.delta is not None and spec.certified
    below = inputs_of((samples.x - centre).T, layers[0].weights.largest)
    return Terrain(samples, below, centre, layers, task.costs.penalties, task.delta, twins)


def _may_shift(first: LayerRange, task: Task) -> bool:
    """Can any bias of the first layer make up for the centring of the features?

    Then a weight's line turns the neuron's hyperplane around the middle of the data, and not around a corner.
    """
    free = first.bias is not None and not first.shared and bool(np.isinf([first.bias.lower, first.bias.upper]).all())
    return free and all(penalty.kind != "l2" for penalty in task.costs.penalties)


@dataclass
class Search:
    stage: LocalSearch
    task: Task
    budget: Budget
    listen: Listener
    best: Incumbent
    starts: int = 0
    lines: int = 0
    refuted: int = 0  # networks that were worse in exact arithmetic
    effort: float = 0.0  # counted, not timed: about the seconds that an ordinary machine takes
    most_effort: float = np.inf
    is_halted: Callable[[], bool] = never
    steps: list[StepRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        spec, data = self.task.spec, self.task.data
        self.terrain = terrain_of(self.task)
        self.line = (LINE + LINE_SAMPLE * len(self.terrain.samples.x)) * (1 if self.task.delta is None else ROBUST)
        self.widths = shape(spec, data)[1:]
        self.dice = Dice(spec.train.seed)
        self.floor = irreducible_loss(data.train, self.task.loss, self.widths[-1], self.task.costs)
        self.base = place(self.terrain, as_weights(self.best.network, self.terrain))  # what is shaken
        solved = any(asks_solver(stage) for stage in spec.train.stages)
        size, plain = nonzeros(spec, data), not self.task.costs.penalties
        self.widens = (solved or not plain) and size <= MOST_NONZEROS
        continuous = any(isinstance(layer.weights, Interval) for layer in spec.network.layers)
        self.follows = plain and continuous and self.task.delta is None and size <= FEW_NONZEROS
        self.reserve = min(RESERVE, 0.1 * (self.budget.seconds or 0.0)) if self.widens else 0.0

    def is_late(self) -> bool:
        left = self.budget.left
        return self.is_halted() or self.budget.stopped() or (left is not None and left <= self.reserve)

    def is_over(self) -> bool:
        return self.effort >= self.most_effort or self.is_late() or self.best.objective <= self.floor

    @cached_property
    def forms(self) -> tuple[Problem, Problem]:
        """The training problem, as built and in the form of its formulation."""
        train, built = self.task.spec.train, build_spec(self.task.spec, self.task.data)
        return built, passes.lower(built, passes.pipeline(train.formulation, implications=False, without=train.without).forms)

    def explore(self, network: Network | None = None) -> None:
        """One start; and from a new best network on with the margins of its neurons widened, as long as that leads further.

        The widest network with the same activations, as far as they matter, often puts another sample right.
        """
        best = self.best
        self.descend(network)
        while self.best is not best and self.follows and not self.is_over():
            best = self.best
            self.descend(self.widened(best.network))

    def widened(self, network: Network) -> Network:
        """The activations that matter, with the greatest margins (an LP a neuron)."""
        train = self.task.data.train
        built, problem = self.forms
        self.effort += self.line * sum(LP + layer.weights.shape[1] for layer in network.layers for _ in layer.biases)
        return polish(built, problem, self.task.spec.network.layers, complete(problem, network, train), train.x)

    def descend(self, network: Network | None = None) -> None:
        """One start, from a network if it is given, and what comes of it."""
        began = self.budget.spent
        weights = self.start() if network is None else as_weights(network, self.terrain)
        position = place(self.terrain, weights, self.is_late)
        most = (self.most_effort - self.effort) / self.line
        lines = descend(position, self.dice, self.stage.sweeps, float(self.floor), most)
        self.lines, self.effort = self.lines + lines, self.effort + self.line * (lines + 1)  # a start costs something too
        self.starts += network is None
        found = self.judged(position)
        if position.objective <= self.base.objective + self.terrain.equal and (found is None or self.keeps(found, position)):
            self.base = position
        if found is not None and found.objective < self.best.objective:
            self.best = found
            self.listen(NewIncumbent(self.budget.spent, found))
            status = "feasible" if self.is_late() else "local_optimum"
            step = StepRecord(self.budget.spent - began, status, None, found.loss, start=self.starts)
            self.steps.append(step)
            self.listen(StepEnded(self.stage.name, len(self.steps), step))

    def start(self) -> list[np.ndarray]:
        if self.starts == 0:
            return self.base.weights
        fresh = self.starts <= FRESH or self.starts % EVERY == 0
        return drawn(self.terrain, self.widths, self.dice) if fresh else shaken(self.terrain, self.base.weights, self.dice)

    def judged(self, position: Position) -> Incumbent | None:
        """The network in few bits with its exact objective; None if it is no better than the best, or has no certificate."""
        if position.burden or position.objective >= float(self.best.objective) - self.terrain.equal:
            return None
        specs, most = self.task.spec.network.layers, position.objective + self.terrain.equal
        if self.task.costs.penalties:
            most += float(self.task.costs.slack(self.best.objective))
        network = as_network(position.weights, self.terrain, specs)
        short = snap(network, specs, lambda rounded: self.is_as_good(rounded, most))
        found = self.task.incumbent(network if short is None else short)
        self.refuted += not self.keeps(found, position)
        return found

    def is_as_good(self, network: Network, most: float) -> bool:
        """In floating point, which is fast, and then exactly; nothing is when the user does not want to wait."""
        if self.budget.stopped():
            return False
        rough = place(self.terrain, as_weights(network, self.terrain)).objective
        return rough <= most and self.task.incumbent(network).objective <= most

    def keeps(self, found: Incumbent, position: Position) -> bool:
        return float(found.objective) <= position.objective + self.terrain.equal + float(self.task.costs.slack(found.objective))

    def widen(self) -> None:
        """Give the best network the greatest margins: a solver can start from it, and with penalties it often gets cheaper."""
        built, problem = self.forms
        point = complete(problem, self.best.network, self.task.data.train)
        found = judge(self.task, built, problem, point, self.best.objective)
        if found.objective < self.best.objective:
            self.listen(NewIncumbent(self.budget.spent, found))
        self.best = found if found.objective <= self.best.objective else self.best

    def record(self) -> StageRecord:
        loss, objective = self.task.stated(self.best)
        notes = [f"{self.starts:,} starts, {self.lines:,} lines searched"]
        notes += [f"{self.refuted:,} networks were worse in exact arithmetic, and dropped"] if self.refuted else []
        return unsolved(
            self.stage.name, self.budget.spent, self.status(), loss, objective, notes=tuple(notes), steps=tuple(self.steps)
        )

    def status(self) -> str:
        if self.best.objective <= self.floor:
            return "optimal"
        if self.budget.stopped():
            return "interrupted"
        return "feasible" if self.is_late() else "local_optimum"
