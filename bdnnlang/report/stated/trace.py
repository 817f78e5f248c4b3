"""How objective and bound went over the time of a run, from the facts in its journal or, where there are none, its stages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bdnnlang.run.facts import BoundProved, BoundReported, NetworkFound, RunStarted, StageEnded, StageStarted, Whole
from bdnnlang.run.records import StageRecord
from bdnnlang.strict_json import QUOTIENT

Entry = Mapping[str, Any]  # a fact, as `fact_json` makes it or a journal holds it
Points = tuple[tuple[float, float], ...]  # seconds and value


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stage, in seconds since the run began."""

    name: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Trace:
    """`proved`: bounds over all networks. `reported`: of each stage what its solver said, of its model, while it worked."""

    stages: tuple[StageSpan, ...] = ()
    objective: Points = ()
    proved: Points = ()
    reported: tuple[Points, ...] = ()

    @property
    def seconds(self) -> float:
        times = [t for series in (self.objective, self.proved, *self.reported) for t, _ in series]
        return max([*times, *(stage.ended for stage in self.stages)], default=0.0)


def trace_of(entries: Iterable[Entry], records: Sequence[StageRecord], least: float | None = None) -> Trace:
    """What the facts say of the last run, or where there are none of it, what its stages say of their ends.

    `least`: networks of a lesser objective are left out, as they break what is asked, where something is.
    """
    facts = list(entries)
    starts = [number for number, entry in enumerate(facts) if entry.get("fact") == RunStarted.__name__]
    reading = _Reading(-math.inf if least is None else least)
    for entry in facts[starts[-1] :] if starts else ():
        reading.take(entry)
    found = reading.trace()
    return found if found.stages and found.objective else _of_stages(records)


def _of_stages(records: Sequence[StageRecord]) -> Trace:
    """Where each stage ended."""
    spans, objective, proved, now = [], [], [(0.0, 0.0)], 0.0
    for record in records:
        spans.append(StageSpan(record.stage, now, now + record.seconds))
        now += record.seconds
        if record.verified_objective is not None:
            objective.append((now, float(record.verified_objective)))
        if record.bound is not None and record.margin is None:
            proved.append((now, float(record.bound)))
    return Trace(tuple(spans), _least(objective), _greatest(proved), ())


@dataclass
class _Reading:
    """Facts, one after another."""

    least: float
    spans: list[StageSpan] = field(default_factory=list)
    objective: list[tuple[float, float]] = field(default_factory=list)
    proved: list[tuple[float, float]] = field(default_factory=list)
    reported: list[list[tuple[float, float]]] = field(default_factory=list)
    name: str = ""
    began: float = 0.0
    now: float = 0.0

    def take(self, entry: Entry) -> None:
        """A fact that does not say what it should is passed over."""
        match entry.get("fact"), _number(entry.get("seconds")):
            case StageStarted.__name__, _:
                self.name, self.began = str(entry.get("stage")), self.now
                self.reported.append([])
            case NetworkFound.__name__, float(seconds):
                self._found(seconds, entry)
            case BoundReported.__name__, float(seconds):
                self._says(seconds, _number(entry.get("bound")))
            case BoundProved.__name__, _:
                self._proves(entry)
            case StageEnded.__name__, float(seconds):
                self.now = max(self.now, self.began + seconds)
                self.spans.append(StageSpan(self.name, self.began, self.now))
            case _:
                pass

    def _at(self, seconds: float) -> float:
        self.now = max(self.now, self.began + max(0.0, seconds))
        return self.now

    def _found(self, seconds: float, entry: Entry) -> None:
        incumbent = entry.get("incumbent")
        value = _number(incumbent.get("objective")) if isinstance(incumbent, Mapping) else None
        if value is not None and value >= self.least:
            self.objective.append((self._at(seconds), value))

    def _says(self, seconds: float, value: float | None) -> None:
        if value is not None and self.reported:
            self.reported[-1].append((self._at(seconds), value))

    def _proves(self, entry: Entry) -> None:
        value, scope = _number(entry.get("value")), entry.get("scope")
        if value is not None and isinstance(scope, Mapping) and scope.get("scope") == Whole.__name__:
            self.proved.append((self.now, value))

    def trace(self) -> Trace:
        reported = tuple(_greatest(one) for one in self.reported if one)
        return Trace(tuple(self.spans), _least(self.objective), _greatest(self.proved), reported)


def _least(points: Iterable[tuple[float, float]]) -> Points:
    """Those that are less than all before."""
    kept: list[tuple[float, float]] = []
    for time, value in points:
        if not kept or value < kept[-1][1]:
            kept.append((time, value))
    return tuple(kept)


def _greatest(points: Iterable[tuple[float, float]]) -> Points:
    """Those that are greater than all before."""
    return tuple((time, -value) for time, value in _least((time, -value) for time, value in points))


def _number(value: object) -> float | None:
    if isinstance(value, str) and QUOTIENT.fullmatch(value):
        value = Fraction(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
