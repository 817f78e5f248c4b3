"""How the gap between incumbent and bound went, as a line of bars."""

from __future__ import annotations

from dataclasses import dataclass, field

from bdnnlang.network.numbers import Rational
from bdnnlang.report.steps import BARS

BARS_SHOWN = 10  # so that the line fits 80 columns


def gap(objective: Rational | None, bound: Rational | float | None) -> float | None:
    """(objective − bound) / objective, between 0 and 1; None where one of them is not known."""
    if objective is None or bound is None:
        return None
    return min(1.0, max(0.0, float((objective - bound) / objective))) if objective > 0 else 0.0


@dataclass
class GapHistory:
    """The gaps of a run and the seconds since when they are so."""

    changes: list[tuple[float, float]] = field(default_factory=list)

    def add(self, seconds: float, value: float | None) -> None:
        """None says nothing; a gap that is as it was changes nothing."""
        if value is not None and (not self.changes or self.changes[-1][1] != value):
            self.changes.append((seconds, value))

    def line(self, seconds: float) -> str:
        """Bars at even times until now, full for a gap of 100 %, and the gap now: `█▆▃▁ 12.5 %`; empty if none is known."""
        if not self.changes:
            return ""
        first = self.changes[0][0]
        times = (first + (seconds - first) * (k + 1) / BARS_SHOWN for k in range(BARS_SHOWN))
        bars = (BARS[round(self._at(time) * (len(BARS) - 1))] for time in times)
        return f"{''.join(bars)} {100 * self.changes[-1][1]:.1f} %"

    def _at(self, seconds: float) -> float:
        """The gap at a time, that at the first one before it is known."""
        return next((value for time, value in reversed(self.changes) if time <= seconds), self.changes[0][1])
