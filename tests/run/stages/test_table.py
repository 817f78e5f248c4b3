"""The table of stages: every setting of a schedule has one stage, and it says of it what a plan prints."""

from __future__ import annotations

import pytest

from bdnnlang.language.spec import DataSplit, Exact, LocalSearch, Preference, Prove, StageSpec, asks_solver
from bdnnlang.run.stages import STAGES, stage_of

EVERY: tuple[StageSpec, ...] = (
    LocalSearch(),
    LocalSearch(method="alternate"),
    DataSplit(),
    Exact(),
    Prove(),
    Preference("margin"),
)


@pytest.mark.parametrize("settings", EVERY, ids=str)
def test_each_of_them_is_taken_by_one_stage(settings: StageSpec) -> None:
    assert [stage.takes(settings) for stage in STAGES].count(True) == 1
    assert stage_of(settings).takes(settings)


def test_each_stage_takes_one_of_them() -> None:
    assert {type(settings) for settings in EVERY} == set(StageSpec.__args__)  # type: ignore[attr-defined]
    assert [sum(stage.takes(settings) for settings in EVERY) for stage in STAGES] == [1] * len(STAGES)


@pytest.mark.parametrize("settings", EVERY, ids=str)
def test_the_spec_knows_who_asks_a_solver(settings: StageSpec) -> None:
    """It is asked before the stages are imported, so that a solver starts early."""
    assert stage_of(settings).needs_solver == asks_solver(settings)


@pytest.mark.parametrize(
    ("settings", "words", "seconds"),
    [
        (LocalSearch(5.0), "auto", 5.0),
        (LocalSearch(None, "coordinate", restarts=2, sweeps=3), "coordinate, 2 restarts, 3 sweeps", None),
        (
            LocalSearch(None, "meanfield", steps=90, noise=0.25, select="validation"),
            "meanfield, 90 steps, noise 0.25, by validation accuracy",
            None,
        ),
        (LocalSearch(None, "alternate", restarts=2, node_limit=9), "alternate, 2 restarts, 9 nodes a solve", None),
        (DataSplit(splits=3, minibatch=4, step_time=2.0), "3 splits of 4 samples", 6.0),
        (DataSplit(30.0, splits=3, node_limit=7), "3 splits, 7 nodes a solve", 30.0),
        (Exact("rest", node_limit=5), "5 nodes", "rest"),
        (Exact(node_limit=5, warm_start=False), "5 nodes, without a start", None),
        (Exact(), "", None),
        (Prove("rest"), "", "rest"),
        (Prove(9.0, parts=3), "3 parts", 9.0),
    ],
)
def test_what_there_is_to_say_of_it(settings: StageSpec, words: str, seconds: float | str | None) -> None:
    stage = stage_of(settings)
    limit = settings.most_seconds if isinstance(settings, DataSplit) else settings.time
    assert (stage.describe(settings), limit) == (words, seconds)
