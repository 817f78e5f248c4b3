"""Local search from start to start: one weight after another, each line searched exactly; no solver of programs.

Source  docs/models.md 4.1, ours. The first descent starts from the best network so far, a few from networks drawn at random,
        later ones from the best of these with its first layer perturbed. Where that leads a narrow network no further for long,
        another chain of descents begins with a network drawn at random: chains end far apart. From a new best network of real
        weights the search goes on with the margins of its neurons widened, an LP each: that often puts another sample right.
        Other descents start from a network of mean-field training (`meanfield_starts.py`), and have a few times its effort; then
        the descent of the best network goes on, if it was cut off. Method `auto` takes turns: in narrow networks coordinate
        search comes first, and training gets a tenth of the effort.
Exact   The search is in float64. What it finds is rounded to as few bits as keep the objective, and evaluated in exact
        arithmetic: only that decides. Where a solver is asked in another stage, or weights are penalised, the best network is
        polished at the end as a solver's would be (docs/models.md 8.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.budget import Budget
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Interval, LocalSearch
from bdnnlang.model.model import Model
from bdnnlang.model.size import nonzeros
from bdnnlang.network.network import Network
from bdnnlang.polish.acceptance import verified_incumbent
from bdnnlang.polish.polish import polish, snap
from bdnnlang.problem.selection import Selection
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.search.certified_descent import state_of
from bdnnlang.search.descent import SearchState, descend
from bdnnlang.search.hyperplanes import as_network, as_weights, perturbed_weights, random_weights
from bdnnlang.search.meanfield_starts import MeanFieldStarts
from bdnnlang.search.required.repair import repaired
from bdnnlang.search.search_problem import search_problem_of

RANDOM_FIRST = 3  # starts from random networks before the first from perturbed weights …
EVERY_ROBUST = 8  # in robust training every so many later ones are random, too, and there are no chains …
PATIENCE = 8  # else perturbed starts in a row that lead no further before there is another; then twice as many, and so on
MOST_NONZEROS = 2e6  # of the model of a network whose margins are widened …
FEW_NONZEROS = 2e5  # … and of one for which that is done again and again
LINE, LINE_SAMPLE = 3e-5, 1.3e-7  # seconds for one line, and for each different sample on it, measured …
ROBUST = 20  # … and how many times that where values are tried one by one
MOVES = 2.0  # times the effort of a training, at most, for the moves that follow it
NARROW = 4  # hidden neurons of a layer, up to which coordinate search comes first …
NARROW_SHARE = 0.1  # … and training has no more than this of the effort: moves find as good networks there, and sooner
LP = 20  # lines that take as long as the LP of a neuron, and one more for each of its weights
RESERVE = 2.0  # seconds for that, or a tenth of the stage's time if that is less


def never() -> bool:
    return False


def is_narrow(training: TrainingProblem) -> bool:
    """Has no hidden layer more neurons than coordinate search is good for?"""
    return max(training.widths[1:-1], default=1) <= NARROW


@dataclass(frozen=True, slots=True)
class Improvement:
    """A better network of a search: after so many seconds of its budget, the last of them in the start that led to it."""

    incumbent: Incumbent
    seconds: float
    of_start: float | None  # None: no start led to it, its margins were widened
    start: int
    is_late: bool  # was the descent cut off?
    validation_accuracy: float | None = None  # where that selects networks, and this one now


@dataclass(frozen=True, slots=True)
class Base:
    """The best network of a chain of starts in the search's own numbers: what is perturbed. `is_cut`: could its descent go on?"""

    weights: Sequence[Floats]
    objective: float
    is_cut: bool


OnImprovement = Callable[[Improvement], None]


