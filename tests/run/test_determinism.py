"""The same seed and counted limits give the same network, however fast the machine is."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import solve
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.language.spec import DataSplit, Exact, Interval, LocalSearch, Solver, Spec, StageSpec, WeightDomain
from bdnnlang.network.as_json import to_json
from bdnnlang.run.facts import Fact
from bdnnlang.run.schedule import run

STAGES: dict[str, StageSpec] = {
    "exact": Exact(node_limit=30),
    "auto": LocalSearch(restarts=4, steps=60),
    "meanfield": LocalSearch(method="meanfield", restarts=2, steps=60),
    "coordinate": LocalSearch(method="coordinate", restarts=20),
    "alternate": LocalSearch(method="alternate", restarts=0, node_limit=10),
    "data_split": DataSplit(splits=3, node_limit=10),
}
NOISE = np.random.default_rng(5)
DATA = dataset(NOISE.integers(-9, 10, (40, 4)).astype(float).tolist(), NOISE.integers(0, 2, 40).tolist())


def trained(own: Spec, pause: float) -> object:
    """On a machine that is slower by `pause` at every fact."""

    def emit(fact: Fact) -> None:
        time.sleep(pause)

    best = run(training_problem(own, DATA), emit=emit, interrupt=Interrupt()).best
    assert best is not None
    return to_json(best.network)


@pytest.mark.parametrize(
    ("stage", "solver", "weights"),
    [
        ("exact", "scip", Interval(-1.0, 1.0)),
        ("exact", "highs", Interval(-1.0, 1.0)),
        ("exact", "cpsat", SIGNS),
        ("auto", "scip", Interval(-1.0, 1.0)),
        ("meanfield", "scip", SIGNS),
        ("coordinate", "scip", Interval(-1.0, 1.0)),
        ("alternate", "scip", Interval(-1.0, 1.0)),
        ("data_split", "scip", Interval(-1.0, 1.0)),
    ],
    ids=str,
)
def test_the_same_network_each_time(stage: str, solver: Solver, weights: WeightDomain) -> None:
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    own = spec(network_spec((2,), weights), solver=solver, stages=(STAGES[stage],), time=None)
    own = replace(own, train=replace(own.train, seed=7))
    assert trained(own, 0.0) == trained(own, 0.05)
