"""What a sweep will take, before it is run."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.language.printing import duration
from bdnnlang.language.spec import Spec
from bdnnlang.report.plan import most_seconds
from bdnnlang.report.text_table import counted


def sweep_seconds(specs: Sequence[Spec]) -> float | None:
    """At most, one run after the other; None where a run has no limit."""
    limits = [most_seconds(spec) for spec in specs]
    known = [limit for limit in limits if limit is not None]
    return sum(known) if len(known) == len(limits) else None


def sweep_line(specs: Sequence[Spec], workers: int = 1) -> str:
    """How many runs, and how long the schedules of all of them can take."""
    seconds = sweep_seconds(specs)
    if seconds is None:
        return f"a sweep of {counted(len(specs), 'point')}, without a limit of time"
    beside = f", {spoken(seconds / workers)} with {workers} workers" if workers > 1 else ""
    return f"a sweep of {counted(len(specs), 'point')}, at most {spoken(seconds)} of schedules{beside}"


def spoken(seconds: float) -> str:
    """To the second, and from an hour on to the minute."""
    if seconds < 60:
        return duration(round(seconds, 1))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}min" + (f"{rest}s" if rest else "")
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,}h" + (f"{minutes}min" if minutes else "")
