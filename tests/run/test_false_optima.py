"""The published form on raw data makes solvers call wrong answers optimal: a run must not repeat them.

Features over six decades, unscaled, so that M is large against the margin and the tolerance of the solver.
"""

from __future__ import annotations

import numpy as np
import pytest
from problems import dataset, network_spec, plain_loss, spec

from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Exact, Integers, Interval, Solver, WeightDomain
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.run.status import RunStatus, StageStatus

RAW: tuple[WeightDomain, ...] = (Interval(-1.0, 1.0), Integers(-1, 1))


def six_decades(seed: int, samples: int) -> Dataset:
    """Features of sizes 1e-3 to 1e3; the labels are those of a threshold on small features, or noise."""
    rng = np.random.default_rng(seed)
    size = 10.0 ** rng.integers(-3, 4, size=4)
    x = np.round(rng.uniform(-1, 1, size=(samples, 4)) * size, 6)
    small = np.argmin(size)
    y = x[:, small] > 0 if seed % 2 else rng.integers(0, 2, size=samples)
    return dataset(x.tolist(), np.asarray(y, dtype=int).tolist())


def large_m(seed: int, samples: int) -> Dataset:
    """M = 745 and features whose last digits decide."""
    rng = np.random.default_rng(seed)
    x = np.round(np.stack([rng.uniform(700, 740, samples), rng.uniform(0, 1e-3, samples)], axis=1), 6)
    return dataset(x.tolist(), rng.integers(0, 2, size=samples).tolist())


def check(data: Dataset, weights: WeightDomain, hidden: tuple[int, ...], solver: Solver, seconds: float) -> Run:
    stage = Exact(time=seconds, node_limit=300)
    of = spec(network_spec(hidden, weights), solver=solver, stages=(stage,), time=None)
    done = run(training_problem(of, data), emit=lambda fact: None, interrupt=Interrupt())
    assert done.best is not None
    assert done.best.loss == plain_loss(done.best.network, data, "zero_one")
    record = done.stages[0]
    if record.status is not StageStatus.CLAIM_REJECTED and record.claimed_loss is not None:
        assert record.verified_loss is not None
        assert done.best.loss <= record.verified_loss <= record.claimed_loss
    if record.bound is not None:
        assert record.bound <= done.best.loss
    assert done.status is not RunStatus.OPTIMAL or done.bound == done.best.loss
    return done


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("make", [six_decades, large_m])
def test_claims_on_raw_data_are_kept_or_rejected(make: object, seed: int) -> None:
    data = make(seed, 10)  # type: ignore[operator]
    check(data, RAW[seed % 2], (1,) if seed % 3 else (), "scip", 5.0)
