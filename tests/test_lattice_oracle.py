"""Weights, biases and features on lattices of different fineness, in sets with gaps and in boxes without 0: brute force.

Every pass has conditions that speak of domains. A condition that forgets a lattice proves a wrong optimum here.
"""

from __future__ import annotations

import importlib
import itertools
import random
import threading
from dataclasses import dataclass
from fractions import Fraction

import pytest
from oracle import Biases, OracleLayer, least_loss
from problems import SIGNS, dataset, network_spec, plain_loss, plain_rows

from bdnnlang import solve
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Integers, Interval, NetworkSpec, Thresholds, Values, WeightDomain
from bdnnlang.model import passes
from bdnnlang.model.build import build
from bdnnlang.model.model import Model
from bdnnlang.polish.polish import polish
from bdnnlang.solve.outcome import Limits, Link, Status

WEIGHTS: dict[str, WeightDomain] = {
    "signs": SIGNS,
    "halves": Values((-0.5, 0.0, 0.5)),
    "gaps": Values((-3.0, -1.0, 2.0)),
    "not negative": Integers(0, 2),
}
BIASES: dict[str, tuple[WeightDomain | None, Thresholds]] = {
    "default": (None, "per_neuron"),
    "int": (Integers(-14, 14), "per_neuron"),
    "coarser": (Values(tuple(float(2 * k) for k in range(-7, 8))), "per_neuron"),
    "finer": (Values(tuple(k / 4 for k in range(-56, 57))), "per_neuron"),
    "set": (Values((-1.5, 0.25, 1.0)), "per_neuron"),
    "interval": (Interval(-0.75, 0.3), "per_neuron"),
    "shared": (None, "per_layer"),
    "shared int": (Integers(-14, 14), "per_layer"),
    "zero": (None, "zero"),
}
UNITS = {
    "units": (1.0, 1.0),
    "tenths": (0.1, 1.0),
    "thirds": (1.0, 3.0),
}  # a feature is a whole number times the one, over the other


@dataclass(frozen=True)
class Instance:
    weights: str
    biases: str
    units: str

    @property
    def network(self) -> NetworkSpec:
        domain, thresholds = BIASES[self.biases]
        return network_spec((2,), WEIGHTS[self.weights], domain, thresholds)

    def data(self) -> Dataset:
        chance = random.Random(f"{self.weights} {self.biases} {self.units}")
        factor, over = UNITS[self.units]
        rows = [[round(chance.randrange(-2, 3) * factor, 1) for _ in range(2)] for _ in range(6)]
        return dataset(rows, [chance.randrange(2) for _ in rows], upper=[over, over])

    def least(self) -> int:
        domain, thresholds = BIASES[self.biases]
        weights = members(WEIGHTS[self.weights])
        if isinstance(domain, Interval):
            biases = Biases(interval=(Fraction(str(domain.lower)), Fraction(str(domain.upper))))
        else:
            biases = Biases(None if domain is None else members(domain))
        layers = [OracleLayer(width, weights, biases) for width in (2, 1)]
        data = self.data()
        return least_loss(plain_rows(data), data.train.y.tolist(), layers, thresholds, "zero_one")


def members(domain: WeightDomain) -> list[Fraction]:
    if isinstance(domain, Values):
        return [Fraction(str(v)) for v in domain.values]
    assert isinstance(domain, Integers)
    return [Fraction(v) for v in range(domain.lower, domain.upper + 1)]


def optimum(network: NetworkSpec, data: Dataset, formulation: str, solver: str) -> tuple[int, int]:
    """What a solver claims to be the least loss, in this process, and the loss of its network with its biases in the middle."""
    line = passes.pipeline(formulation, implications=solver == "cpsat")
    built = build(network, None, data, merge_samples=formulation == "tight")
    model = Model.through(built, line, data.train)
    milp, limits = model.milp, Limits()
    outcome = importlib.import_module(solve.SOLVERS[solver].module).solve(
        milp, limits, None, Link(lambda event: None, milp, limits, threading.Event())
    )
    assert outcome.status is Status.OPTIMAL
    assert outcome.x is not None
    assert outcome.objective is not None
    found = polish(model, network.layers, outcome.x)
    return round(outcome.objective), plain_loss(found, data, "zero_one")


def marks(names: tuple[str, ...]) -> tuple[pytest.MarkDecorator, ...]:
    """A third is tried in every run: each weights with each biases, and each of both with each units."""
    weights, biases, units = (list(table).index(name) for table, name in zip((WEIGHTS, BIASES, UNITS), names, strict=True))
    return () if (weights + biases - units) % len(UNITS) == 0 else (pytest.mark.slow,)


INSTANCES = [
    pytest.param(Instance(*names), id="-".join(names).replace(" ", "_"), marks=marks(names))
    for names in itertools.product(WEIGHTS, BIASES, UNITS)
]


@pytest.mark.parametrize("instance", INSTANCES)
def test_every_combination_has_the_optimum_of_brute_force(instance: Instance) -> None:
    least = instance.least()
    for solver in ("scip", "cpsat"):
        if solve.available(solver):
            for formulation in ("paper", "tight"):
                assert optimum(instance.network, instance.data(), formulation, solver) == (least, least), (solver, formulation)
