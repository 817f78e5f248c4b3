"""What a chart shows comes from facts: stages one after another, losses that fall, bounds that rise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bdnnlang.report.stated.trace import StageSpan, Trace, trace_of
from bdnnlang.run.records import StageRecord
from bdnnlang.run.status import StageStatus


def started(stage: str) -> dict[str, Any]:
    return {"fact": "StageStarted", "stage": stage, "seconds": 60.0}


def ended(seconds: float) -> dict[str, Any]:
    return {"fact": "StageEnded", "seconds": seconds}


def found(seconds: float, objective: object) -> dict[str, Any]:
    return {"fact": "NetworkFound", "seconds": seconds, "incumbent": {"objective": objective}}


def proved(value: object, scope: str = "Whole") -> dict[str, Any]:
    return {"fact": "BoundProved", "value": value, "scope": {"scope": scope}}


def said(seconds: float, bound: float) -> dict[str, Any]:
    return {"fact": "BoundReported", "seconds": seconds, "bound": bound}


def record(stage: str, seconds: float, objective: int, bound: int | None, margin: float | None = None) -> StageRecord:
    return StageRecord(
        stage,
        "",
        "",
        seconds,
        StageStatus.FEASIBLE,
        None,
        objective,
        bound,
        margin,
        None,
        0,
        0,
        0,
        0,
        verified_objective=objective,
    )


FACTS = [
    {"fact": "RunStarted"},
    proved(1),
    found(0.0, 50),
    started("local_search"),
    found(1.0, 9),
    found(1.5, 9),
    found(2.0, Decimal("7.5")),
    ended(4.0),
    started("exact"),
    said(1.0, 2.0),
    said(2.0, 1.5),
    found(3.0, 6),
    proved("9/2", "MarginAtLeast"),
    proved("7/2"),
    ended(6.0),
]


def test_a_run() -> None:
    trace = trace_of(FACTS, ())
    assert trace.stages == (StageSpan("local_search", 0.0, 4.0), StageSpan("exact", 4.0, 10.0))
    assert trace.objective == ((0.0, 50.0), (1.0, 9.0), (2.0, 7.5), (7.0, 6.0))
    assert trace.proved == ((0.0, 1.0), (7.0, 3.5))  # of all networks
    assert trace.reported == (((5.0, 2.0),),)  # the best that was said
    assert trace.seconds == 10.0


def test_networks_that_break_what_is_asked_are_left_out() -> None:
    assert trace_of(FACTS, (), least=7.5).objective == ((0.0, 50.0), (1.0, 9.0), (2.0, 7.5))


def test_of_several_runs_the_last() -> None:
    again = [{"fact": "RunStarted"}, started("exact"), found(1.0, 3), ended(2.0)]
    assert trace_of([*FACTS, *again], ()) == Trace((StageSpan("exact", 0.0, 2.0),), ((1.0, 3.0),), (), ())


@pytest.mark.parametrize(
    "odd",
    [
        found(1.0, "many"),
        found(1.0, None),
        found(1.0, True),
        {"fact": "NetworkFound", "seconds": 1.0, "incumbent": 3},
        {"fact": "BoundProved", "value": 3, "scope": "Whole"},
        {"fact": "BoundReported", "seconds": "1", "bound": 3},
        {"fact": "StageEnded"},
        found(1.0, Decimal("1e400")),
        {"fact": "Surprise", "seconds": 1.0},
        {},
    ],
)
def test_what_says_nothing_is_passed_over(odd: dict[str, Any]) -> None:
    assert trace_of([*FACTS[:-1], odd, FACTS[-1]], ()) == trace_of(FACTS, ())


@pytest.mark.parametrize("facts", [[], [{"loss": 3}], FACTS[:5]])
def test_without_facts_the_stages_say_where_they_ended(facts: list[dict[str, Any]]) -> None:
    records = [record("local_search", 2.0, 9, None), record("exact", 3.0, 4, 2), record("exact", 1.0, 4, 3, margin=0.5)]
    trace = trace_of(facts, records)
    assert [(stage.began, stage.ended) for stage in trace.stages] == [(0, 2), (2, 5), (5, 6)]
    assert trace.objective == ((2.0, 9.0), (5.0, 4.0))
    assert trace.proved == ((0.0, 0.0), (5.0, 2.0))
