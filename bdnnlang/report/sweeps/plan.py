"""What a sweep will take, before it is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.language.composition.cost import spoken, sweep_seconds
from bdnnlang.language.spec import Spec
from bdnnlang.report.text_table import counted


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """How many runs, and how long the schedules of all of them can take (None: no limit)."""

    points: int
    seconds: float | None
    workers: int = 1

    def __str__(self) -> str:
        points = counted(self.points, "point")
        if self.seconds is None:
            return f"{points}, a run each, without a limit of time"
        beside = f" with {self.workers} workers" if self.workers > 1 else ""
        return f"{points}, a run each, whose schedules take at most {spoken(self.seconds)}{beside}"


def plan_sweep(specs: Sequence[Spec], workers: int = 1) -> SweepPlan:
    return SweepPlan(len(specs), sweep_seconds(specs, workers), workers)
