"""The points of a sweep are run, here or by workers, and its tables are written as they end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.folder.execute import seen_from
from bdnnlang.folder.storage import Intent
from bdnnlang.language.composition.points import Point
from bdnnlang.language.composition.repetitions import repetitions
from bdnnlang.report.sweeps.as_json import sweep_json
from bdnnlang.report.sweeps.rows import Follower, PointProgress, PointRow, PointState, SweepTable
from bdnnlang.sweep.folder import SweepPlace, opened, waiting_rows
from bdnnlang.sweep.point import PointJob, PointRun, failed, kept_row, run_elsewhere, run_here
from bdnnlang.workers.jobs import STOPPED, Lost, Workers, results
from bdnnlang.workers.talk import line_for

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt

HERE = Workers()
PAUSE = 2.0  # seconds between two times that the tables are written


@dataclass(frozen=True)
class SweepFinished:
    """A sweep that has ended, and its folder."""

    table: SweepTable
    folder: Path
    json: dict[str, Any]  # that of `sweep.json`


def run_sweep(
    points: Sequence[Point],
    path: Path,
    *,
    folder: Path,
    interrupt: Interrupt,
    follower: Follower,
    intent: Intent = Intent.NEW,
    workers: Workers = HERE,
    origin: dict[str, Any],
    say: Callable[[str], None] = lambda text: None,
) -> SweepFinished:
    """Run each point in a folder of its own in `folder`, which may get a number; `say` tells.

    `origin`: `created` and `command`. A point that fails is a row with its reason. Once `interrupt` asks to stop no point begins,
    and those that run keep what they have. Raises CannotRead where the folder may not be used, OSError where it cannot,
    NoClusterError.
    """
    rows = waiting_rows(points)
    members = tuple(name for name, _ in points[0].values)
    with opened(folder, intent, rows) as place:
        if place.note:
            say(place.note)
        known = _Known(place, SweepTable(members, repetitions(points), rows), {**origin, "spec": seen_from(place.folder, path)})
        if intent is Intent.RESUME:
            known.keep()
            follower.kept(known.kept)
        known.write()
        asked = [_asked(row, point, path, place, intent, origin) for row, point in zip(known.table.rows, points, strict=True)]
        _run([one for one in asked if one.row.state is PointState.WAITING], known, workers, interrupt, follower)
        return SweepFinished(known.table, place.folder, known.write())


def _asked(row: PointRow, point: Point, path: Path, place: SweepPlace, intent: Intent, origin: dict[str, Any]) -> PointRun:
    """With whole paths: a worker may stand in another folder."""
    whole = path.absolute() if path.is_file() else path
    return PointRun(row, point.spec, whole, place.folder.absolute() / row.name, intent, origin["command"])


def _run(asked: Sequence[PointRun], known: _Known, workers: Workers, interrupt: Interrupt, follower: Follower) -> None:
    def answer(message: tuple[int, PointProgress]) -> bool:
        """To a point that says how far it is: is it to stop?"""
        number, progress = message
        follower.now(asked[number].row, progress)
        return interrupt.count > 0

    with line_for(workers, answer) as (line, serve):

        def stop() -> bool:
            serve()
            return interrupt.count > 0

        jobs = [PointJob(number, one, line) for number, one in enumerate(asked)]
        function = run_elsewhere if min(workers.count, len(jobs)) > 1 or workers.dask else partial(run_here, interrupt)
        for outcome in results(function, jobs, workers, stop):
            row = _row(asked[outcome.number].row, outcome) if isinstance(outcome, Lost) else outcome.value
            known.change(row)
            if row.state is not PointState.WAITING:
                follower.ended(row)


def _row(row: PointRow, lost: Lost) -> PointRow:
    """Of a point whose worker did not come back."""
    return row if lost.why == STOPPED else failed(row, lost.why)


@dataclass
class _Known:
    """What is known of a sweep, on the disk as well."""

    place: SweepPlace
    table: SweepTable
    origin: dict[str, Any]
    written: float = 0.0

    def keep(self) -> None:
        """The rows of points that have ended before."""
        rows = (kept_row(row, self.place.folder / row.name) or row for row in self.table.rows)
        self.table = replace(self.table, rows=tuple(rows))

    @property
    def kept(self) -> tuple[PointRow, ...]:
        return tuple(row for row in self.table.rows if row.state is not PointState.WAITING)

    def change(self, row: PointRow) -> None:
        self.table = replace(self.table, rows=tuple(row if row.name == one.name else one for one in self.table.rows))
        if time.monotonic() - self.written > PAUSE:
            self.write()

    def write(self) -> dict[str, Any]:
        """The content of `sweep.json`."""
        content = sweep_json(self.table, self.origin)
        self.place.write(self.table, content)
        self.written = time.monotonic()
        return content
