"""Groups of equal samples, however many there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdnnlang.data.dataset import row_groups


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(st.integers(-1, 2), min_size=n, max_size=n), min_size=1)))
def test_groups_are_numbered_by_their_features(rows: list[list[int]]) -> None:
    distinct = sorted(set(map(tuple, rows)))
    for kind in (np.int16, np.float64):
        assert row_groups(np.array(rows, dtype=kind)).tolist() == [distinct.index(tuple(row)) for row in rows]


@pytest.mark.parametrize("rows", [np.zeros((7, 3)), np.zeros((1, 0)), np.arange(20.0).reshape(10, 2)[::-1]], ids=len)
def test_groups_of_equal_and_of_different_rows(rows: np.ndarray) -> None:
    found = row_groups(rows)
    assert np.array_equal(found, np.zeros(len(rows))) or found.tolist() == list(range(len(rows)))[::-1]
