"""One display for all points of a sweep: on a terminal a live line for each that runs, and a line for each that has ended."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import TracebackType
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from bdnnlang.network.numbers import shown
from bdnnlang.report.sweeps.rows import PointRow, PointState
from bdnnlang.report.text_table import counted, percent
from bdnnlang.run.facts import BoundReported, Fact, NetworkFound, StageStarted


@dataclass
class _Running:
    """What is known of a point that runs."""

    began: float
    stage: str = ""
    loss: float | int | None = None
    bound: float | None = None


class SweepProgress:
    """Called with a fact of a point's run, or with None once its row has changed."""

    def __init__(self, points: int, stream: TextIO) -> None:
        self.console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self.points, self.ended, self.began = points, 0, time.monotonic()
        self.running: dict[str, _Running] = {}
        self.live = Live(console=self.console, refresh_per_second=4, transient=True, get_renderable=self._lines)

    def __enter__(self) -> SweepProgress:
        if self.console.is_terminal:
            self.live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self.console.is_terminal:
            self.live.stop()

    def __call__(self, row: PointRow, fact: Fact | None) -> None:
        if fact is None:
            self.running.pop(row.name, None)
            self._ended(row)
            return
        running = self.running.setdefault(row.name, _Running(time.monotonic()))
        match fact:
            case StageStarted():
                running.stage, running.bound = fact.stage, None
            case NetworkFound(_, incumbent):
                running.loss = shown(incumbent.objective)
            case BoundReported():
                running.bound = fact.bound
            case _:
                pass

    def _ended(self, row: PointRow) -> None:
        if row.state in (PointState.ENDED, PointState.FAILED):
            self.ended += 1
        self.console.print(f"{self.ended:{len(str(self.points))}} of {self.points}  {row_line(row)}", soft_wrap=True)

    def _lines(self) -> RenderableType:
        now = time.monotonic()
        head = f"{self.ended} of {counted(self.points, 'point')}, {len(self.running)} running, {now - self.began:.0f} s"
        lines = [head, *(_line(name, one, now) for name, one in self.running.items())]
        return Group(*(Text(line, style="dim") for line in lines))


def _line(name: str, one: _Running, now: float) -> str:
    loss = "–" if one.loss is None else f"{one.loss:,.6g}"
    bound = "" if one.bound is None else f"   bound {one.bound:.2f}"
    return f"  {name}  {one.stage}  {now - one.began:.0f} s   loss {loss}{bound}"


def row_line(row: PointRow) -> str:
    """A point that has ended, in a line."""
    if row.state is not PointState.ENDED or row.status is None:
        return f"{row.name}: {row.state.value}" + (f": {row.why}" if row.why else "")
    numbers = row.numbers
    shares = [f"{part} {percent(share)}" for part in ("train", "test") if (share := numbers.get(f"{part}_accuracy")) is not None]
    said = [row.status.value.replace("_", " "), f"loss {numbers['loss']:,.6g}", *shares, f"{numbers['seconds']:.1f} s"]
    return f"{row.name}: {', '.join(said)}"
