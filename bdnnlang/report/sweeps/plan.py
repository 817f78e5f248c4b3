"""What a sweep will take, before it is run."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from bdnnlang.language.printing import duration
from bdnnlang.language.spec import Spec
from bdnnlang.report.plan import most_seconds
from bdnnlang.report.text_table import counted


def sweep_seconds(specs: Sequence[Spec], workers: int = 1) -> float | None:
    """At most, each worker taking the next one when it is done; None where a run has no limit."""
    ends = [0.0] * min(workers, len(specs))
    for spec in specs:
        limit = most_seconds(spec)
        if limit is None:
            return None
        heapq.heapreplace(ends, ends[0] + limit)
    return max(ends, default=0.0)


def sweep_line(specs: Sequence[Spec], workers: int = 1) -> str:
    """How many runs, and how long the schedules of all of them can take."""
    points, seconds = counted(len(specs), "point"), sweep_seconds(specs, workers)
    if seconds is None:
        return f"a sweep of {points}, without a limit of time"
    beside = f" with {workers} workers" if workers > 1 else ""
    return f"a sweep of {points}, whose schedules take at most {spoken(seconds)}{beside}"


def spoken(seconds: float) -> str:
    """To the second, and from an hour on to the minute."""
    if seconds < 60:
        return duration(round(seconds, 1))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}min" + (f"{rest}s" if rest else "")
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,}h" + (f"{minutes}min" if minutes else "")
