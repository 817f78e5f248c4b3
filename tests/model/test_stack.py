"""What leaves the compiler: no coefficient that solvers drop, and no point lost by that."""

from __future__ import annotations

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import dataset, network_spec, spec

from bdnnlang import solve
from bdnnlang.arrays import Floats
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.language.spec import Interval
from bdnnlang.model import passes
from bdnnlang.model.affine import Affine
from bdnnlang.model.build import build
from bdnnlang.model.milp import Milp
from bdnnlang.model.stack import TINY, Rows, stack, without_tiny
from bdnnlang.run.schedule import run
from bdnnlang.run.status import StageStatus

NEARLY_CENTRED = dataset([[0.0, 1.0], [1.0, 0.25], [0.5000000000035, 0.75], [0.25, 0.0]], [0, 1, 0, 1])
NETWORK = network_spec((1,), Interval(-1.0, 1.0))


def tight() -> Milp:
    built = build(NETWORK, None, NEARLY_CENTRED, merge_samples=True)
    return stack(passes.lower(built, passes.TIGHT))


def test_no_coefficient_is_below_a_billionth_of_its_row() -> None:
    """The third sample is 3.5e-12 off the middle of its first feature."""
    milp = tight()
    largest = np.ones(milp.rows)
    np.maximum.at(largest, milp.index, np.abs(milp.value))
    assert (np.abs(milp.value) >= TINY * largest[milp.index]).all()
    problem = passes.lower(build(NETWORK, None, NEARLY_CENTRED, merge_samples=True), passes.TIGHT)
    assert milp.nonzeros < sum(len(block.affine.value) for block in problem.blocks)  # type: ignore[union-attr]


@pytest.mark.parametrize("solver", ["highs", "scip"])
def test_solvers_take_such_data(solver: str) -> None:
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    done = run(training_problem(spec(NETWORK, solver=solver), NEARLY_CENTRED), emit=lambda fact: None, interrupt=Interrupt())  # type: ignore[arg-type]
    assert [stage.status for stage in done.stages] != [StageStatus.FAILED]
    assert done.best is not None
    assert done.best.loss == 0


SIZES = st.sampled_from([1.0, -2.0, 0.5, 3e-10, -5e-10, 1e-12, 1e3])


@st.composite
def rows_and_points(draw: st.DrawFn) -> tuple[Rows, Floats, Floats, Floats]:
    """Rows with some tiny coefficients, the box of the columns, and a point that meets every row, some of them exactly."""
    count, columns = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    matrix = np.array(draw(st.lists(SIZES, min_size=count * columns, max_size=count * columns))).reshape(count, columns)
    low = np.array(draw(st.lists(st.sampled_from([-2.0, 0.0, -np.inf]), min_size=columns, max_size=columns)))
    high = np.array(draw(st.lists(st.sampled_from([1.0, 0.0, 7.0]), min_size=columns, max_size=columns)))
    shares = np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 0.3]), min_size=columns, max_size=columns)))
    point = np.where(np.isfinite(low), low, -5.0) * (1 - shares) + high * shares
    row, column = np.divmod(np.arange(count * columns), columns)
    room = np.array(draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=count, max_size=count)))
    activity = matrix @ point
    affine = Affine.of(count, row, column, matrix.ravel())
    return Rows(affine, activity - room, activity + 1 - room), low, high, point


@given(case=rows_and_points())
@settings(max_examples=examples(300))
def test_no_point_is_lost(case: tuple[Rows, Floats, Floats, Floats]) -> None:
    rows, low, high, point = case
    found = without_tiny(rows, low, high)
    activity = np.bincount(found.affine.row, found.affine.value * point[found.affine.column], minlength=found.affine.rows)
    rounding = 1e-15 * (1 + np.abs(activity))  # of the sum here
    assert (activity >= found.lower - rounding).all()
    assert (activity <= found.upper + rounding).all()


def test_rows_without_tiny_coefficients_are_left_alone() -> None:
    affine = Affine.of(1, np.array([0, 0]), np.array([0, 1]), np.array([1e-9, 1.0]))
    rows = Rows(affine, np.array([0.0]), np.array([np.inf]))
    assert without_tiny(rows, np.zeros(2), np.ones(2)) is rows


def test_what_is_left_out_widens_the_sides_by_what_it_can_come_to() -> None:
    affine = Affine.of(1, np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1e-10, -2e-10, 4.0]))
    found = without_tiny(Rows(affine, np.array([1.0]), np.array([3.0])), np.full(3, -1.0), np.full(3, 2.0))
    assert found.affine.column.tolist() == [2]
    assert found.lower[0] == pytest.approx(1.0 - 4e-10, abs=1e-15)  # 2 · 1e-10 + 1 · 2e-10
    assert found.upper[0] == pytest.approx(3.0 + 5e-10, abs=1e-15)
