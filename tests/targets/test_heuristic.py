"""SCIP asks for solutions while it solves: what it is offered is checked, and whoever offers may fail."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from milps import hard, knapsack

from bdnnlang.milp import Floats
from bdnnlang.targets import scip
from bdnnlang.targets.outcome import Event, FoundSolution, Improve, Limits, Link, Outcome, Status

BEST = np.array([0.0, 1.0, 1.0, 0.0, 0.0])


def solve(improve: Improve, told: list[Event], nodes: int | None = None) -> Outcome:
    """In this process."""
    limits = Limits(seconds=20.0, nodes=nodes)
    link = Link(told.append, limits, threading.Event())
    link.improve = improve
    return scip.solve(knapsack(), limits, None, link)


def test_an_offer_becomes_a_solution() -> None:
    asked: list[tuple[Floats | None, float]] = []

    def offers(point: Floats | None, seconds: float) -> Floats | None:
        asked.append((point, seconds))
        return BEST if len(asked) == 1 else None

    told: list[Event] = []
    outcome = solve(offers, told)
    assert (outcome.status, outcome.objective) == (Status.OPTIMAL, -13.5)
    assert asked[0][0] is None  # before presolving there is no relaxation
    first = next(event for event in told if isinstance(event, FoundSolution))
    assert first.objective == -13.5
    assert np.allclose(first.x, BEST)


def test_an_offer_that_breaks_a_row_is_refused() -> None:
    outcome = solve(lambda point, seconds: np.ones(5), [])
    assert (outcome.status, outcome.objective) == (Status.OPTIMAL, -13.5)


def test_a_failure_of_ours_is_not_the_solvers() -> None:
    def fails(point: Floats | None, seconds: float) -> Floats | None:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError, match="ours"):
        solve(fails, [])


def test_relaxations_are_offered_to_whoever_improves() -> None:
    points: list[Floats] = []

    def looks(point: Floats | None, seconds: float) -> Floats | None:
        if point is not None:
            points.append(point)
        return None

    milp, limits = hard(), Limits(seconds=20.0, nodes=200)
    link = Link(lambda event: None, limits, threading.Event())
    link.improve = looks
    scip.solve(milp, limits, None, link)
    assert points
    for point in points:
        inside = (point >= milp.col_lower - 1e-6) & (point <= milp.col_upper + 1e-6)
        assert point.shape == (milp.columns,)
        assert inside.all()
