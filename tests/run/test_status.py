"""What is proved of a network, on exact rationals."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bdnnlang.language.spec import Integers, Interval, LayerSpec, NetworkSpec, Penalty, Values, WeightDomain
from bdnnlang.network.numbers import Rational
from bdnnlang.problem.costs import Costs
from bdnnlang.run.status import GAP_REACHED, Bound, RunStatus, settled, stage_status
from bdnnlang.solve.outcome import Status

OPTIMAL, AT_MARGIN, FEASIBLE = RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN, RunStatus.FEASIBLE
HALF = Fraction(1, 2)


def costs(weights: WeightDomain, *penalties: Penalty, classes: tuple[Fraction, ...] | None = None) -> Costs:
    return Costs(classes, penalties).of(NetworkSpec((LayerSpec(2, weights), LayerSpec(None, weights))))


@pytest.mark.parametrize(
    ("bounds", "status", "stated"),
    [
        ([], FEASIBLE, None),
        ([Bound(3)], OPTIMAL, Bound(3)),
        ([Bound(2)], FEASIBLE, Bound(2)),
        ([Bound(Fraction(5, 2))], OPTIMAL, Bound(Fraction(5, 2))),  # half a unit below: there is no objective in between
        ([Bound(3, 0.1)], AT_MARGIN, Bound(3, 0.1)),
        ([Bound(2), Bound(3, 0.1)], AT_MARGIN, Bound(3, 0.1)),
        ([Bound(3), Bound(3, 0.1)], OPTIMAL, Bound(3)),
        ([Bound(3, 0.1), Bound(3, 0.01), Bound(3, 0.2)], AT_MARGIN, Bound(3, 0.01)),  # the most that is proved
        ([Bound(5, 0.1), Bound(0)], AT_MARGIN, Bound(3, 0.1)),  # a network better than all with that margin
        ([Bound(5), Bound(0)], FEASIBLE, Bound(0)),  # what the network refutes proves nothing
        ([Bound(1), Bound(1, 0.1), Bound(2, 0.2)], FEASIBLE, Bound(2, 0.2)),
        ([Bound(1, 0.1), Bound(1)], FEASIBLE, Bound(1)),
    ],
)
def test_which_bound_proves_what(bounds: list[Bound], status: RunStatus, stated: Bound | None) -> None:
    assert settled(3, bounds, HALF) == (status, stated)


@pytest.mark.parametrize(
    ("said", "bound", "ended"),
    [
        (Status.OPTIMAL, Bound(3), "optimal"),
        (Status.OPTIMAL, Bound(3, 0.1), "optimal_at_margin"),
        (Status.OPTIMAL, Bound(2), GAP_REACHED),
        (Status.OPTIMAL, None, GAP_REACHED),
        (Status.FEASIBLE, Bound(3), "feasible"),
        (Status.FAILED, None, "failed"),
    ],
)
def test_how_a_stage_ended(said: Status, bound: Bound | None, ended: str) -> None:
    assert stage_status(said, 3, bound, HALF) == ended


SIGNS, HALVES, REALS = Integers(-1, 1), Values((-0.5, 0.0, 0.5)), Interval(-1.0, 1.0)
THIRDS = (Fraction(1, 3), Fraction(1))


@pytest.mark.parametrize(
    ("own", "unit"),
    [
        (costs(REALS), 1),
        (costs(SIGNS, Penalty("sparsity", 0.25)), Fraction(1, 4)),
        (costs(REALS, Penalty("sparsity", 0.3)), Fraction(1, 10)),
        (costs(HALVES, Penalty("l1", 0.25)), Fraction(1, 8)),
        (costs(SIGNS, classes=THIRDS), Fraction(1, 3)),
        (costs(SIGNS, classes=(Fraction(1, 10**9), Fraction(1))), Fraction(1, 10**9)),
        (costs(SIGNS, classes=(Fraction(1, 10**10), Fraction(1))), None),  # finer than solvers can tell
        (costs(SIGNS, Penalty("l1", 0.3333333333333333)), None),
        (costs(REALS, Penalty("l1", 0.001)), None),
        (costs(SIGNS, Penalty("l2", 0.5)), None),  # biases range over an interval
    ],
)
def test_what_objectives_are_multiples_of(own: Costs, unit: Rational | None) -> None:
    assert own.unit == unit
    assert own.slack(10) == (unit / Fraction(2) if unit else min(Fraction(1, 10**5), min(own.terms) / 2))


@pytest.mark.parametrize("objective", [Fraction(1, 10**6), Fraction(1, 100), 1, 1000, 10**7])
def test_without_a_unit_no_cost_is_passed_over(objective: Rational) -> None:
    """An absolute slack above a penalty would call optimal what the penalty alone tells apart."""
    own = costs(REALS, Penalty("l1", 0.001))
    assert 0 < own.slack(objective) <= Fraction(objective) / 10**6
    assert own.slack(objective) < min(own.terms)
    assert settled(objective, [Bound(objective * Fraction(999, 1000))], own.slack(objective))[0] is FEASIBLE
