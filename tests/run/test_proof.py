"""What is proved of a network, on exact rationals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from bdnnlang.language.spec import Integers, Interval, LayerSpec, NetworkSpec, Penalty, Values, WeightDomain
from bdnnlang.network.numbers import Rational
from bdnnlang.problem.costs import Costs
from bdnnlang.run.facts import OURSELVES, PROOF_FILE, BoundProved, MarginAtLeast, Whole
from bdnnlang.run.proof import settled, stage_status
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.solve.outcome import Status

OPTIMAL, AT_MARGIN, FEASIBLE = RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN, RunStatus.FEASIBLE
HALF = Fraction(1, 2)


def costs(weights: WeightDomain, *penalties: Penalty, classes: tuple[Fraction, ...] | None = None) -> Costs:
    return Costs(classes, penalties).of(NetworkSpec((LayerSpec(2, weights), LayerSpec(None, weights))), features=2)


def proved(value: Rational, margin: float | None = None) -> BoundProved:
    return BoundProved(value, Whole() if margin is None else MarginAtLeast(margin), "a solver", "its word")


SHOWN = BoundProved(3, Whole(), OURSELVES, PROOF_FILE)


@pytest.mark.parametrize(
    ("bounds", "status", "stated"),
    [
        ([], FEASIBLE, None),
        ([proved(3)], OPTIMAL, proved(3)),
        ([proved(2)], FEASIBLE, proved(2)),
        ([proved(Fraction(5, 2))], OPTIMAL, proved(Fraction(5, 2))),  # half a unit below: there is no objective in between
        ([proved(3, 0.1)], AT_MARGIN, proved(3, 0.1)),
        ([proved(2), proved(3, 0.1)], AT_MARGIN, proved(3, 0.1)),
        ([proved(3), proved(3, 0.1)], OPTIMAL, proved(3)),
        ([proved(3, 0.1), proved(3, 0.01), proved(3, 0.2)], AT_MARGIN, proved(3, 0.01)),  # the most that is proved
        ([proved(5, 0.1), proved(0)], AT_MARGIN, proved(3, 0.1)),  # a network better than all with that margin
        ([proved(5), proved(0)], FEASIBLE, proved(0)),  # what the network refutes proves nothing
        ([proved(1), proved(1, 0.1), proved(2, 0.2)], FEASIBLE, proved(2, 0.2)),
        ([proved(1, 0.1), proved(1)], FEASIBLE, proved(1)),
        ([proved(3), SHOWN, proved(3)], OPTIMAL, SHOWN),  # of equal ones what anybody can replay
        ([proved(2), replace(SHOWN, value=2), proved(2)], FEASIBLE, replace(SHOWN, value=2)),
    ],
)
def test_which_bound_proves_what(bounds: list[BoundProved], status: RunStatus, stated: BoundProved | None) -> None:
    assert settled(3, bounds, HALF) == (status, stated)


@pytest.mark.parametrize(
    ("said", "bound", "ended"),
    [
        (Status.OPTIMAL, proved(3), StageStatus.OPTIMAL),
        (Status.OPTIMAL, proved(3, 0.1), StageStatus.OPTIMAL_AT_MARGIN),
        (Status.OPTIMAL, proved(2), StageStatus.GAP_REACHED),
        (Status.OPTIMAL, None, StageStatus.GAP_REACHED),
        (Status.FEASIBLE, proved(3), StageStatus.FEASIBLE),
        (Status.FAILED, None, StageStatus.FAILED),
    ],
)
def test_how_a_stage_ended(said: Status, bound: BoundProved | None, ended: StageStatus) -> None:
    assert stage_status(said, 3, bound, HALF) is ended


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
    assert settled(objective, [proved(objective * Fraction(999, 1000))], own.slack(objective))[0] is FEASIBLE
