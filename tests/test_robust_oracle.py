"""Robust training against brute force: the least loss of networks whose patterns hold at every corner of the sets."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest
from oracle import OracleLayer, layer_patterns, pattern_loss
from perturbed import corners, keeps_pattern, moved
from problems import SIGNS, dataset, inside, network_spec, plain, plain_loss, plain_rows, spec

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
    Integers,
    Interval,
    Linf,
    Perturbation,
    RobustSet,
    RobustSpec,
    Solver,
    Spec,
    Thresholds,
    Values,
    WeightDomain,
)
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.perturbation.resolve import resolve
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.run.status import RunStatus


@dataclass(frozen=True)
class Instance:
    seed: int
    around: RobustSet
    hidden: tuple[int, ...] = (2,)
    features: int = 2
    units: float = 1.0
    clip: Interval | None = None
    weights: WeightDomain = SIGNS
    only: tuple[Column, ...] | None = None

    def data(self) -> Dataset:
        chance = random.Random(self.seed)
        rows = [[round(chance.choice(range(-3, 4)) * self.units, 1) for _ in range(self.features)] for _ in range(6)]
        return dataset(rows, [chance.randrange(2) for _ in rows])

    def spec(self, solver: Solver) -> Spec:
        robust = RobustSpec(Perturbation(self.around, self.only, self.clip))
        return replace(spec(network_spec(self.hidden, self.weights), solver=solver), robust=robust)

    def delta(self) -> PerturbationSet:
        robust = self.spec("scip").robust
        assert robust is not None
        return resolve(robust.perturbation, self.data())

    def least(self) -> int:
        """Every first layer of neurons that keep their bits, then any layers behind it."""
        assert isinstance(self.weights, Integers)
        weights = [Fraction(v) for v in range(self.weights.lower, self.weights.upper + 1)]
        data = self.data()
        rows, labels = plain_rows(data), data.train.y.tolist()
        neurons = sorted(set(steady_bits(rows, self.delta(), weights)))
        if not self.hidden:
            return min(pattern_loss([bits_of(n)], labels, "zero_one") for n in neurons)
        output = OracleLayer(1, weights)
        return min(
            pattern_loss(last, labels, "zero_one")
            for first in combinations_with_replacement(neurons, self.hidden[0])
            for last in layer_patterns(list(zip(*first, strict=True)), output, "per_neuron", ordered=True)
        )

    def run(self, solver: Solver) -> tuple[Run, Dataset]:
        data = self.data()
        return run(training_problem(self.spec(solver), data), emit=lambda fact: None, interrupt=Interrupt()), data


def bits_of(bits: Sequence[int]) -> int:
    return sum(bit << i for i, bit in enumerate(bits))


def steady_bits(rows: Sequence[Sequence[Fraction]], delta: PerturbationSet, weights: list[Fraction]) -> Iterator[tuple[int, ...]]:
    """The bits of neurons with any bias that are the same at every corner."""
    for w in product(weights, repeat=len(rows[0])):
        sums = [[sum(a * v for a, v in zip(w, moved(row, c), strict=True)) for c in corners(delta, row)] for row in rows]
        for bias in {-min(own) for own in sums} | {-max(map(max, sums)) - 1}:
            fires = [{s + bias >= 0 for s in own} for own in sums]
            if all(len(own) == 1 for own in fires):
                yield tuple(int(own.pop()) for own in fires)


HALF = Linf(0.5)
INSTANCES = {
    "linf": Instance(1, HALF),
    "linf_linear": Instance(2, Linf(0.25), hidden=()),
    "linf_tenths": Instance(3, Linf(0.05), units=0.1),
    "linf_wide": Instance(4, Linf(0.75), weights=Integers(-2, 2), features=1),
    "linf_no_zero": Instance(5, Linf(0.25), weights=Integers(1, 2)),
    "linf_clipped": Instance(6, Linf(1.0), clip=Interval(-2.5, 2.0)),
    "linf_features": Instance(7, Linf(1.0), only=(Column("f1"),)),
    "l1": Instance(8, L1(1.0)),
    "box": Instance(9, Box(((Column("f0"), 0.5), (Column("f1"), 1.25)))),
    "box_clipped": Instance(10, Box(((Column("f0"), 1.5),)), clip=Interval(-1.0, 1.0)),
    "budget": Instance(11, BudgetSet(0.5, 1), features=3, hidden=(1,)),
    "budget_two": Instance(12, BudgetSet(0.5, 2), features=3, hidden=(1,)),
}
WITH_HIGHS = ("l1", "budget")
RUNS = [
    pytest.param(name, solver, id=f"{name}-{solver}")
    for name in INSTANCES
    for solver in ("cpsat", "scip", *(("highs",) if name in WITH_HIGHS else ()))
]


@pytest.mark.parametrize(("name", "solver"), RUNS)
def test_the_optimum_is_that_of_brute_force(name: str, solver: Solver) -> None:
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    instance = INSTANCES[name]
    done, data = instance.run(solver)
    assert done.best is not None
    assert done.status is RunStatus.OPTIMAL
    assert done.margin is None
    assert (done.claimed_loss, done.best.loss, done.bound) == (instance.least(),) * 3
    network = done.best.network
    assert plain_loss(network, data, "zero_one") == done.best.loss
    assert inside(network, instance.spec(solver).network)
    assert all(all(keeps_pattern(plain(network), instance.delta(), row)) for row in plain_rows(data))


def test_robustness_costs_something_in_most_of_them() -> None:
    """Otherwise the rows would not matter."""
    plainly = [replace(i, around=Linf(0.0), clip=None, only=None).least() for i in INSTANCES.values()]
    robustly = [i.least() for i in INSTANCES.values()]
    assert all(a <= b for a, b in zip(plainly, robustly, strict=True))
    assert sum(a < b for a, b in zip(plainly, robustly, strict=True)) >= 6


@pytest.mark.parametrize("around", [Linf(0.05), L1(0.1), L2(0.08), BudgetSet(0.05, 1), Box(((Column("f1"), 0.1),))])
def test_continuous_networks_come_back_certified(around: RobustSet) -> None:
    """SCIP's weights lie on the edge of the margin; what comes back does not."""
    instance = Instance(20, around, weights=Interval(-1.0, 1.0), units=0.3)
    done, data = instance.run("scip")
    assert done.best is not None
    assert done.status in (RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN, RunStatus.FEASIBLE)
    assert done.claimed_loss in (None, done.best.loss)  # nothing is asked of a solver where the loss is irreducible
    assert done.best.loss == plain_loss(done.best.network, data, "zero_one")
    delta = instance.delta()
    if delta.is_linear:
        assert all(all(keeps_pattern(plain(done.best.network), delta, row)) for row in plain_rows(data))
        return
    for weights, bias in zip(*plain(done.best.network)[0], strict=True):
        square = delta.r**2 * sum(w * w for w in weights)
        for row in plain_rows(data):
            a = sum(w * v for w, v in zip(weights, row, strict=True)) + bias
            assert a * a >= square if a >= 0 else a * a > square


@pytest.mark.parametrize("biases", [Integers(-1, 1), Values((-0.5, 0.25)), Interval(-0.5, 0.5)])
@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer", "zero"])
def test_continuous_weights_leave_their_biases_where_they_may_be(biases: WeightDomain, thresholds: Thresholds) -> None:
    instance = Instance(21, Linf(0.05), weights=Interval(-1.0, 1.0), units=0.3)
    own = network_spec((2,), instance.weights, None if thresholds == "zero" else biases, thresholds)
    data = instance.data()
    done = run(training_problem(replace(instance.spec("scip"), network=own), data), emit=lambda fact: None, interrupt=Interrupt())
    assert done.best is not None
    assert done.claimed_loss in (None, done.best.loss)
    assert inside(done.best.network, own)
    assert all(all(keeps_pattern(plain(done.best.network), instance.delta(), row)) for row in plain_rows(data))
