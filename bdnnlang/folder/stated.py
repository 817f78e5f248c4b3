"""What `bdnnc verify` takes from `run.json` as it stands there: what happened, and where. Everything else is computed anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bdnnlang.run.records import Imported, StageRecord
from bdnnlang.run.status import RunStatus


@dataclass(frozen=True, slots=True)
class StatedSpec:
    OTHERS: ClassVar = True

    path: str  # relative to the run folder
    params: dict[str, bool | int | float | str]


@dataclass(frozen=True, slots=True)
class StatedResult:
    OTHERS: ClassVar = True

    status: RunStatus
    solver: str
    solver_reason: str
    solver_advice: str | None
    seconds: float
    network: str | None
    network_sha256: str | None
    interrupted: bool | None = None  # of schema 1 the status says it


@dataclass(frozen=True, slots=True)
class Stated:
    OTHERS: ClassVar = True

    schema: int
    bdnnc: str
    versions: dict[str, str]
    spec: StatedSpec
    stages: tuple[StageRecord, ...]
    result: StatedResult
    imported: Imported | None = None
    created: str | None = None
    command: str | None = None
