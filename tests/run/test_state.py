"""The state of a run is the fold of its facts: the best network, what is proved, the stages that have ended, the time spent."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from problems import with_loss

from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.facts import (
    EARLIER,
    BoundProved,
    BoundReported,
    ClaimRejected,
    Fact,
    MarginAtLeast,
    ModelBuilt,
    NetworkFound,
    RunStarted,
    Samples,
    Scope,
    StageEnded,
    StageStarted,
    StepEnded,
    StepRecord,
    Whole,
)
from bdnnlang.run.proof import settled
from bdnnlang.run.state import ADDED_UP, RunState, added_up, fold
from bdnnlang.run.status import RunStatus, StageStatus


def incumbent(loss: int) -> Incumbent:
    return with_loss(Network((Layer(np.array([[1.0]]), np.array([float(loss)])),)), loss)


def found(loss: int, seconds: float = 0.0, *, polished: bool = False) -> NetworkFound:
    return NetworkFound(seconds, incumbent(loss), "a test", polished)


def begins(number: int) -> StageStarted:
    return StageStarted(number, f"stage {number}", 10.0, "scip")


def ends(number: int, loss: int, status: StageStatus = StageStatus.FEASIBLE, seconds: float = 2.0) -> StageEnded:
    return StageEnded(number, f"stage {number}", seconds, status, incumbent(loss), solver="SCIP 10")


RUN = RunStarted({"data": "1"}, "a schedule")
MODEL = ModelBuilt("tight", 5, 4, 3, 2, 1e-4, True)
STEP = StepRecord(0.5, StageStatus.FEASIBLE, 2, 3)
AT_MARGIN = BoundProved(2, MarginAtLeast(1e-4, True), "SCIP 10", "the word of the solver")
FACTS: tuple[Fact, ...] = (
    RUN,
    BoundProved(1),
    found(9),
    begins(0),
    found(4, 1.0),
    StepEnded("stage 0", 1, STEP),
    ends(0, 4),
    begins(1),
    MODEL,
    found(5, 0.5),
    BoundReported(1.5, 1.0, 7, "scip"),
    ClaimRejected("SCIP 10", "it does not hold"),
    AT_MARGIN,
    ends(1, 4, StageStatus.OPTIMAL_AT_MARGIN, 3.0),
)


def test_what_is_known_in_the_end() -> None:
    state = fold(FACTS)
    assert (state.run, state.best, state.shown, state.open) == (RUN, incumbent(4), incumbent(4), None)
    assert state.bounds == (BoundProved(1), AT_MARGIN)
    assert (state.spent, state.finished) == (5.0, 2)
    first, second = state.stages
    assert (first.stage, first.status, first.verified_loss, first.steps) == ("stage 0", StageStatus.FEASIBLE, 4, (STEP,))
    assert (first.columns, first.bound, first.margin) == (0, None, None)
    assert (second.formulation, second.columns, second.binaries, second.rows, second.nonzeros) == ("tight", 5, 4, 3, 2)
    assert (second.bound, second.margin, second.relative_margin) == (2, 1e-4, True)
    assert second.bounds == (AT_MARGIN,)


@pytest.mark.parametrize("cut", range(len(FACTS) + 1))
def test_a_part_and_then_the_others_come_to_the_same(cut: int) -> None:
    assert fold(FACTS[cut:], fold(FACTS[:cut])) == fold(FACTS)


# ---- networks


def test_the_best_network_is_the_least_whatever_the_order() -> None:
    facts = [found(3), found(1), found(2)]
    assert all(fold(order).best == incumbent(1) for order in itertools.permutations(facts))


def test_of_equals_the_earlier_stays_unless_a_later_takes_its_place() -> None:
    first, second = found(1), replace(found(1), incumbent=replace(incumbent(1), network=incumbent(7).network))
    assert fold([first, second]).best is first.incumbent
    assert fold([first, replace(second, polished=True)]).best is second.incumbent


def test_a_run_shows_what_its_last_stage_selects_and_goes_on_from_the_best() -> None:
    state = fold([begins(0), found(1), ends(0, 3)])
    assert (state.best, state.shown) == (incumbent(1), incumbent(3))


def test_what_a_stage_found_before_it_was_cut_off_is_shown() -> None:
    """As that may be all: a run that goes on has perhaps no time left for the stage."""
    cut = fold([begins(0), found(4), ends(0, 5), begins(1)])
    assert (cut.best, cut.shown) == (incumbent(4), incumbent(5))  # as the stage that has ended selected
    assert fold([replace(found(4), by=EARLIER)], cut).shown == incumbent(5)  # told again as the run goes on
    assert fold([found(3)], replace(cut, best=incumbent(3))).shown == incumbent(3)  # the best of all is known from the start
    found_more = fold([found(3)], cut)
    assert found_more.shown == incumbent(3)
    assert fold([begins(1)], found_more).shown == incumbent(3)
    assert fold([begins(1), ends(1, 6)], found_more).shown == incumbent(6)


# ---- bounds


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        ([], None),
        ([(3, (0, 1))], 3),
        ([(3, (0, 1)), (Fraction(1, 2), (2,))], Fraction(7, 2)),
        ([(3, (0, 1)), (2, (1, 2))], 3),  # sample 1 counts once
        ([(2, (1, 2)), (3, (0, 1)), (1, (2, 3))], 4),
        ([(5, ())], None),
    ],
)
def test_bounds_of_disjoint_samples_add_up(parts: list[tuple[int, tuple[int, ...]]], value: object) -> None:
    bounds = [BoundProved(part, Samples(numbers), "a machine", "a proof") for part, numbers in parts]
    total = added_up(bounds)
    assert (None if total is None else total.value) == value
    assert fold(bounds).bounds == (() if total is None else (BoundProved(total.value, Whole(), "bdnnc", ADDED_UP),))


def test_a_part_of_the_samples_is_never_taken_for_all_of_them() -> None:
    """A bound of 3 on some of them closes nothing by itself beyond its own value."""
    state = fold([found(5), BoundProved(3, Samples((0, 1)), "a machine", "a proof")])
    assert settled(5, state.bounds, Fraction(1, 2))[0] is RunStatus.FEASIBLE


@pytest.mark.parametrize("scope", [Whole(), MarginAtLeast(0.1)])
def test_bounds_of_a_stage_count_when_it_has_ended(scope: Scope) -> None:
    bound = BoundProved(1, scope, "a solver", "its word")
    assert fold([begins(0), bound]).bounds == ()
    assert fold([begins(0), bound, ends(0, 1)]).bounds == (bound,)


def test_what_a_solver_says_on_the_way_proves_nothing() -> None:
    assert fold([begins(0), BoundReported(1.0, 5.0, 7, "scip"), ends(0, 5)]).bounds == ()


# ---- stages that begin again


def test_a_stage_that_was_cut_off_begins_again() -> None:
    """Its time counts, its bounds and steps do not."""
    cut = [begins(0), ends(0, 4), begins(1), MODEL, StepEnded("stage 1", 1, STEP), AT_MARGIN, found(3, 1.5)]
    state = fold(cut)
    assert (state.finished, state.spent, state.spent_on(1), state.spent_on(0)) == (1, 3.5, 1.5, 2.0)
    again = fold([begins(1), found(2, 0.25)], state)
    assert (again.finished, again.spent, again.spent_on(1)) == (1, 3.75, 1.75)
    done = fold([ends(1, 2, seconds=1.0)], again)
    assert (done.finished, done.spent, done.bounds, done.stages[1].steps) == (2, 4.5, (), ())
    assert done.best == incumbent(2)


def test_a_stage_that_the_user_stopped_begins_again() -> None:
    stopped = fold([begins(0), ends(0, 4), begins(1), AT_MARGIN, ends(1, 4, StageStatus.INTERRUPTED)])
    assert (stopped.finished, stopped.spent, stopped.spent_on(1)) == (1, 4.0, 2.0)
    again = fold([begins(1)], stopped)
    assert (len(again.stages), again.bounds, again.spent, again.spent_on(1)) == (1, (), 4.0, 2.0)


def test_behind_a_damaged_line_no_stage_has_ended() -> None:
    state = fold([begins(0), begins(1), found(1), ends(1, 1)])
    assert (state.stages, state.best) == ((), incumbent(1))
    assert fold([ends(0, 1)]).stages == ()
    assert fold([StepEnded("stage 0", 1, STEP), MODEL]) == RunState()


def test_a_new_run_keeps_nothing_but_the_best_network() -> None:
    assert fold([RUN], fold(FACTS)) == RunState(RUN, incumbent(4))


def test_a_stage_that_was_stopped_before_there_was_a_program_asked_no_solver() -> None:
    asked = StageEnded(0, "stage 0", 1.0, StageStatus.INTERRUPTED, incumbent(4), solver="scip")
    for facts, solver in (((begins(0), asked), ""), ((begins(0), MODEL, asked), "scip")):
        (record,) = fold(facts).stages
        assert (record.solver, bool(record.formulation)) == (solver, bool(solver))
