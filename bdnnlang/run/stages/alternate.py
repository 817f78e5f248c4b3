"""Stage `local_search { method = alternate }`: one layer after another, each solved exactly while the others stay.

Source  [KB], section "local search" (docs/models.md 4.2), where one hidden layer alternates between (W¹, u) with the
        output weights fixed and the output weights with u fixed. Here for any depth: layer k is free together with the
        biases above it, layers below are evaluated, weights above are fixed. A cycle without improvement ends the descent,
        and another one starts from a network drawn at random.
Better  The authors' program throws the incumbent of a step away when the step meets its time limit, and takes the solver's
        word for what it found. Here the current network starts every solve, whatever a solve has found when its time is up
        is kept, and every network is evaluated in exact arithmetic: no step makes the loss worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.budget import Budget
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import LocalSearch, StageSpec
from bdnnlang.model.blocks import Columns, Problem, Product, Role, Step
from bdnnlang.model.model import Model
from bdnnlang.model.point import encode_built
from bdnnlang.model.size import Extent, whole
from bdnnlang.network.exact import outputs
from bdnnlang.network.network import Network
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import StepEnded, StepRecord
from bdnnlang.run.solving import (
    POLISH,
    Watch,
    described,
    limits,
    make_model,
    modelled,
    offer,
    portion,
    solve_and_verify,
    spent_up,
)
from bdnnlang.run.status import StageStatus
from bdnnlang.search.redraw import redraw_layers
from bdnnlang.search.required.repair import repaired_network
from bdnnlang.solve.outcome import Status

SYMMETRIES = ("orient_neurons", "order_neurons")  # with weights fixed, neurons are not alike
RESTARTS = 5
BY = "redrawing"
PRODUCTS = frozenset({Role.PRODUCTS, Role.GREATEST})
ABOVE = frozenset({Role.WEIGHTS, Role.WEIGHT_CHOICES})  # fixed above the free layer …
BELOW = ABOVE | PRODUCTS | {Role.BIASES, Role.BIAS_CHOICES, Role.ACTIVATIONS, Role.POSSIBLE}  # … and below it


needs_solver = True


def takes(settings: StageSpec) -> bool:
    return isinstance(settings, LocalSearch) and settings.method == "alternate"


def run(context: Context[LocalSearch]) -> None:
    """Networks better than the best so far, and a step for every solve of a layer."""
    training = context.training
    model = make_model(training, context.solver)
    context.emit(described(model.milp, training.spec.train.formulation, model.built))
    watch = Watch(training, model, context.budget, context.emit, context.best, context.solver, bounds=False)
    search = _Search(context, model, watch)
    for left, start in search.starts():
        search.descend(start, left)
        if search.is_over():
            break
    search.end()


@dataclass
class _Search:
    context: Context[LocalSearch]
    model: Model  # whole
    watch: Watch
    steps: list[StepRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    solver: str = ""

    def __post_init__(self) -> None:
        self.stage, self.training = self.context.settings, self.context.training

    @property
    def problem(self) -> Problem:
        return self.model.built

    def is_over(self) -> bool:
        return spent_up(self.watch.budget) or self.watch.best.reaches(self.training.irreducible)

    def starts(self) -> Iterator[tuple[int, Network]]:
        """Networks to start from, and how many are left with each."""
        restarts = RESTARTS if self.stage.restarts is None else self.stage.restarts
        count = 1 + restarts if self.problem.depth > 1 else 1
        for number in range(count):
            best, seed = self.watch.best.network, (self.training.spec.train.seed, number)
            drawn = redraw_layers(self.problem, self.training, best, self.anew(number, best), seed)
            yield count - number, repaired_network(self.training, drawn, seed)

    def anew(self, number: int, best: Network) -> Sequence[int]:
        """The layers to draw before start `number`: none, then by turns all of them and a single one.

        Of a constant network all but the first: weights of 0 above a layer hide it.
        """
        depth = self.problem.depth
        if number % 2:
            return range(1, depth + 1)
        bits = outputs(best, self.training.data.train)
        if (bits == bits[0]).all():
            return range(2, depth + 1)
        return [1 + number // 2 % depth] if number else []

    def descend(self, network: Network, starts_left: int) -> None:
        """Solve for one layer after another until a whole cycle brings nothing, or an equal share of the time is gone.

        A solve gets half of what is left of that: a layer that takes long leaves something for the others. A step to the
        best network so far earns a new share.
        """
        own = self.share(starts_left)
        current = self.training.incumbent(network)
        self.watch.consider(current, BY)
        layer, calm = 1, 0
        while calm < self.problem.depth and not self.is_over() and not spent_up(own):
            best = self.watch.best
            found = self.improve(current, layer, portion(own, 2) if self.stage.node_limit is None else own.left)
            own = own if best is self.watch.best else self.share(starts_left)
            calm = 0 if found.rank < current.rank else calm + 1
            current, layer = found, layer % self.problem.depth + 1

    def share(self, starts_left: int) -> Budget:
        whole = self.watch.budget
        if self.stage.node_limit is not None:
            return whole
        return whole.share(None if whole.left is None else whole.left / starts_left)

    def improve(self, current: Incumbent, layer: int, seconds: float | None) -> Incumbent:
        """The network after one step; of equals the new one, which may lead on where the old one does not."""
        began = self.watch.budget.spent
        point = encode_built(self.problem, current.network, self.training.data.train)
        model = modelled(self.training, self.context.solver, freed(self.problem, point, layer), without=SYMMETRIES)
        self.watch.model = model
        within = replace(limits(self.training, self.stage, seconds), nodes=self.stage.node_limit)
        start, current = self.start(model, current)
        model, context = replace(model, built=self.problem), self.context
        answer = solve_and_verify(self.training, context.solver, model, start, within, self.watch, context.log)
        found = answer.found if answer.found is not None and answer.found.rank <= current.rank else current
        self.watch.consider(found, POLISH)
        self.solver = answer.outcome.solver
        self.notes += answer.outcome.notes
        if answer.outcome.status is Status.FAILED:
            self.notes.append(f"layer {layer}: {answer.outcome.reason}")
        self.tell(
            StepRecord(
                seconds=self.watch.budget.spent - began,
                status=StageStatus(answer.outcome.status),
                claimed_loss=answer.claim,
                loss=found.stated[0],
                layer=layer,
            )
        )
        return found

    def start(self, model: Model, current: Incumbent) -> tuple[Floats | None, Incumbent]:
        """The solution that the current network stands for, and that network: with wider margins where its own are too small."""
        point, network = offer(model, current.network, self.training)
        if point is None:
            self.notes.append("some network did not satisfy the model of its step, whatever its margins: solved without a start")
        wider = current if network is current.network else self.training.incumbent(network)
        return point, wider if wider.rank <= current.rank else current

    def tell(self, step: StepRecord) -> None:
        self.steps.append(step)
        self.watch.emit(StepEnded(self.stage.name, len(self.steps), step))

    def end(self) -> None:
        claim = min((step.claimed_loss for step in self.steps if step.claimed_loss is not None), default=None)
        self.context.end(
            self.status(),
            self.watch.best.accepted,
            notes=tuple(dict.fromkeys(self.notes)),
            solver=self.solver or self.context.solver,
            claimed_loss=None if self.training.costs.penalties else claim,
            claimed_objective=claim,
        )

    def status(self) -> StageStatus:
        if self.watch.budget.stopped():
            return StageStatus.INTERRUPTED
        if self.steps and all(step.status is StageStatus.FAILED for step in self.steps):
            return StageStatus.FAILED
        return StageStatus.FEASIBLE if spent_up(self.watch.budget) else StageStatus.LOCAL_OPTIMUM


def freed(problem: Problem, point: Floats, layer: int) -> Problem:
    """The problem of one layer: free are its weights and biases, the biases above, and what follows from them.

    Below, all columns keep the values of `point`, and the blocks that tie them are dropped: what has been evaluated exactly
    need not have the model's gap. Weights above keep theirs, and their products get the narrower boxes.
    """
    blocks = tuple(b for b in problem.blocks if not (isinstance(b, Step | Product) and b.layer < layer))
    return replace(problem, columns=tuple(_freed(problem, c, point, layer) for c in problem.columns), blocks=blocks)


def _freed(problem: Problem, family: Columns, point: Floats, layer: int) -> Columns:
    """A family in the problem of one layer."""
    if (family.layer < layer and family.role in BELOW) or (family.layer > layer and family.role in ABOVE):
        return _held(family, point[family.index])
    if family.layer > layer and family.role in PRODUCTS:
        return _within(family, point[problem.weights(family.layer).index])
    return family


def _held(family: Columns, values: Floats) -> Columns:
    return replace(family, lower=values, upper=values)


def _within(products: Columns, weights: Floats) -> Columns:
    """Products of fixed weights (d_k, d_{k-1}) with binaries."""
    shape = products.shape
    lower, upper = np.minimum(weights, 0.0), np.maximum(weights, 0.0)
    return replace(products, lower=np.broadcast_to(lower, shape), upper=np.broadcast_to(upper, shape))


# ---- what there is to say of it


def describe(settings: LocalSearch) -> str:
    limits = ((settings.restarts, "restarts"), (settings.node_limit, "nodes a solve"))
    return ", ".join([settings.method, *(f"{count} {name}" for count, name in limits if count is not None)])


def extent(settings: LocalSearch, data: Dataset) -> Extent:
    return whole(data)  # with layer 1 free, all that is above it depends on it


def checks(settings: LocalSearch) -> Checks:
    return Checks(margin_as_built=True)
