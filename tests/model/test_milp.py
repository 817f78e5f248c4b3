"""Flat programs: names, rows, activities, and what counts as a violation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bdnnlang.model.milp import Family, Milp


def milp() -> Milp:
    """minimise 1 + 2 x0 − x2 with rows 1 ≤ x0 + 3 x1 ≤ 4, x1 − x2 ≤ 0, and x2 ≥ 2 where x0 = 1."""
    return Milp(
        name="small",
        col_cost=np.array([2.0, 0.0, -1.0]),
        col_lower=np.array([0.0, -1.0, -np.inf]),
        col_upper=np.array([1.0, 2.0, np.inf]),
        integrality=np.array([1, 1, 0], dtype=np.int8),
        row_lower=np.array([1.0, -np.inf, 2.0]),
        row_upper=np.array([4.0, 0.0, np.inf]),
        start=np.array([0, 1, 3, 5]),
        index=np.array([0, 0, 1, 1, 2], dtype=np.int32),
        value=np.array([1.0, 3.0, 1.0, -1.0, 1.0]),
        offset=1.0,
        col_families=(Family("a", (1,)), Family("b", (2,))),
        row_families=(Family("r", (1, 2)), Family("s", (3,), np.array([1]))),
        condition=np.array([-1, -1, 0]),
        condition_value=np.array([0, 0, 1], dtype=np.int8),
    )


def test_names_say_where_a_member_stands() -> None:
    assert milp().col_names().tolist() == [b"a_0", b"b_0", b"b_1"]
    assert milp().row_names().tolist() == [b"r_0_0", b"r_0_1", b"s_1"]
    assert Family("w", (2, 3)).names().tolist() == [b"w_0_0", b"w_0_1", b"w_0_2", b"w_1_0", b"w_1_1", b"w_1_2"]
    assert Family("w", (2, 3), np.array([1, 5])).names().tolist() == [b"w_0_1", b"w_1_2"]
    assert Family("big", (12,)).names()[-1] == b"big_11"
    assert (Family("w", (2, 3)).size, Family("w", (2, 3), np.array([5])).size) == (6, 1)


def test_by_row_is_the_same_matrix() -> None:
    start, column, value = milp().by_row()
    assert start.tolist() == [0, 2, 4, 5]
    assert column.tolist() == [0, 1, 1, 2, 2]
    assert value.tolist() == [1, 3, 1, -1, 1]


def test_a_permuted_program_is_the_same_by_names() -> None:
    one = replace(milp(), condition=None, condition_value=None)
    two = one.permuted(np.array([2, 0, 1]), np.array([1, 2, 0]))
    assert two.col_names().tolist() == [b"b_1", b"a_0", b"b_0"]
    assert two.row_names().tolist() == [b"r_0_1", b"s_1", b"r_0_0"]
    assert (two.col_cost.tolist(), two.integrality.tolist()) == ([-1, 2, 0], [0, 1, 1])
    assert (two.col_lower.tolist(), two.col_upper.tolist()) == ([-np.inf, 0, -1], [np.inf, 1, 2])
    assert (two.row_lower.tolist(), two.row_upper.tolist()) == ([-np.inf, 2, 1], [0, np.inf, 4])
    assert (two.start.tolist(), two.index.tolist(), two.value.tolist()) == ([0, 2, 3, 5], [0, 1, 2, 0, 2], [-1, 1, 1, 1, 3])
    back = two.permuted(np.array([1, 2, 0]), np.array([2, 0, 1]))
    assert (back.col_names().tolist(), back.row_names().tolist()) == (one.col_names().tolist(), one.row_names().tolist())
    for name in ("start", "index", "value"):
        np.testing.assert_array_equal(getattr(back, name), getattr(one, name))


def test_sizes_and_kinds() -> None:
    one = milp()
    assert (one.columns, one.rows, one.nonzeros) == (3, 3, 5)
    assert one.binary.tolist() == [True, False, False]
    assert one.conditional
    assert not replace(one, condition=np.full(3, -1)).conditional
    assert not replace(one, condition=None, condition_value=None).conditional


def test_activity_and_objective() -> None:
    x = np.array([1.0, 1.0, 2.5])
    assert milp().activity(x).tolist() == [4.0, -1.5, 2.5]
    assert milp().objective(x) == 0.5


@pytest.mark.parametrize(
    ("x", "violation"),
    [
        ([1.0, 1.0, 2.5], 0.0),
        ([1.0, 1.0, 1.5], 0.5),  # the conditional row holds
        ([0.0, 1.0, 1.5], 0.0),  # … and does not
        ([1e-7, 1.0, 1.5], 1e-7),  # nearly 0 is 0 for a condition, but not whole
        ([0.0, 1.0, 0.75], 0.25),  # second row
        ([1.0, 2.0, 3.0], 3.0),  # first row, above
        ([0.0, 0.0, 3.0], 1.0),  # first row, below
        ([-0.5, 1.0, 3.0], 0.5),  # bound and integrality
        ([0.0, 1.25, 3.0], 0.25),  # integrality
        ([2.0, -1.0, 3.0], 2.0),  # first row, and a bound by 1
    ],
)
def test_violation_is_the_largest_of_all(x: list[float], violation: float) -> None:
    assert milp().violation(np.array(x)) == pytest.approx(violation, abs=1e-15)
    assert milp().feasible(np.array(x)) is (violation == 0.0)


def test_feasible_within_a_tolerance() -> None:
    assert milp().feasible(np.array([0.0, 1.0, 1.0 - 1e-7]), 1e-6)
    assert not milp().feasible(np.array([0.0, 1.0, 1.0 - 1e-7]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("col_cost", np.array([np.nan, 0, 0])),
        ("value", np.array([np.inf, 1, 1, 1, 1])),
        ("offset", np.nan),
        ("col_lower", np.array([np.inf, 0, 0])),
        ("col_lower", np.array([np.nan, 0, 0])),
        ("col_upper", np.array([-np.inf, 1, 1])),
        ("row_lower", np.array([np.nan, 0, 0])),
        ("row_upper", np.array([1, -np.inf, 0])),
    ],
)
def test_unsound_numbers_are_noticed(field: str, value: object) -> None:
    assert milp().is_finite
    assert not replace(milp(), **{field: value}).is_finite
