"""What a run tells while it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bdnnlang.problem.training import Incumbent
from bdnnlang.run.records import StageRecord, StepRecord


@dataclass(frozen=True, slots=True)
class StageStarted:
    stage: str
    solver: str
    formulation: str
    seconds: float | None
    columns: int
    binaries: int
    rows: int
    nonzeros: int


@dataclass(frozen=True, slots=True)
class NewIncumbent:
    """`loss` is verified."""

    seconds: float
    incumbent: Incumbent


@dataclass(frozen=True, slots=True)
class BoundRaised:
    seconds: float
    bound: float
    nodes: int
    solver: str


@dataclass(frozen=True, slots=True)
class StepEnded:
    """`number` counts the steps of the stage from 1."""

    stage: str
    number: int
    record: StepRecord


@dataclass(frozen=True, slots=True)
class StageEnded:
    """`network`: the one whose loss the record states."""

    record: StageRecord
    network: Incumbent | None = None


Event = StageStarted | StepEnded | NewIncumbent | BoundRaised | StageEnded
Listener = Callable[[Event], None]
