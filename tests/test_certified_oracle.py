"""Method `certified` against brute force: the least loss that intervals prove, over all networks of a tiny domain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product

import pytest
from oracle import row_loss
from perturbed import corners, moved, plain_pairs, worst_row
from problems import inside, plain, plain_rows
from test_robust_oracle import HALF, INSTANCES, Instance

from bdnnlang import solve
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import (
    L1,
    L2,
    Box,
    BudgetSet,
    Column,
    DataSplit,
    Exact,
    Integers,
    Interval,
    Linf,
    LocalSearch,
    RobustSet,
    Solver,
    Spec,
    StageSpec,
)
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.network import Network
from bdnnlang.problem.attack import worst_case
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.run.status import RunStatus

Twins = tuple[tuple[int, int], ...]  # of one neuron: surely and possibly on, for each sample
Ends = Sequence[tuple[Fraction | int, Fraction | int]]


def steps(ends: Sequence[Ends]) -> set[Twins]:
    """What a neuron can do with any bias, for each choice of its weights: least and greatest weighted input of each sample."""
    return {
        tuple((int(low + bias >= 0), int(high + bias >= 0)) for low, high in own)
        for own in ends
        for bias in {-v for pair in own for v in pair} | {-max(high for _, high in own) - 1}
    }


def first_neurons(instance: Certified, weights: range) -> set[Twins]:
    rows, delta = plain_rows(instance.data()), instance.delta()
    found = []
    for w in product(weights, repeat=len(rows[0])):
        sums = [[sum(a * v for a, v in zip(w, moved(row, c), strict=True)) for c in corners(delta, row)] for row in rows]
        found.append([(min(own), max(own)) for own in sums])
    return steps(found)


def neurons_above(below: Sequence[Twins], weights: range) -> set[Twins]:
    """On the neurons below."""
    found = []
    for w in product(weights, repeat=len(below)):
        terms = [[sorted((v * u, v * z)) for v, (u, z) in zip(w, sample, strict=True)] for sample in zip(*below, strict=True)]
        found.append([(sum(low for low, _ in own), sum(high for _, high in own)) for own in terms])
    return steps(found)


@cache
def least(instance: Instance) -> int:
    return instance.least()


@dataclass(frozen=True)
class Certified(Instance):
    classes: int = 2
    loss: Loss = "zero_one"

    def data(self) -> Dataset:
        data = super().data()
        if self.classes == 2:
            return data
        y = (data.train.y + data.train.x[:, 0].astype(int)) % self.classes
        return replace(data, train=replace(data.train, y=y), classes=tuple(f"c{c}" for c in range(self.classes)))

    def spec(self, solver: Solver) -> Spec:
        base = super().spec(solver)
        assert base.robust is not None
        train = replace(base.train, loss=self.loss)
        return replace(base, train=train, robust=replace(base.robust, method="certified"))

    def hidden_layers(self, weights: range) -> Iterator[tuple[Twins, ...]]:
        layers: set[tuple[Twins, ...]] = set(combinations_with_replacement(sorted(first_neurons(self, weights)), self.hidden[0]))
        for width in self.hidden[1:]:
            layers = {
                above for below in layers for above in combinations_with_replacement(sorted(neurons_above(below, weights)), width)
            }
        yield from layers

    def least(self) -> int:
        assert isinstance(self.weights, Integers)
        weights = range(self.weights.lower, self.weights.upper + 1)
        if not self.hidden:
            return self.least_of(first_neurons(self, weights))
        return min(
            self.least_of(neurons) for neurons in {frozenset(neurons_above(b, weights)) for b in self.hidden_layers(weights)}
        )

    def least_of(self, neurons: set[Twins] | frozenset[Twins]) -> int:
        """With outputs out of these."""
        labels, width = self.data().train.y.tolist(), 1 if self.classes == 2 else self.classes
        if self.loss == "hamming":
            return sum(
                min(sum(z if y != k else 1 - u for (u, z), y in zip(n, labels, strict=True)) for n in neurons)
                for k in range(width)
            )
        return min(
            sum(
                row_loss(worst_row(([u for u, _ in ends], [z for _, z in ends]), y), y, self.loss, width)
                for ends, y in zip(zip(*outputs, strict=True), labels, strict=True)
            )
            for outputs in product(sorted(neurons), repeat=width)
        )


def certified_loss(network: Network, instance: Certified) -> int:
    """By fractions, corners and intervals."""
    data, layers = instance.data(), plain(network)
    ends = [plain_pairs(layers, instance.delta(), row)[-1] for row in plain_rows(data)]
    return sum(
        row_loss(worst_row(pair, y), y, instance.loss, len(pair[0])) for pair, y in zip(ends, data.train.y.tolist(), strict=True)
    )


NARROW = ("linf_tenths", "linf_features", "box", "box_clipped")  # one neuron: brute force takes long for two
ALL = {name: Certified(**vars(one) | ({"hidden": (1,)} if name in NARROW else {})) for name, one in INSTANCES.items()} | {
    "two_layers": Certified(31, HALF, hidden=(2, 1), features=1),
    "two_layers_of_two": Certified(32, Linf(0.75), hidden=(1, 2), features=1),
    "three_classes": Certified(33, HALF, hidden=(1,), classes=3, loss="zero_one"),
    "three_classes_pattern": Certified(34, HALF, hidden=(1,), classes=3, loss="pattern"),
    "three_classes_bits": Certified(35, L1(0.75), classes=3, loss="hamming"),
    "three_classes_linear": Certified(36, Linf(0.25), hidden=(), features=1, classes=3, loss="zero_one"),
}
WITH_SCIP = ("linf_clipped", "l1", "budget", "two_layers", "three_classes", "three_classes_linear")
WITH_HIGHS = ("box", "budget_two", "three_classes_pattern")
RUNS = [
    pytest.param(name, solver, id=f"{name}-{solver}")
    for name in ALL
    for solver, some in (("cpsat", ALL), ("scip", WITH_SCIP), ("highs", WITH_HIGHS))
    if name in some
]


def solved(own: Spec, data: Dataset) -> Run:
    return run(training_problem(own, data), emit=lambda fact: None, interrupt=Interrupt())


def staged(own: Spec, *stages: StageSpec) -> Spec:
    return replace(own, train=replace(own.train, stages=stages))


@pytest.mark.parametrize(("name", "solver"), RUNS)
def test_the_optimum_is_that_of_brute_force(name: str, solver: Solver) -> None:
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    instance = ALL[name]
    done = solved(instance.spec(solver), instance.data())
    assert done.best is not None
    assert done.status is RunStatus.OPTIMAL
    assert done.margin is None
    assert (done.best.loss, done.bound) == (least(instance),) * 2
    assert done.claimed_loss in (None, done.best.loss)  # nothing is asked of a solver where the loss is irreducible
    assert certified_loss(done.best.network, instance) == done.best.loss
    assert inside(done.best.network, instance.spec(solver).network)


@pytest.mark.parametrize("name", ["budget", "two_layers", "three_classes"])
@pytest.mark.parametrize("solver", ["cpsat", "scip"])
def test_the_published_formulation_agrees(name: str, solver: Solver) -> None:
    instance = ALL[name]
    own = instance.spec(solver)
    done = solved(replace(own, train=replace(own.train, formulation="paper")), instance.data())
    assert done.best is not None
    assert (done.status, done.best.loss, done.bound) == (RunStatus.OPTIMAL, least(instance), least(instance))


def test_pattern_is_never_better_and_often_worse() -> None:
    kinds = [Instance(s, Linf(1.0), hidden=h, features=f) for s in (48, 52, 56) for h, f in (((2,), 1), ((1,), 2), ((), 2))]
    pairs = [(least(Certified(**vars(one))), least(one)) for one in kinds]
    assert all(certified <= pattern for certified, pattern in pairs)
    assert sum(certified < pattern for certified, pattern in pairs) >= 3


# ---- stages and continuous weights

STAGES: dict[str, tuple[StageSpec, ...]] = {
    "alternate": (LocalSearch(restarts=1),),
    "split": (DataSplit(splits=6),),
    "minibatch": (DataSplit(splits=2, minibatch=4), Exact()),
}


@pytest.mark.parametrize("stages", STAGES.values(), ids=STAGES)
@pytest.mark.parametrize(("name", "solver"), [("l1", "cpsat"), ("two_layers", "scip"), ("three_classes", "scip")])
def test_every_stage_keeps_what_it_claims(stages: tuple[StageSpec, ...], name: str, solver: Solver) -> None:
    instance = ALL[name]
    done = solved(staged(instance.spec(solver), *stages), instance.data())
    assert done.best is not None
    assert certified_loss(done.best.network, instance) == done.best.loss >= least(instance)
    assert not any("not kept" in note for record in done.stages for note in record.notes)
    if done.status is RunStatus.OPTIMAL:
        assert done.best.loss == least(instance)


@pytest.mark.parametrize("around", [Linf(0.05), L1(0.1), L2(0.08), BudgetSet(0.05, 1), Box(((Column("f1"), 0.1),))])
@pytest.mark.parametrize("hidden", [(), (2,)])
def test_continuous_networks_keep_their_claim(around: RobustSet, hidden: tuple[int, ...]) -> None:
    """And what is certified survives the exact attack."""
    instance = Certified(20, around, hidden=hidden, weights=Interval(-1.0, 1.0), units=0.3)
    done, data = solved(instance.spec("scip"), instance.data()), instance.data()
    assert done.best is not None
    assert done.status in (RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN, RunStatus.FEASIBLE)
    assert done.claimed_loss in (None, done.best.loss)
    attacked = worst_case(done.best.network, instance.delta(), data.train)
    assert attacked.robust + attacked.undecided >= 6 - done.best.loss
    if instance.delta().is_linear:
        assert certified_loss(done.best.network, instance) == done.best.loss
