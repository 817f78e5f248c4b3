"""Quadratic costs: SCIP takes them, everything else refuses."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from milps import knapsack, make

from bdnnlang import solve as solvers
from bdnnlang.model.milp import Milp
from bdnnlang.solve import SOLVERS, Limits, Outcome, Status


def parabola() -> Milp:
    """(x − 1)² + 2 (y − 1)² − 2 with x + y ≤ 1.5 and whole y: the optimum is −1.75 at x = 0.5, y = 1."""
    return make(
        [[1, 1]], [-np.inf], [1.5], [-2, -4], [-5, -5], [5, 5], integer=[0, 1], offset=1.0, col_square=np.array([1.0, 2.0])
    )


def solve(milp: Milp, start: list[float] | None = None) -> Outcome:
    point = None if start is None else np.array(start)
    return solvers.solve("scip", milp, Limits(seconds=20), point, lambda event: None, lambda: False)


@pytest.mark.parametrize("start", [None, [0.5, 1.0], [0.0, 0.0], [-5.0, 5.0], [5.0, 5.0]])
def test_scip_finds_the_least(start: list[float] | None) -> None:
    milp = parabola()
    assert milp.is_finite
    outcome = solve(milp, start)
    assert outcome.status is Status.OPTIMAL
    assert outcome.x is not None
    assert outcome.x == pytest.approx([0.5, 1.0], abs=1e-3)
    assert milp.objective(outcome.x) == pytest.approx(-1.75, abs=1e-5)
    assert outcome.objective == pytest.approx(-1.75, abs=1e-5)
    assert outcome.bound == pytest.approx(-1.75, abs=1e-5)


def test_the_start_counts_with_its_squares() -> None:
    milp = parabola()
    start = np.array([0.25, 1.0])
    limits = Limits(seconds=20, nodes=1)
    outcome = solvers.solve("scip", milp, limits, start, lambda event: None, lambda: False)
    assert outcome.objective is not None
    assert outcome.objective <= milp.objective(start) + 1e-6


@pytest.mark.parametrize("name", [name for name in SOLVERS if not SOLVERS[name].accepts.squares])
def test_others_refuse(name: str) -> None:
    milp = replace(knapsack(), col_square=np.ones(5))
    with pytest.raises(solvers.UnsupportedModelError, match="quadratic"):
        solvers.solve(name, milp, Limits(seconds=20), None, lambda event: None, lambda: False)


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_files_refuse(form: str) -> None:
    with pytest.raises(ValueError, match="quadratic"):
        solvers.write(form, parabola(), io.BytesIO())


def test_a_square_that_is_no_number_is_unsound() -> None:
    assert not replace(parabola(), col_square=np.array([1.0, np.nan])).is_finite
