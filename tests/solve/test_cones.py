"""Second-order cones: SCIP takes them, nothing else does."""

from __future__ import annotations

import io

import numpy as np
import pytest
from milps import make

from bdnnlang import solve
from bdnnlang.model.milp import Cone, Milp
from bdnnlang.solve.outcome import Limits, Status


def disc(**more: object) -> Milp:
    """maximise x + y with ‖(x, 2y)‖ ≤ t ≤ 1, x ≤ 1, y ≤ 1: at x = 4y = 4/√20."""
    cone = Cone(2, np.array([0, 1]), np.array([1.0, 2.0]))
    return make([[1, 1, 0]], [-10], [10], [-1, -1, 0], [-1, -1, 0], [1, 1, 1], False, cones=(cone,), **more)


def test_violation_counts_cones() -> None:
    assert disc().feasible(np.array([0.6, 0.4, 1.0]))
    assert disc().violation(np.array([0.6, 0.8, 1.0])) == pytest.approx(np.hypot(0.6, 1.6) - 1)


def test_scip_solves_over_a_disc() -> None:
    start = np.array([0.5, 0.0, 1.0])
    outcome = solve.solve("scip", disc(), Limits(seconds=20), start, lambda event: None, lambda: False)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(-np.sqrt(1.25), abs=1e-4)
    assert outcome.x is not None
    assert disc().feasible(outcome.x, 1e-5)


@pytest.mark.parametrize("name", ["highs", "cpsat"])
def test_others_refuse(name: str) -> None:
    if not solve.available(name):
        pytest.skip(f"{name} is not installed")
    with pytest.raises(solve.UnsupportedModelError, match="cones"):
        solve.solve(name, disc(), Limits(), None, lambda event: None, lambda: False)


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_files_refuse(form: str) -> None:
    with pytest.raises(ValueError, match="cones"):
        solve.write(form, disc(), io.BytesIO())


def test_who_takes_cones_says_so() -> None:
    assert [name for name in solve.SOLVERS if "cones" in solve.describe(name).takes] == ["scip"]
