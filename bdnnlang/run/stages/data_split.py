"""Stage `data_split`: one activation pattern for each subset of the samples, and the worst subset split again and again.

Source  [KB], "iterative data splitting" (docs/models.md 5). All samples of a subset share their activations, so a model
        has binaries for its subsets only. Its optimum is the loss of a real network, hence an upper bound of the least
        loss; its dual bound speaks of tied networks only. With a subset for each different sample, and all samples in the
        model, it is the exact model: then alone its bound is one of the whole problem.
Start   Where the best network so far gives the samples few patterns, these are the first subsets: its own point is a solution of
        the first tied model. A wide network gives nearly each sample a pattern of its own; then all samples are one subset at
        first, and no model with few subsets has a network as good. The best network stays either way.
Choice  The network of the stage is the one of greatest validation accuracy (among equals: of least training loss), or the one
        of least training loss, as `select` says. Whatever is selected, the next stage starts from the network of least
        training loss that is known.
Better  The authors' program drops the network of a solve that meets its time limit, and without random batches it averages
        integer weights over the batches, which gives weights that are no integers and a network nobody has evaluated. Here
        every network is one that a solver found, kept at its limit, and evaluated on all samples in exact arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask, one_thread
from bdnnlang.data.dataset import Dataset, Part, equal_rows, row_groups
from bdnnlang.data.draw import permutation, uniform
from bdnnlang.language.spec import DataSplit, StageSpec
from bdnnlang.model.model import Model
from bdnnlang.model.size import Extent
from bdnnlang.network.exact import activations
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational
from bdnnlang.problem.selection import HANDED_ON, Selection
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import BoundProved, StepEnded, StepRecord
from bdnnlang.run.proof import stage_status
from bdnnlang.run.solving import (
    POLISH,
    Answer,
    Watch,
    described,
    first_solution,
    limits,
    make_model,
    portion,
    solve_and_verify,
    spent_up,
    trusted_bound,
)
from bdnnlang.run.status import StageStatus
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.solve.outcome import Status

needs_solver = True


def takes(settings: StageSpec) -> bool:
    return isinstance(settings, DataSplit)


def run(context: Context[DataSplit]) -> None:
    """Networks better than the best so far, a step for every split, a bound where it is one of the whole problem."""
    split = _Split(context)
    if split.is_settled:
        split.end_unasked()
        return
    for left in range(split.solves, 0, -1):
        split.step(left)
        if split.is_single or split.is_settled or spent_up(context.budget):
            break
    split.end()


@dataclass
class _Split:
    context: Context[DataSplit]
    steps: list[StepRecord] = field(default_factory=list)
    bound: BoundProved | None = None
    notes: list[str] = field(default_factory=list)
    model: Model = field(init=False)  # of the last step …
    answer: Answer = field(init=False)  # … and what came of it
    broken: int = 0  # claims that their networks do not keep

    def __post_init__(self) -> None:
        context = self.context
        self.stage, self.training, self.budget, self.emit = context.settings, context.training, context.budget, context.emit
        self.best = context.best  # of least training loss
        train = self.training.data.train
        self.groups = own_patterns(self.best.network, train, self.stage.splits)
        self.solves = self.stage.splits - max(0, int(self.groups.max()) - 1)  # subsets that are there count as split
        self.equal = equal_rows(train)
        self.selection = Selection(self.training.data.validation, self.best.accepted)
        self.last = self.best.network  # of the last tied model: it fits the next one, if all samples were in it

    @property
    def seed(self) -> int:
        return self.training.spec.train.seed

    @property
    def by_validation(self) -> bool:
        return self.stage.select != "training" and self.training.data.validation is not None

    @property
    def selected(self) -> Incumbent | None:
        """The network of the stage. None: none has its certificate; one selected by validation accuracy need not have it."""
        return self.selection.chosen if self.by_validation else self.best.accepted

    @property
    def is_single(self) -> bool:
        """Are all samples of each subset equal, so that no subset can be split?"""
        return bool(np.unique(np.stack([self.groups, self.equal]), axis=1).shape[1] == self.groups.max() + 1)

    @property
    def is_settled(self) -> bool:
        """Is the training loss what decides, and as low as equal samples with different labels let it be?"""
        return not self.by_validation and self.best.reaches(self.training.irreducible)

    @property
    def is_whole(self) -> bool:
        return self.stage.minibatch is None or self.stage.minibatch >= len(self.groups)

    def divide(self) -> None:
        """Split the subset with the largest loss of the network selected so far."""
        train = self.training.data.train
        losses = self.training.losses((self.selected or self.best).network)
        seed = (self.seed + len(self.steps)) % 2**31
        self.groups = split_worst(self.groups, self.equal, losses, train.x, self.stage, seed)

    def step(self, left: int) -> None:
        """One split and one tied model, of the `left` that are still to come."""
        began = self.budget.spent
        if self.steps or not self.groups.any():
            self.divide()
        rows = self.batch()
        training = self.training if self.is_whole else self.training.on(rows)
        solver = self.context.solver
        self.model = make_model(training, solver, groups=renumbered(self.groups[rows]))
        self.emit(described(self.model.milp, training.spec.train.formulation, self.model.problem))
        is_exact = self.is_whole and self.is_single
        watch = Watch(self.training, self.model, self.budget, self.emit, self.best, solver, bounds=is_exact)
        if is_exact:
            start, notes = first_solution(self.model, watch)
            self.notes += notes
        else:
            start = self.start(training, self.model)
        within = replace(limits(training, self.stage, self.seconds(left)), nodes=self.stage.node_limit)
        answer = solve_and_verify(training, solver, self.model, start, within, watch, self.context.log)
        loss, share = self.take(answer, watch)
        self.best, self.answer = watch.best, answer
        if is_exact:
            self.bound, doubt = trusted_bound(answer.outcome, self.best, self.model, self.training)
            self.notes += doubt
        subsets = int(self.groups.max()) + 1
        status, seconds = StageStatus(answer.outcome.status), self.budget.spent - began
        self.steps.append(StepRecord(seconds, status, answer.claim, loss, share, subsets=subsets, samples=len(rows)))
        self.emit(StepEnded(self.stage.name, len(self.steps), self.steps[-1]))

    def seconds(self, left: int) -> float | None:
        """For the next of so many solves: a share of the time, unless a number of nodes ends them."""
        if self.stage.node_limit is None:
            return portion(self.budget, left, self.stage.step_time)
        return min((s for s in (self.budget.left, self.stage.step_time) if s is not None), default=None)

    def batch(self) -> Ints:
        """All samples, or some that stand together in an order drawn at random."""
        count = len(self.groups)
        if self.is_whole or self.stage.minibatch is None:
            return np.arange(count)
        room = count - self.stage.minibatch + 1
        first = int(uniform((self.seed, 1, len(self.steps)), (1,))[0] * room)
        return permutation((self.seed, 0), count)[first : first + self.stage.minibatch]

    def start(self, training: TrainingProblem, model: Model) -> Floats | None:
        """The best point to start from: of the networks so far, or a constant one, which splits no subset."""
        constant = constant_incumbent(model.built, training).network
        chosen = (self.selection.chosen or self.best).network
        networks = {id(n): n for n in (self.best.network, chosen, self.last, constant)}.values()
        points = [point for n in networks if (point := model.start(n)) is not None]
        return min(points, key=model.milp.objective, default=None)

    def take(self, answer: Answer, watch: Watch) -> tuple[Rational | None, float | None]:
        """Keep the network of a solve where it is better; its training loss and validation accuracy."""
        self.notes += answer.outcome.notes
        if answer.outcome.status is Status.FAILED:
            self.notes.append(answer.outcome.reason)
        if answer.found is None or answer.claim is None:
            return None, None
        self.broken += not answer.kept
        network = self.last = answer.found.network
        found = self.training.incumbent(network)  # robust training on a minibatch certifies that one only
        if found.acceptable:
            watch.consider(found, POLISH)
        self.selection.take(found)
        return found.loss, self.selection.accuracy(network)

    def end(self) -> None:
        claims = [step.claimed_loss for step in self.steps if step.claimed_loss is not None] if self.is_whole else []
        claim = min(claims, default=None)
        selected = self.selected
        if self.bound is not None:
            self.emit(self.bound)
        self.context.end(
            self.status(),
            selected,
            notes=tuple(dict.fromkeys([*self.notes, *self.remarks()])),
            solver=self.answer.outcome.solver,
            claimed_loss=None if self.training.costs.penalties else claim,
            claimed_objective=claim,
            nodes=self.answer.outcome.nodes,
            validation_accuracy=self.selection.accuracy(selected.network) if selected and self.by_validation else None,
        )

    def end_unasked(self) -> None:
        """No network has a lesser loss than the one that is there."""
        self.emit(BoundProved(self.training.irreducible))
        note = "no network has a lesser loss: there was nothing to solve"
        self.context.end(StageStatus.OPTIMAL, self.best.accepted, notes=(note,))

    def remarks(self) -> list[str]:
        said, selected = [], self.selected
        if selected is not None and self.best.acceptable and selected.loss > self.best.loss:
            said.append(HANDED_ON.format(self.best.loss))
        if selected is not None and not selected.acceptable:
            said.append("selected by validation accuracy; its certificate covers not all training samples")
        if self.broken:
            said.append(f"{self.broken} of {len(self.steps)} claims not kept by the network")
        return said

    def status(self) -> StageStatus:
        """How the last solve ended, if that was the exact model, or how all of them did."""
        if self.budget.stopped():
            return StageStatus.INTERRUPTED
        if self.is_whole and self.is_single:
            slack = self.training.costs.slack(self.best.objective)
            return stage_status(self.answer.outcome.status, self.best.stated[1], self.bound, slack)
        if all(step.status is StageStatus.FAILED for step in self.steps):
            return self.steps[-1].status
        return StageStatus.FEASIBLE


# ---- what there is to say of it


def describe(settings: DataSplit) -> str:
    batch = f" of {settings.minibatch} samples" if settings.minibatch else ""
    nodes = f", {settings.node_limit} nodes a solve" if settings.node_limit is not None else ""
    return f"{settings.splits} splits{batch}{nodes}"


def extent(settings: DataSplit, data: Dataset) -> Extent:
    samples = min(settings.minibatch or len(data.train), len(data.train))
    return Extent(samples, min(settings.splits + 1, samples))


def checks(settings: DataSplit) -> Checks:
    return Checks(has_size=False, by_validation=settings.select != "training")


# ---- subsets


def own_patterns(network: Network, train: Part, splits: int) -> Ints:
    """A subset for each activation pattern that a network gives the samples, (m,); all in one where so many are too many."""
    hidden = activations(network, train)[:-1]
    groups = row_groups(np.concatenate(hidden, axis=1)) if hidden else np.zeros(len(train), dtype=np.int64)
    return groups if groups.max() <= splits else np.zeros_like(groups)


def split_worst(groups: Ints, equal: Ints, losses: Ints, x: Floats, stage: DataSplit, seed: int) -> Ints:
    """The subsets 0..G-1 of all samples with the worst one split in two: that of the largest loss, then of the most samples.

    Samples with the same number in `equal` are never parted; where nothing else is left, the subsets stay as they are.
    """
    whole = [g for g in range(groups.max() + 1) if len(np.unique(equal[groups == g])) > 1]
    if not whole:
        return groups
    worst = max(whole, key=lambda g: (losses[groups == g].sum(), np.count_nonzero(groups == g)))
    members = np.flatnonzero(groups == worst)
    result = groups.copy()
    result[members[_half(x[members], losses[members] > 0, stage, seed)]] = groups.max() + 1
    return result


def _half(x: Floats, wrong: Mask, stage: DataSplit, seed: int) -> Mask:
    """One of two clusters of samples (m, n) that are not all equal; neither is empty."""
    from sklearn.cluster import KMeans

    centres = np.stack([x[wrong].mean(axis=0), x[~wrong].mean(axis=0)]) if wrong.any() and not wrong.all() else None
    if stage.by == "loss" and centres is not None and (centres[0] != centres[1]).any():
        means = KMeans(2, init=centres, n_init=1, random_state=seed)
    else:
        means = KMeans(2, n_init=stage.n_init, random_state=seed)
    with one_thread():  # ten times as fast on so few samples
        half = np.asarray(means.fit_predict(x) == 1)
    return half if half.any() and not half.all() else np.asarray((x != x[0]).any(axis=1))


def renumbered(groups: Ints) -> Ints | None:
    """The same subsets as 0..G-1 without gaps; None if each sample has its own."""
    found, numbers = np.unique(groups, return_inverse=True)
    return None if len(found) == len(groups) else numbers.reshape(-1)
