"""One display for all points of a sweep: on a terminal a live line for each that runs, and a line for each that has ended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from bdnnlang.report.sweeps.rows import PointProgress, PointRow, PointState
from bdnnlang.report.text_table import counted, percent


class SweepProgress:
    """Follows a sweep."""

    def __init__(self, points: int, stream: TextIO) -> None:
        self.console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self.points, self.done, self.began = points, 0, time.monotonic()
        self.running: dict[str, tuple[float, PointProgress]] = {}  # since when each point runs, and how far it is
        self.live = Live(console=self.console, refresh_per_second=4, transient=True, get_renderable=self._lines)

    def __enter__(self) -> SweepProgress:
        if self.console.is_terminal:
            self.live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self.console.is_terminal:
            self.live.stop()

    def kept(self, rows: Sequence[PointRow]) -> None:
        self.done += len(rows)
        if rows:
            self.console.print(f"{len(rows)} of {counted(self.points, 'point')} ended before, and are kept", soft_wrap=True)

    def now(self, row: PointRow, progress: PointProgress) -> None:
        since, _ = self.running.get(row.name, (time.monotonic(), None))
        self.running[row.name] = since, progress

    def ended(self, row: PointRow) -> None:
        self.running.pop(row.name, None)
        self.done += row.state in (PointState.ENDED, PointState.FAILED)
        self.console.print(f"{self.done:{len(str(self.points))}} of {self.points}  {row_line(row)}", soft_wrap=True)

    def _lines(self) -> RenderableType:
        now = time.monotonic()
        head = f"{self.done} of {counted(self.points, 'point')}, {len(self.running)} running, {now - self.began:.0f} s"
        lines = [head, *(_line(name, progress, now - since) for name, (since, progress) in self.running.items())]
        return Group(*(Text(line, style="dim") for line in lines))


def _line(name: str, progress: PointProgress, seconds: float) -> str:
    objective = "–" if progress.objective is None else f"{progress.objective:,.6g}"
    bound = "" if progress.bound is None else f"   bound {progress.bound:.2f}"
    return f"  {name}  {progress.stage}  {seconds:.0f} s   loss {objective}{bound}"


def row_line(row: PointRow) -> str:
    """A point that has ended, in a line."""
    if row.state is not PointState.ENDED or row.status is None:
        return f"{row.name}: {row.state.value}" + (f": {row.why}" if row.why else "")
    numbers = row.numbers
    shares = [f"{part} {percent(share)}" for part in ("train", "test") if (share := numbers.get(f"{part}_accuracy")) is not None]
    said = [row.status.value.replace("_", " "), f"loss {numbers['loss']:,.6g}", *shares, f"{numbers['seconds']:.1f} s"]
    return f"{row.name}: {', '.join(said)}"
