"""Solvers and pipelines against brute force: the optimum, and the verified loss of the network that is returned."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from oracle import Biases, OracleLayer, least_loss, row_loss
from problems import SIGNS, dataset, network_spec, plain_loss, plain_rows, spec

from bdnnlang import solve
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Encoding, FixedOutput, Integers, Interval, Solver, Thresholds, Values, WeightDomain
from bdnnlang.network.loss_words import Loss
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.run.status import RunStatus


@dataclass(frozen=True)
class Instance:
    """`seed` draws the samples; `units` is what the features are multiples of."""

    seed: int
    samples: int
    features: int
    hidden: tuple[int, ...] = ()
    weights: WeightDomain = SIGNS
    biases: WeightDomain | None = None
    thresholds: Thresholds = "per_neuron"
    classes: int = 2
    loss: Loss | None = None
    units: float = 1.0
    encoding: Encoding = "auto"
    output: FixedOutput | None = None
    values: range = field(default=range(-2, 3))

    def data(self) -> Dataset:
        chance = random.Random(self.seed)
        rows = [[round(chance.choice(self.values) * self.units, 1) for _ in range(self.features)] for _ in range(self.samples)]
        return dataset(rows, [chance.randrange(self.classes) for _ in rows], self.classes)

    @property
    def outputs(self) -> int:
        return 1 if self.classes == 2 and self.encoding == "auto" else self.classes

    @property
    def measure(self) -> Loss:
        return self.loss or ("zero_one" if self.outputs == 1 else "hamming")

    def least(self) -> int:
        data = self.data()
        weights, biases = candidates(self.weights), bias_candidates(self.biases)
        layers = [OracleLayer(width, weights, biases) for width in (*self.hidden, self.outputs)]
        if self.output is not None:
            least = {"any": 1, "all": self.hidden[-1]}.get(self.output.word, self.output.number)
            layers[-1] = OracleLayer(1, (1,), Biases(values=(-(least or 0),)))
        return least_loss(plain_rows(data), data.train.y.tolist(), layers, self.thresholds, self.measure)

    def constant(self) -> int:
        """The least loss of outputs that do not look at the sample."""
        labels = self.data().train.y.tolist()
        patterns = itertools.product((0, 1), repeat=self.outputs)
        return min(sum(row_loss(row, label, self.measure, self.outputs) for label in labels) for row in patterns)

    def run(self, solver: Solver) -> tuple[Run, Dataset]:
        data = self.data()
        network = network_spec(self.hidden, self.weights, self.biases, self.thresholds, self.encoding, self.output)
        done = run(training_problem(spec(network, self.loss, solver), data), emit=lambda fact: None, interrupt=Interrupt())
        return done, data


def candidates(domain: WeightDomain) -> list[Fraction]:
    assert not isinstance(domain, Interval)
    if isinstance(domain, Integers):
        return [Fraction(v) for v in range(domain.lower, domain.upper + 1)]
    return [Fraction(str(v)) for v in domain.values]


def bias_candidates(domain: WeightDomain | None) -> Biases:
    if domain is None:
        return Biases()
    if isinstance(domain, Interval):
        return Biases(interval=(Fraction(str(domain.lower)), Fraction(str(domain.upper))))
    return Biases(values=candidates(domain))


GAPPY, HALVES = Values((-2.0, 1.0)), Values((-0.5, 0.0, 0.5))
WITH_ZERO = Values((-2.0, 0.0, 1.0))

INSTANCES = {
    "linear": Instance(1, 6, 2),
    "linear_zero": Instance(2, 6, 2, thresholds="zero"),
    "linear_gappy": Instance(3, 6, 2, weights=GAPPY),
    "linear_interval_bias": Instance(4, 6, 2, biases=Interval(-0.5, 0.75)),
    "hidden": Instance(5, 6, 2, (2,)),
    "hidden_tenths": Instance(6, 6, 2, (2,), weights=HALVES, units=0.1),
    "hidden_narrow_bias": Instance(7, 6, 2, (2,), biases=Integers(-1, 1)),
    "hidden_with_zero": Instance(8, 6, 2, (2,), weights=WITH_ZERO, thresholds="per_layer"),
    "hidden_no_zero": Instance(9, 6, 1, (2,), weights=Values((-1.0, 1.0)), thresholds="zero"),
    "hidden_wide": Instance(10, 6, 1, (2,), weights=Integers(-2, 2), biases=Integers(-2, 3)),
    "deep": Instance(11, 6, 1, (2, 2), values=range(-3, 4)),
    "deep_per_layer": Instance(12, 5, 2, (1, 2), thresholds="per_layer"),
    "three_hamming": Instance(13, 6, 1, (2,), classes=3, biases=Integers(-2, 1)),
    "three_pattern": Instance(14, 6, 1, (1,), classes=3, loss="pattern", weights=GAPPY),
    "three_zero_one": Instance(15, 6, 1, (1,), classes=3, loss="zero_one"),
    "three_zero_one_zero": Instance(16, 6, 2, classes=3, loss="zero_one", thresholds="zero"),
    "three_pattern_per_layer": Instance(17, 6, 1, (1,), classes=3, loss="pattern", thresholds="per_layer"),
    "any": Instance(19, 9, 2, (2,), output=FixedOutput("any")),
    "all": Instance(20, 9, 2, (2,), thresholds="per_layer", output=FixedOutput("all")),
    "two_of_three": Instance(24, 7, 2, (3,), output=FixedOutput("threshold", 2)),
    "deep_any": Instance(22, 7, 1, (2, 2), values=range(-3, 4), output=FixedOutput("any")),
    "one_hot": Instance(18, 6, 2, encoding="one_hot", weights=HALVES),
}
WITH_HIGHS = ("hidden_tenths", "deep", "three_zero_one", "hidden_with_zero")
RUNS = [
    pytest.param(name, solver, id=f"{name}-{solver}")
    for name in INSTANCES
    for solver in ("cpsat", "scip", *(("highs",) if name in WITH_HIGHS else ()))
]
LEAST: dict[str, int] = {}


def least(name: str) -> int:
    if name not in LEAST:
        LEAST[name] = INSTANCES[name].least()
    return LEAST[name]


@pytest.mark.parametrize(("name", "solver"), RUNS)
def test_the_optimum_is_that_of_brute_force(name: str, solver: Solver) -> None:
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    instance = INSTANCES[name]
    done, data = instance.run(solver)
    assert done.best is not None
    assert done.status is RunStatus.OPTIMAL
    assert done.margin is None  # on a lattice the bound speaks of all networks
    assert (done.best.loss, done.bound) == (least(name),) * 2
    assert done.claimed_loss in (None, done.best.loss)  # nothing is asked of a solver where the loss is irreducible
    assert plain_loss(done.best.network, data, instance.measure) == least(name)


def test_the_instances_are_worth_solving() -> None:
    """Not all have a perfect network, and few are settled by a constant one."""
    optima = [least(name) for name in INSTANCES]
    assert 0 in optima
    assert sum(optimum > 0 for optimum in optima) >= 6
    assert sum(optimum < instance.constant() for optimum, instance in zip(optima, INSTANCES.values(), strict=True)) >= 14


# ---- the oracle itself


def test_xor_needs_a_hidden_layer() -> None:
    rows, labels = [(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 0]
    signs = (-1, 0, 1)
    output = OracleLayer(1, signs)
    assert least_loss(rows, labels, [output], "per_neuron", "zero_one") == 1
    assert least_loss(rows, labels, [OracleLayer(2, signs), output], "per_neuron", "zero_one") == 0
    assert least_loss(rows, labels, [OracleLayer(1, signs), output], "per_neuron", "zero_one") == 1


def test_biases_decide_what_is_reachable() -> None:
    rows, labels = [(-1,), (1,)], [0, 1]
    assert least_loss(rows, labels, [OracleLayer(1, (1,))], "zero", "zero_one") == 0
    assert least_loss(rows, labels, [OracleLayer(1, (1,), Biases(values=(1, 2)))], "per_neuron", "zero_one") == 1
    assert least_loss(rows, labels, [OracleLayer(1, (1,), Biases(interval=(-3, 0)))], "per_neuron", "zero_one") == 0
    assert least_loss(rows, labels, [OracleLayer(1, (1,), Biases(interval=(-3, -2)))], "per_neuron", "zero_one") == 1


def test_losses_of_patterns() -> None:
    rows, labels = [(0,)], [1]  # three outputs with one shared bias all fire or none does
    layer = OracleLayer(3, (1,))
    assert least_loss(rows, labels, [layer], "per_layer", "hamming") == 1
    assert least_loss(rows, labels, [layer], "per_layer", "pattern") == 1
    assert least_loss(rows, labels, [layer], "per_layer", "zero_one") == 1
    assert least_loss(rows, labels, [layer], "per_neuron", "pattern") == 0
