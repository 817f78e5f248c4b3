"""The points of a sweep are run, and its tables are written as they end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import read_data
from bdnnlang.folder.execute import seen_from
from bdnnlang.folder.storage import Intent
from bdnnlang.language.composition.points import Point
from bdnnlang.language.composition.repetitions import repetitions
from bdnnlang.report.sweeps.as_json import sweep_json
from bdnnlang.report.sweeps.rows import PointRow, PointState, SweepTable
from bdnnlang.sweep.folder import SweepPlace, opened, waiting_rows
from bdnnlang.sweep.point import PointRun, run_point

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.language.spec import Spec
    from bdnnlang.run.facts import Fact

PAUSE = 2.0  # seconds between two times that the tables are written

Follow = Callable[[PointRow, "Fact | None"], None]  # a fact of a point's run; None: the row has changed


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
    follow: Follow,
    intent: Intent = Intent.NEW,
    origin: dict[str, Any],
    say: Callable[[str], None] = lambda text: None,
) -> SweepFinished:
    """Run each point in a folder of its own in `folder`, which may get a number; `say` tells.

    `origin`: `created` and `command`. A point that fails is a row with its reason. Once `interrupt` asks to stop no point begins.
    Raises CannotRead where the folder may not be used, OSError where it cannot.
    """
    rows = waiting_rows(points)
    members = tuple(name for name, _ in points[0].values)
    with opened(folder, intent, rows) as place:
        if place.note:
            say(place.note)
        known = _Known(place, SweepTable(members, repetitions(points), rows), {**origin, "spec": seen_from(place.folder, path)})
        known.write()
        read = _Memory()
        for number, (row, point) in enumerate(zip(rows, points, strict=True)):
            if interrupt.count:
                break
            asked = PointRun(row, point.spec, path, place.folder / row.name, intent, origin["command"])
            ended = run_point(asked, partial(follow, row), interrupt, read)
            known.change(number, ended)
            follow(ended, None)
        return SweepFinished(known.table, place.folder, known.write())


@dataclass
class _Known:
    """What is known of a sweep, on the disk as well."""

    place: SweepPlace
    table: SweepTable
    origin: dict[str, Any]
    written: float = 0.0

    def change(self, number: int, row: PointRow) -> None:
        rows = [row if i == number else other for i, other in enumerate(self.table.rows)]
        self.table = replace(self.table, rows=tuple(rows))
        if row.state is not PointState.WAITING and time.monotonic() - self.written > PAUSE:
            self.write()

    def write(self) -> dict[str, Any]:
        """The content of `sweep.json`."""
        content = sweep_json(self.table, self.origin)
        self.place.write(self.table, content)
        self.written = time.monotonic()
        return content


@dataclass
class _Memory:
    """Data that one point after another has are read once."""

    last: tuple[tuple[Any, Path], Dataset] | None = None

    def __call__(self, spec: Spec, folder: Path) -> Dataset:
        if self.last is None or self.last[0] != (spec.data, folder):
            self.last = (spec.data, folder), read_data(spec, folder)
        return self.last[1]
