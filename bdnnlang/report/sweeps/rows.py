"""A sweep as rows: the values of each point and what its run came to, and the means over seeds and folds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from bdnnlang.network.numbers import shown
from bdnnlang.run.facts import BoundReported, Fact, NetworkFound, StageStarted
from bdnnlang.run.status import RunStatus

NUMBERS = (
    *("loss", "objective", "bound", "gap"),
    *("train_accuracy", "validation_accuracy", "test_accuracy", "seconds"),
)
IN_RUN_JSON = {"loss": "verified_loss", "objective": "verified_objective"}  # where `result` has another name for it


class PointState(StrEnum):
    """How far a point is."""

    WAITING = "waiting"
    INTERRUPTED = "interrupted"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point, named as its run folder in that of the sweep, and what its run came to as `run.json` has it."""

    name: str
    values: Mapping[str, str]  # of the members, as `-D` takes them
    spec_sha256: str  # of its effective spec
    state: PointState = PointState.WAITING
    status: RunStatus | None = None
    numbers: Mapping[str, float | int | None] = field(default_factory=dict)  # by `NUMBERS`
    why: str = ""  # what went wrong


@dataclass(frozen=True, slots=True)
class PointProgress:
    """What is known of a point while it runs."""

    stage: str = ""
    objective: float | int | None = None
    bound: float | None = None

    def after(self, fact: Fact) -> PointProgress:
        """What is known once a fact is."""
        match fact:
            case StageStarted():
                return replace(self, stage=fact.stage, bound=None)
            case NetworkFound(_, incumbent):
                return replace(self, objective=shown(incumbent.objective))
            case BoundReported():
                return replace(self, bound=fact.bound)
            case _:
                return self


class Follower(Protocol):
    """Is told what becomes of a sweep."""

    def kept(self, rows: Sequence[PointRow], /) -> None:
        """These points have ended in an earlier run."""

    def now(self, row: PointRow, progress: PointProgress, /) -> None:
        """A point that runs is so far."""

    def ended(self, row: PointRow, /) -> None:
        """A point has ended, failed or been interrupted."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and sample deviation (None of a single value) of `count` values."""

    count: int
    mean: float
    deviation: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """The points that differ in seeds and folds only."""

    values: Mapping[str, str]
    points: int
    ended: int
    spreads: Mapping[str, Spread]  # by `NUMBERS`, of the points that have one


@dataclass(frozen=True, slots=True)
class SweepTable:
    """All rows. `repetitions`: the members that only repeat a run with other seeds or folds."""

    members: tuple[str, ...]
    repetitions: tuple[str, ...]
    rows: tuple[PointRow, ...]

    def groups(self) -> Iterator[Group]:
        """In the order of their first points; none where nothing is repeated."""
        kept = [name for name in self.members if name not in self.repetitions]
        of: dict[tuple[str, ...], list[PointRow]] = {}
        for row in self.rows if self.repetitions else ():
            of.setdefault(tuple(row.values[name] for name in kept), []).append(row)
        for key, rows in of.items():
            ended = [row for row in rows if row.state is PointState.ENDED]
            yield Group(dict(zip(kept, key, strict=True)), len(rows), len(ended), _spreads(ended))

    @property
    def failed(self) -> tuple[PointRow, ...]:
        return tuple(row for row in self.rows if row.state is PointState.FAILED)

    @property
    def is_whole(self) -> bool:
        """Has every point ended, well or not?"""
        return all(row.state in (PointState.ENDED, PointState.FAILED) for row in self.rows)


def best(table: SweepTable, most: int) -> list[PointRow]:
    """Of the points that have ended the best, in their order: by validation accuracy where they have one, else by objective."""
    ended = [row for row in table.rows if row.state is PointState.ENDED]
    kept = sorted(ended, key=_rank)[:most]
    return [row for row in ended if row in kept]


def _rank(row: PointRow) -> tuple[float, float]:
    """The test part has no say."""
    accuracy, objective = row.numbers.get("validation_accuracy"), row.numbers.get("objective")
    return -(accuracy or 0.0), math.inf if objective is None else objective


def _spreads(rows: Sequence[PointRow]) -> dict[str, Spread]:
    found = {}
    for name in NUMBERS:
        values = [float(value) for row in rows if (value := row.numbers.get(name)) is not None]
        if values:
            found[name] = Spread(len(values), statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else None)
    return found


def numbers_of(result: Mapping[str, Any]) -> dict[str, float | int | None]:
    """Those of a row, from `result` of a `run.json`."""
    return {name: result[IN_RUN_JSON.get(name, name)] for name in NUMBERS}
