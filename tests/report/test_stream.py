"""The lines of `--json-stream`: what each fact says, and when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Evaluation, Incumbent
from bdnnlang.report.stream import Stream
from bdnnlang.run.facts import (
    BoundProved,
    BoundReported,
    ClaimRejected,
    Fact,
    ModelBuilt,
    NetworkFound,
    RunStarted,
    StageEnded,
    StageStarted,
)
from bdnnlang.run.status import StageStatus

INCUMBENT = Incumbent(Network((Layer(np.array([[1.0]]), np.array([0.0])),)), Evaluation(3, 1, certified=True, per_class=(1, 2)))
STARTED = StageStarted(1, "exact", 20.0, "scip")
MODEL = ModelBuilt("tight", 5, 4, 3, 2, 1e-4)
ENDED = StageEnded(1, "exact", 2.5, StageStatus.FEASIBLE, INCUMBENT, ("a note",), "SCIP 10", claimed_objective=4, nodes=7)


def lines(*facts: Fact) -> list[dict[str, Any]]:
    stream = Stream()
    return [line for fact in facts for line in stream(fact)]


def test_a_stage_starts_when_its_model_is_known() -> None:
    started = {"type": "stage", "event": "started", "stage": "exact", "solver": "scip", "formulation": "tight", "seconds": 20.0}
    size = {"columns": 5, "binaries": 4, "rows": 3, "nonzeros": 2}
    assert lines(STARTED) == []
    assert lines(STARTED, MODEL, MODEL) == [started | size]


@pytest.mark.parametrize("facts", [(StageStarted(0, "exact", 20.0),), (STARTED, BoundProved(0))])
def test_or_when_it_is_known_that_there_is_none(facts: tuple[Fact, ...]) -> None:
    (line,) = lines(*facts)
    assert (line["event"], line["stage"], line["solver"], line["formulation"], line["rows"]) == ("started", "exact", "", "", 0)


def test_a_stage_ends_with_its_record() -> None:
    """Of a run that is resumed as well: the stages before are not needed."""
    *_, line = lines(STARTED, MODEL, BoundProved(2, by="SCIP 10"), ENDED)
    known = {"type": "stage", "event": "ended", "stage": "exact", "solver": "SCIP 10", "seconds": 2.5, "status": "feasible"}
    known |= {"verified_loss": 3, "verified_objective": 4, "claimed_objective": 4, "bound": 2, "nodes": 7, "columns": 5}
    assert {name: line[name] for name in known} == known
    assert line["notes"] == ["a note"]


def test_networks_and_bounds() -> None:
    found = {"type": "incumbent", "seconds": 0.123, "verified_loss": 3, "verified_objective": 4, "by": "search"}
    assert lines(NetworkFound(0.12345, INCUMBENT, "search")) == [found]
    bound = {"type": "bound", "seconds": 0.5, "bound": 1.5, "nodes": 7, "solver": "scip"}
    assert lines(BoundReported(0.5, 1.5, 7, "scip")) == [bound]


@pytest.mark.parametrize("fact", [RunStarted({}), BoundProved(0), ClaimRejected("SCIP 10", "it does not hold"), MODEL])
def test_what_has_no_line(fact: Fact) -> None:
    assert lines(fact) == []
