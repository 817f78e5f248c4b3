"""How long a sweep can take."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.composition.sweep import points_of
from bdnnlang.language.composition.values import MOST_POINTS
from bdnnlang.language.printing import duration
from bdnnlang.language.reading.value_errors import LongSweep
from bdnnlang.language.spec import Spec, SweepSpec

LONG = 8 * 3600.0  # seconds


def long_sweep(spec: Spec, sweep: SweepSpec) -> Iterator[Diagnostic]:
    """A warning about one that takes more than a night, as long as a run of the params' own values may take."""
    count, each = points_of(sweep), spec.train.most_seconds
    if each is not None and count <= MOST_POINTS and count * each > LONG:
        span = sweep.span or sweep.members[0].span
        yield LongSweep(span=span, points=count, whole=spoken(count * each), each=spoken(each))


def sweep_seconds(specs: Sequence[Spec], workers: int = 1) -> float | None:
    """At most, each worker taking the next one when it is done; None where a run has no limit."""
    ends = [0.0] * min(workers, len(specs))
    for spec in specs:
        limit = spec.train.most_seconds
        if limit is None:
            return None
        heapq.heapreplace(ends, ends[0] + limit)
    return max(ends, default=0.0)


def spoken(seconds: float) -> str:
    """To the second, and from an hour on to the minute."""
    if seconds < 60:
        return duration(round(seconds, 1))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}min" + (f"{rest}s" if rest else "")
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,}h" + (f"{minutes}min" if minutes else "")
