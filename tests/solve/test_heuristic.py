"""SCIP asks for solutions while it solves: what it is offered is checked, and whoever offers may fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from milps import hard

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.heuristic import LEAST
from bdnnlang.solve.outcome import Event, FoundSolution, Limits, Link, Offered, Outcome, PrimalHeuristic, Status
from bdnnlang.solve.solvers import scip

CHOSEN = np.arange(40) % 2 * 1.0


def planted() -> Milp:
    """A market split problem of which we know a solution without slack, and SCIP none for long."""
    milp = hard()
    sides = milp.activity(np.append(CHOSEN, np.zeros(2 * milp.rows)))
    return replace(milp, row_lower=sides, row_upper=sides)


def solve(improve: PrimalHeuristic, told: list[Event], nodes: int = 50) -> Outcome:
    """In this process."""
    milp, limits = planted(), Limits(seconds=60.0, nodes=nodes)
    link = Link(told.append, milp, limits, threading.Event())
    link.improve = improve
    return scip.solve(milp, limits, None, link)


def test_an_offer_becomes_a_solution() -> None:
    best, asked = np.append(CHOSEN, np.zeros(2 * planted().rows)), list[float]()

    def offers(point: Floats | None, effort: float, over: Callable[[], bool]) -> Floats | None:
        assert not over()
        asked.append(effort)
        return best if len(asked) == 1 else None

    told: list[Event] = []
    outcome = solve(offers, told)
    assert (outcome.status, outcome.objective) == (Status.OPTIMAL, 0.0)
    assert asked == [LEAST]
    found = [event for event in told if isinstance(event, FoundSolution)]
    assert np.allclose(found[-1].x, best)


def test_an_offer_that_breaks_a_row_is_refused_and_passed_on() -> None:
    told: list[Event] = []
    outcome = solve(lambda point, effort, over: np.ones(planted().columns), told)
    assert outcome.status is Status.FEASIBLE
    assert any(isinstance(event, Offered) and (event.x == 1).all() for event in told)


def test_a_failure_of_ours_is_not_the_solvers() -> None:
    def fails(point: Floats | None, effort: float, over: Callable[[], bool]) -> Floats | None:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError, match="ours"):
        solve(fails, [])


def test_the_calls_are_the_same_each_time() -> None:
    def calls(pause: float) -> list[tuple[bytes, float]]:
        seen = []

        def looks(point: Floats | None, effort: float, over: Callable[[], bool]) -> Floats | None:
            assert point is not None
            seen.append((point.tobytes(), effort))
            time.sleep(pause)
            return None

        solve(looks, [], nodes=400)
        return seen

    assert len(calls(0.0)) > 1
    assert calls(0.0) == calls(0.01)


def test_relaxations_are_offered_to_whoever_improves() -> None:
    points: list[Floats] = []

    def looks(point: Floats | None, effort: float, over: Callable[[], bool]) -> Floats | None:
        if point is not None:
            points.append(point)
        return None

    milp, limits = hard(), Limits(seconds=20.0, nodes=200)
    link = Link(lambda event: None, milp, limits, threading.Event())
    link.improve = looks
    scip.solve(milp, limits, None, link)
    assert points
    for point in points:
        inside = (point >= milp.col_lower - 1e-6) & (point <= milp.col_upper + 1e-6)
        assert point.shape == (milp.columns,)
        assert inside.all()
