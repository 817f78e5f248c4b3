"""The rows of the scorecard work; a hundredth of their trials is tried here, `make score` tries all."""

from __future__ import annotations

import pytest

from score.__main__ import score
from score.rows import ROWS, Row

SHARE = 0.01
EARLY = 32  # a trial whose kill comes within half a second: in row 19 of stage `exact`, after two that are finished
KILLS = (10, 19)  # rows


@pytest.mark.parametrize("share", [SHARE, pytest.param(4 * SHARE, marks=pytest.mark.slow)])
@pytest.mark.parametrize("row", [row for row in ROWS if not row.alone], ids=lambda row: f"row{row.number}")
def test_some_trials(row: Row, share: float) -> None:
    assert score(row, share, workers=1).failures == ()


@pytest.mark.parametrize("number", [EARLY, pytest.param(0, marks=pytest.mark.slow)])
@pytest.mark.parametrize("row", [row for row in ROWS if row.number in KILLS], ids=lambda row: f"row{row.number}")
def test_a_kill_at_a_random_moment(row: Row, number: int) -> None:
    """The scorecard has fifty and more of them."""
    assert row.trial(number) == ""


def test_a_failure_is_counted_and_named() -> None:
    odd = Row(99, "even numbers", lambda number: "odd" if number % 2 else "", 10)
    found = score(odd, 0.5, workers=1)
    assert (found.tried, found.failures) == (5, ())
    found = score(odd, 1, workers=1)
    assert (found.tried, len(found.failures), found.failures[0]) == (10, 5, "1: odd")
    assert "5 of 10" in found.line


def test_an_exception_is_a_failure() -> None:
    assert (
        score(Row(99, "nothing works", lambda number: str(1 // 0), 1), 1, workers=1)
        .failures[0]
        .startswith("0: ZeroDivisionError")
    )