@dataclass
class Search:
    settings: LocalSearch
    training: TrainingProblem
    budget: Budget
    on_improvement: OnImprovement
    best: Incumbent
    starts: int = 0
    lines: int = 0
    refuted: int = 0  # networks that were worse in exact arithmetic
    effort: float = 0.0  # counted, not timed: about the seconds that an ordinary machine takes
    most_effort: float = np.inf
    is_halted: Callable[[], bool] = never

    def __post_init__(self) -> None:
        spec, data = self.training.spec, self.training.data
        self.search_problem = search_problem_of(self.training)
        self.line = LINE + LINE_SAMPLE * len(self.search_problem.samples)
        self.line *= 1 if self.training.perturbation is None else ROBUST
        self.widths = self.training.widths[1:]
        self.rng = RandomStream(spec.train.seed)
        self.base = self.base_of(as_weights(self.best.network, self.search_problem))
        self.fruitless = 0  # perturbed starts that led no further
        self.patience = PATIENCE
        solved = spec.train.asks_solver
        size, plain = nonzeros(spec, data), not self.training.costs.penalties
        self.widens = (solved or not plain) and size <= MOST_NONZEROS
        continuous = any(isinstance(layer.weights, Interval) for layer in spec.network.layers)
        self.follows = plain and continuous and self.training.perturbation is None and size <= FEW_NONZEROS
        self.reserve = min(RESERVE, 0.1 * (self.budget.seconds or 0.0)) if self.widens else 0.0
        self.trained = MeanFieldStarts(self.training, self.settings, self.budget.seconds)
        self.selection = Selection(data.validation if self.settings.select == "validation" else None, self.best.accepted)

    def is_late(self) -> bool:
        left = self.budget.left
        return self.is_halted() or self.budget.stopped() or (left is not None and left <= self.reserve)

    def is_over(self) -> bool:
        return self.effort >= self.most_effort or self.is_late() or self.is_settled

    @property
    def is_settled(self) -> bool:
        """Does the training objective decide, and is it as low as equal samples with different labels let it be?"""
        return self.selection.part is None and self.best.reaches(self.training.irreducible)

    @property
    def selected(self) -> Incumbent | None:
        """The network to end with; None: none has its certificate."""
        return self.best.accepted if self.selection.part is None else self.selection.chosen

    @cached_property
    def model(self) -> Model:
        """The training problem in the form of its formulation."""
        return Model.of(self.training, implications=False)

    def explore(self, network: Network | None = None) -> None:
        """One start; and from a new best network on with the margins of its neurons widened, as long as that leads further.

        The widest network with the same activations, as far as they matter, often puts another sample right.
        """
        best = self.best
        if network is None and self.trains_next:
            self.train()
        else:
            self.descend(network)
        while self.best is not best and self.follows and not self.is_over():
            best = self.best
            self.descend(self.widened(best.network))

    @property
    def trains_next(self) -> bool:
        """Does the next start come from mean-field training?"""
        trained, method = self.trained, self.settings.method
        if method != "auto":
            return method == "meanfield"
        if self.effort + trained.next_effort > self.most_effort:
            return False
        if is_narrow(self.training):
            return trained.effort + trained.next_effort <= NARROW_SHARE * self.effort
        return trained.effort <= self.effort - trained.effort

    def train(self) -> None:
        """One start from mean-field training, if it comes to its end; then the best one's moves go on, if they were cut off."""
        began, before = self.budget.spent, self.trained.effort
        network = self.trained.train(self.is_late, self.most_effort - self.effort)
        spent = self.trained.effort - before
        self.effort += spent
        if network is not None:
            self.starts += 1
            self.descend(network, began, MOVES * spent)
        if self.base.is_cut and not self.is_over():
            self.descend_from(self.base.weights, self.budget.spent, MOVES * spent)

    def widened(self, network: Network) -> Network:
        """The activations that matter, with the greatest margins (an LP a neuron)."""
        self.effort += self.line * sum(LP + layer.weights.shape[1] for layer in network.layers for _ in layer.biases)
        return polish(self.model, self.training.spec.network.layers, self.model.encode(network))

    def descend(self, network: Network | None = None, began: float | None = None, effort: float = np.inf) -> None:
        """One start, from a network if it is given, and what comes of it; `began`: when that network did. `effort`: at most."""
        weights = self.start() if network is None else as_weights(network, self.search_problem)
        self.starts += network is None
        self.descend_from(weights, self.budget.spent if began is None else began, effort)

    def descend_from(self, weights: Sequence[Floats], began: float, effort: float) -> None:
        """From these weights down, with so much effort at most, and what comes of it."""
        weights = repaired(self.search_problem, weights, self.rng)
        state = state_of(self.search_problem, weights, self.is_late)
        most = min(effort, self.most_effort - self.effort) / self.line
        lines = descend(state, self.rng, self.settings.sweeps, float(self.training.irreducible), most)
        self.lines, self.effort = self.lines + lines, self.effort + self.line * (lines + 1)  # a start costs something too
        found = self.evaluated(state)
        higher, equal = state.objective - self.base.objective, self.search_problem.equal
        if higher <= equal and (found is None or self.keeps(found, state)):
            self.base = Base(state.weights, state.objective, is_cut=lines >= most)
            self.fruitless = 0 if higher < -equal else self.fruitless
        if found is not None:
            self.learn(found, began)

    def learn(self, found: Incumbent, began: float) -> None:
        """Keep a network that is the best one or selected, and tell of it."""
        is_better, is_selected = found.rank < self.best.rank, self.selection.take(found)
        self.best = found if is_better else self.best
        if is_better or is_selected:
            accuracy = self.selection.accuracy(found.network) if is_selected else None
            spent = self.budget.spent
            self.on_improvement(Improvement(found, spent, spent - began, self.starts, self.is_late(), accuracy))

    def start(self) -> Sequence[Floats]:
        """Weights for the next descent; a chain that has led no further for long gives way to another."""
        if self.starts == 0:
            return self.base.weights
        is_robust = self.training.perturbation is not None
        if self.starts <= RANDOM_FIRST or (is_robust and self.starts % EVERY_ROBUST == 0):
            return random_weights(self.search_problem, self.widths, self.rng)
        if self.fruitless >= self.patience and is_narrow(self.training) and not is_robust:
            self.base = self.base_of(random_weights(self.search_problem, self.widths, self.rng))
            self.fruitless, self.patience = 0, 2 * self.patience
            return self.base.weights
        self.fruitless += 1
        return perturbed_weights(self.search_problem, self.base.weights, self.rng)

    def base_of(self, weights: Sequence[Floats]) -> Base:
        """The first of a chain."""
        weights = repaired(self.search_problem, weights, self.rng)
        return Base(weights, state_of(self.search_problem, weights).objective, is_cut=False)

    def is_better(self, state: SearchState) -> bool:
        """Than the best network."""
        return not self.best.acceptable or state.objective < float(self.best.objective) - self.search_problem.equal

    def evaluated(self, state: SearchState) -> Incumbent | None:
        """The network in few bits with its exact objective; None if it would neither be the best nor selected."""
        if state.charge or not (self.is_better(state) or self.selection.part):
            return None
        specs, most = self.training.spec.network.layers, state.objective + self.search_problem.equal
        if self.training.costs.penalties:
            most += float(self.training.costs.slack(self.best.objective))
        network = as_network(state.weights, self.search_problem, specs)
        if not self.is_better(state) and not self.selection.may_take(network):
            return None

        def keeps(rounded: Network) -> bool:
            return self.is_as_good(rounded, most) and self.selection.is_as_accurate(rounded, network)

        short = snap(network, specs, self.training.samples, keeps)
        found = self.training.incumbent(network if short is None else short)
        self.refuted += not self.keeps(found, state)
        return found

    def is_as_good(self, network: Network, most: float) -> bool:
        """In floating point, which is fast, and then exactly; nothing is when the user does not want to wait."""
        if self.budget.stopped():
            return False
        rough = state_of(self.search_problem, as_weights(network, self.search_problem)).objective
        return rough <= most and self.training.incumbent(network).reaches(most)

    def keeps(self, found: Incumbent, state: SearchState) -> bool:
        most = state.objective + self.search_problem.equal + float(self.training.costs.slack(found.objective))
        return found.acceptable and float(found.objective) <= most

    def widen(self) -> None:
        """Give the best network the greatest margins: a solver can start from it, and with penalties it often gets cheaper."""
        found = verified_incumbent(self.training, self.model, self.model.encode(self.best.network), self.best.objective)
        if found.rank < self.best.rank:
            self.on_improvement(Improvement(found, self.budget.spent, None, self.starts, self.is_late()))
        self.best = found if found.rank <= self.best.rank else self.best
