"""Arrays in few bytes, and in blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdnnlang import arrays
from bdnnlang.arrays import compact, row_blocks


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0.0, 255.0], np.uint8),
        ([0.0, 256.0], np.int16),
        ([-1.0, 3.0], np.int16),
        ([-32768.0, 32767.0], np.int16),
        ([0.0, 32768.0], np.float64),
        ([0.5, 1.0], np.float64),
        ([np.nan, 1.0], np.float64),
        ([np.inf, 1.0], np.float64),
        ([], np.float64),
    ],
)
def test_numbers_take_as_few_bytes_as_hold_them(values: list[float], kind: type) -> None:
    found = compact(np.array(values, dtype=np.float64))
    assert found.dtype == kind
    assert np.array_equal(found.astype(np.float64), values, equal_nan=True)


@given(rows=st.integers(0, 50), columns=st.integers(0, 9), most=st.integers(1, 40))
def test_blocks_are_all_rows_in_order(rows: int, columns: int, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "AT_ONCE", most)
        blocks = list(row_blocks(rows, columns))
    assert blocks
    assert [i for block in blocks for i in range(rows)[block]] == list(range(rows))
    assert all(block.stop - block.start <= max(1, most // max(1, columns)) for block in blocks)
