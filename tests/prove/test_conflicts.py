"""Conflicts in whole numbers."""

from __future__ import annotations

import numpy as np
import pytest

from bdnnlang.prove.conflicts import Conflict, null_vector, proved_conflict

SQUARE = [(0, 0), (2, 2), (0, 2), (2, 0), (1, 1), (4, 4)]


def test_the_diagonals_of_a_square_meet() -> None:
    assert proved_conflict(SQUARE, (0, 1), (2, 3)) == Conflict((0, 1), (2, 3), ((1, 1), (1, 1)))


def test_a_point_on_a_line_is_in_conflict_with_its_ends() -> None:
    assert proved_conflict(SQUARE, (4,), (0, 5)) == Conflict((4,), (0, 5), ((4,), (3, 1)))


@pytest.mark.parametrize(
    ("on", "off"),
    [
        ((0, 2), (1, 3)),  # sides: parallel, and apart
        ((0,), (1, 2)),  # a corner
        ((5,), (0, 4)),  # on the line, but outside
        ((0, 1, 4), (2, 3)),  # a point too many: its multipliers are not unique
    ],
)
def test_others_are_refused(on: tuple[int, ...], off: tuple[int, ...]) -> None:
    assert proved_conflict(SQUARE, on, off) is None


def test_equal_points_of_both_classes_are_a_conflict() -> None:
    assert proved_conflict([(3, 7), (3, 7)], (0,), (1,)) == Conflict((0,), (1,), ((1,), (1,)))


@pytest.mark.parametrize("size", [1, 2, 5, 9])
def test_null_vectors_of_matrices_of_large_numbers(size: int) -> None:
    rng = np.random.default_rng(size)
    for _ in range(20):
        columns = [tuple(int(v) * 10**12 + 7 for v in rng.integers(-999, 1000, size + 2)) for _ in range(size)]
        factors = [int(v) for v in rng.integers(1, 9, size)]
        last = tuple(-sum(f * c[r] for f, c in zip(factors, columns, strict=True)) for r in range(size + 2))
        at = int(rng.integers(size + 1))
        null = null_vector([*columns[:at], last, *columns[at:]])
        assert null is not None
        expected = [*factors[:at], 1, *factors[at:]]
        assert [v * expected[0] for v in null] == [v * null[0] for v in expected]


def test_none_or_many_null_vectors_are_none() -> None:
    assert null_vector([(1, 0), (0, 1)]) is None
    assert null_vector([(1, 0), (2, 0), (3, 0)]) is None
