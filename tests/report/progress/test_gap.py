"""The line of a gap: bars at even times, and the number now."""

from fractions import Fraction

import pytest

from bdnnlang.report.progress.gap import BARS_SHOWN, GapHistory, gap


@pytest.mark.parametrize(
    ("objective", "bound", "found"),
    [
        (8, 2.0, 0.75),
        (Fraction(9, 2), Fraction(9, 4), 0.5),
        (3, 3, 0.0),
        (3, 4.5, 0.0),
        (0, 0, 0.0),
        (4, -1.0, 1.0),
        (None, 1, None),
        (1, None, None),
    ],
)
def test_a_gap(objective: int | Fraction | None, bound: float | Fraction | None, found: float | None) -> None:
    assert gap(objective, bound) == found


def test_a_line() -> None:
    history = GapHistory()
    assert history.line(3.0) == ""
    history.add(0.0, None)
    assert history.line(3.0) == ""
    for seconds, value in ((0.0, 1.0), (4.0, 1.0), (8.0, 0.5), (12.0, 0.0)):
        history.add(seconds, value)
    assert len(history.changes) == 3  # one said nothing new
    assert history.line(20.0) == "███▅▅▁▁▁▁▁ 0.0 %"
    assert history.line(12.0) == "██████▅▅▅▁ 0.0 %"


def test_it_begins_when_a_gap_is_known() -> None:
    history = GapHistory()
    history.add(100.0, 0.25)
    assert history.line(100.0) == "▃" * BARS_SHOWN + " 25.0 %"
    history.add(108.0, 0.0)
    assert history.line(116.0) == "▃▃▃▃▁▁▁▁▁▁ 0.0 %"
