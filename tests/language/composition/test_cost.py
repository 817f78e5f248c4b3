"""The longest time that a sweep can take."""

import pytest
from language.loading import MINIMAL, diagnostics_of, good

from bdnnlang.language.composition.cost import spoken, sweep_seconds
from bdnnlang.language.spec import Spec

SWEPT = MINIMAL.replace("hidden 2", "hidden n").replace("data", "param n = 2\ndata")


def timed(schedule: str) -> Spec:
    return good(MINIMAL.replace("exact 1min", schedule))


@pytest.mark.parametrize(
    ("schedule", "seconds"),
    [
        ("exact 1min, local_search 2s", 62.0),
        ("time = 10s, exact rest", 10.0),
        ("data_split { splits = 3, step_time = 2s }", 6.0),
        ("data_split 4s { splits = 3, step_time = 2s }", 4.0),
        ("local_search { restarts = 2 }", None),
    ],
)
def test_the_limit_of_a_schedule(schedule: str, seconds: float | None) -> None:
    assert timed(schedule).train.most_seconds == seconds


def test_each_worker_takes_the_next_point() -> None:
    specs = [timed(f"exact {seconds}s") for seconds in (3, 1, 1, 4)]
    assert sweep_seconds(specs) == 9
    assert sweep_seconds(specs, 2) == 6
    assert sweep_seconds(specs, 9) == 4
    assert sweep_seconds([*specs, timed("local_search { restarts = 2 }")], 2) is None


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.5, "0.5s"), (59, "59s"), (90, "1min30s"), (3599.7, "1h"), (28_800, "8h"), (5_400_060, "1,500h1min")]
)
def test_times_in_words(seconds: float, text: str) -> None:
    assert spoken(seconds) == text


def test_a_long_sweep_is_a_warning() -> None:
    assert good(SWEPT + "sweep { n in int[1, 480] }\n")
    (warning,) = diagnostics_of(SWEPT + "sweep { n in int[1, 97], cross_validate = 5 }\n")
    assert (warning.code, warning.message) == ("W208", "the sweep has 485 points of at most 1min, so it may take 8h5min")
