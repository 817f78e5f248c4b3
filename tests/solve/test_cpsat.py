"""What CP-SAT must not get, and what it gets exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from milps import INF, knapsack, make

from bdnnlang import solve as solvers
from bdnnlang.model.milp import Milp
from bdnnlang.solve import Limits, Outcome, Status

REFUSED: dict[str, tuple[Milp, str]] = {
    "continuous": (make([[1]], [0], [1], [1], [0], [1], [0]), "integer columns"),
    "unbounded": (make([[1]], [0], [1], [1], [0], [INF]), "finite bounds"),
    "fraction": (make([[0.5]], [0], [1], [1], [0], [1]), "integral coefficients"),
    "large row": (make([[2.0**50, 2.0**50]], [0], [1], [1, 1], [0, 0], [4096, 4096]), "64 bits"),
    "large cost": (make([[1]], [0], [1], [2.0**50], [0], [4096]), "64 bits"),
    "odd cost": (make([[1]], [0], [1], [2.0**-70], [0], [1]), "exact integral multiple"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused(kind: str) -> None:
    milp, why = REFUSED[kind]
    assert why in (solvers.refusal("cpsat", milp) or "")
    with pytest.raises(solvers.UnsupportedModelError, match=why):
        solvers.solve("cpsat", milp, Limits(), None, lambda event: None, lambda: False)


def test_not_refused() -> None:
    assert solvers.refusal("cpsat", knapsack()) is None
    assert solvers.refusal("scip", REFUSED["continuous"][0]) is None


@pytest.fixture
def solve() -> Callable[[Milp], Outcome]:
    if not solvers.available("cpsat"):
        pytest.skip("ortools is not installed")
    return lambda milp: solvers.solve("cpsat", milp, Limits(), None, lambda event: None, lambda: False)


def test_sides_are_rounded_inward(solve: Callable[[Milp], Outcome]) -> None:
    milp = make([[1, 0], [0, 1]], [0.1, -INF], [INF, -0.5], [1, -1], [-5.5, -7], [5, 7])
    outcome = solve(milp)
    assert outcome.status is Status.OPTIMAL
    np.testing.assert_array_equal(outcome.x, [1, -1])
    assert (outcome.objective, outcome.bound) == (2.0, 2.0)


def test_costs_are_scaled_exactly(solve: Callable[[Milp], Outcome]) -> None:
    milp = make([[1, 1]], [1], [1], [0.1, 0.1 + 2.0**-50], [0, 0], [1, 1], offset=0.25)
    outcome = solve(milp)
    np.testing.assert_array_equal(outcome.x, [1, 0])
    assert outcome.bound == pytest.approx(0.35, abs=1e-9)


def test_an_impossible_implication_switches_its_literal_off(solve: Callable[[Milp], Outcome]) -> None:
    condition = {"condition": np.array([0], dtype=np.int64), "condition_value": np.array([0], dtype=np.int8)}
    milp = make([[0, 1]], [0.2], [0.8], [1, 0], [0, 0], [1, 1], **condition)
    outcome = solve(milp)
    assert (outcome.status, outcome.objective) == (Status.OPTIMAL, 1.0)


def test_sides_beyond_64_bits(solve: Callable[[Milp], Outcome]) -> None:
    milp = make([[1], [1]], [-1e30, -INF], [INF, 1e30], [-1], [0], [3])
    assert solve(milp).objective == -3.0
    assert solve(replace(milp, row_lower=np.array([1e30, -INF]))).status is Status.INFEASIBLE
