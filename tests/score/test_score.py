"""A tenth of the scorecard; `make score` tries all of it."""

from __future__ import annotations

import pytest

from score.__main__ import score
from score.rows import ROWS, Row


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row{row.number}")
def test_a_tenth(row: Row) -> None:
    assert score(row, 0.1, workers=1).failures == ()
