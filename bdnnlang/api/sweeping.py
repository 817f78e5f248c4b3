"""A spec is run at many points, in a Python program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bdnnlang import compiler
from bdnnlang.api.folders import read_run
from bdnnlang.api.result import Result
from bdnnlang.api.specs import tell
from bdnnlang.api.training import check_time, interruptible
from bdnnlang.budget import Interrupt
from bdnnlang.files import write_text
from bdnnlang.folder.storage import Intent
from bdnnlang.language.composition.points import Point
from bdnnlang.report.sweeps.as_json import point_json
from bdnnlang.report.sweeps.rows import PointProgress, PointRow, PointState, SweepTable
from bdnnlang.report.sweeps.text import report_text
from bdnnlang.sweep import execute
from bdnnlang.sweep.folder import default_folder, latest
from bdnnlang.workers.jobs import Workers


@dataclass(frozen=True)
class SweepResult:
    """What a sweep came to: `rows`, one a point, `summary`, the means over seeds and folds, and the run folders in `folder`.

    Both are lists of dicts, as in `sweep.json` (docs/sweeps.md), ready for `pandas.DataFrame`.
    """

    folder: Path
    rows: tuple[Mapping[str, Any], ...]
    summary: tuple[Mapping[str, Any], ...]
    table: SweepTable = field(repr=False)

    def results(self) -> Iterator[Result]:
        """Those of the points that have ended, in order, read from their folders."""
        for row in self.table.rows:
            if row.state is PointState.ENDED:
                yield read_run(self.folder / row.name)

    def report_html(self, path: str | Path) -> Path:
        """Write the sweep as one HTML page: its tables and accuracies, and its best runs in full. Raises CannotRead, OSError."""
        from bdnnlang.sweep.reported import sweep_html

        write_text(Path(path), sweep_html(self.folder))
        return Path(path)

    def __str__(self) -> str:
        """The tables as `bdnnc run` prints them."""
        return report_text(self.table)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from bdnnlang.api.html import sweep_piece

        return sweep_piece(self.table)


def run_sweep(
    spec: str | Path,
    folder: str | Path | None = None,
    define: Mapping[str, object] | None = None,
    *,
    time: float | None = None,
    workers: int = 1,
    resume: bool = False,
) -> SweepResult:
    """Run a spec, in a file, at each point of its block `sweep`, as `bdnnc run` does, and write the run folders below `folder`.

    `folder` None: `runs/<spec>-<hash>`, where the hash is that of what the points mean. `define` gives values to params as `-D`
    does; a list or range of values, be it of one, makes a sweep. `time`: seconds for the schedule of each point, in place of the
    spec's. `workers`: processes that run points. `resume` carries on with the sweep in `folder`, if there is one; else, where it
    holds one, this one goes to `folder-2`. Ctrl-C ends the runs and keeps what they have. A point that fails is a row with `why`.
    Raises SpecError, CannotRead, ValueError for a spec without a sweep or a time that is none, OSError.
    """
    path = Path(spec)
    points = _points(path, define or {}, time)
    place = default_folder(path, points) if folder is None else Path(folder)
    interrupt = Interrupt()
    origin = {"created": datetime.now(UTC).isoformat(timespec="seconds"), "command": ""}
    with interruptible(interrupt):
        done = execute.run_sweep(
            points,
            path,
            folder=latest(place) if resume and folder is None else place,
            interrupt=interrupt,
            follower=_Silent(),
            intent=Intent.RESUME if resume else Intent.NEW,
            workers=Workers(workers),
            origin=origin,
        )
    rows = tuple(point_json(row) for row in done.table.rows)
    return SweepResult(done.folder, rows, tuple(done.json["summary"]), done.table)


def _points(path: Path, define: Mapping[str, object], time: float | None) -> Sequence[Point]:
    check_time(time)
    lists = {name: value for name, value in define.items() if isinstance(value, list | tuple | range)}
    spec, points, odd = compiler.read_points(path, [f"{name}={_written(value)}" for name, value in define.items()])
    alone = tuple((name, _written(value)) for name, value in lists.items() if len(value) == 1)  # `-D` takes it for no member
    if alone:
        points = tuple(replace(point, values=(*alone, *point.values)) for point in points or (Point((), spec),))
    members = [name for name, _ in points[0].values] if points else []
    if texts := [name for name in lists if name not in members]:
        raise ValueError(f"`{texts[0]}` is declared as a string, which takes a list in the block `sweep` only")
    if not points:
        raise ValueError("the spec has no sweep: add a block `sweep`, or give a param a list of values")
    tell(odd)
    return points if time is None else [replace(point, spec=compiler.limited(point.spec, time)) for point in points]


def _written(value: object) -> str:
    """As `-D` takes it."""
    if isinstance(value, list | tuple | range):
        return ",".join(map(_written, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Silent:
    """Follows a sweep and says nothing."""

    def kept(self, rows: Sequence[PointRow]) -> None:
        pass

    def now(self, row: PointRow, progress: PointProgress) -> None:
        pass

    def ended(self, row: PointRow) -> None:
        pass
