"""The words of `run.json` and of journals: files of earlier runs have them, so none is renamed or taken away."""

from __future__ import annotations

import json

import pytest

from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.solve.outcome import Status

WORDS_OF_RUNS = "optimal, optimal_at_margin, feasible, claim_rejected, infeasible, no_network, interrupted"
WORDS_OF_STAGES = (
    "optimal, optimal_at_margin, gap reached, local_optimum, feasible, infeasible, unbounded, no_solution, interrupted, "
    "claim_rejected, failed"
)


def test_the_words_in_files() -> None:
    assert ", ".join(RunStatus) == WORDS_OF_RUNS
    assert ", ".join(StageStatus) == WORDS_OF_STAGES
    assert json.dumps(StageStatus.GAP_REACHED) == '"gap reached"'


@pytest.mark.parametrize("said", Status)
def test_a_step_ends_as_its_solve_did(said: Status) -> None:
    assert StageStatus(said).name == said.name


def test_what_is_proved() -> None:
    assert [status for status in RunStatus if status.is_proved] == [RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN]
    assert all(StageStatus(status).claims_optimum for status in RunStatus if status.is_proved)
