"""Which settings suit which problem."""

from __future__ import annotations

from types import SimpleNamespace

from bdnnlang.search.meanfield import MeanFieldSettings, defaults


def settings(rows: int, hidden: tuple[int, ...]) -> MeanFieldSettings:
    """Of a problem with so many samples; nothing else of them is looked at."""
    return defaults(SimpleNamespace(samples=range(rows), widths=(3, *hidden, 1)))  # type: ignore[arg-type]


def test_narrow_networks_take_more_and_larger_steps() -> None:
    wide, narrow = settings(10, (100,)), settings(10, (10, 10))
    assert narrow.steps > wide.steps
    assert narrow.rate > wide.rate
    assert settings(10, ()) == narrow


def test_each_sample_is_seen_ten_times_if_that_takes_no_ages() -> None:
    few, many = settings(9_000, (100,)), settings(20_000, (100,))
    assert few.steps == 1_500
    assert many.steps * many.batch >= 10 * 20_000
    assert settings(200_000, (100,)).steps == 20_000
