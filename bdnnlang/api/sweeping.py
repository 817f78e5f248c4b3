"""A spec is run at many points, in a Python program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang import compiler
from bdnnlang.api.folders import read_run
from bdnnlang.api.result import Result
from bdnnlang.api.specs import tell
from bdnnlang.api.training import interruptible
from bdnnlang.budget import Interrupt
from bdnnlang.folder.storage import Intent
from bdnnlang.report.sweeps.as_json import point_json
from bdnnlang.report.sweeps.rows import PointProgress, PointRow, PointState, SweepTable
from bdnnlang.report.sweeps.text import report_text
from bdnnlang.sweep import execute
from bdnnlang.workers.jobs import Workers

if TYPE_CHECKING:
    from bdnnlang.language.composition.points import Point


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

    def __str__(self) -> str:
        """The tables as `bdnnc run` prints them."""
        return report_text(self.table)


def run_sweep(
    spec: str | Path, folder: str | Path, define: Mapping[str, object] | None = None, *, workers: int = 1, resume: bool = False
) -> SweepResult:
    """Run a spec, in a file, at each point of its block `sweep`, as `bdnnc run` does, and write the run folders below `folder`.

    `define` gives values to params as `-D` does; a list or range of values makes a sweep. `workers`: processes that run points.
    `resume` carries on with the sweep in `folder`; else, where it holds one, this one goes to `folder-2`. Ctrl-C ends the runs
    and keeps what they have. A point that fails is a row with `why`. Raises SpecError, CannotRead, ValueError for a spec without
    a sweep, OSError.
    """
    path = Path(spec)
    points = _points(path, define or {})
    interrupt = Interrupt()
    origin = {"created": datetime.now(UTC).isoformat(timespec="seconds"), "command": ""}
    with interruptible(interrupt):
        done = execute.run_sweep(
            points,
            path,
            folder=Path(folder),
            interrupt=interrupt,
            follower=_Silent(),
            intent=Intent.RESUME if resume else Intent.NEW,
            workers=Workers(workers),
            origin=origin,
        )
    rows = tuple(point_json(row) for row in done.table.rows)
    return SweepResult(done.folder, rows, tuple(done.json["summary"]), done.table)


def _points(path: Path, define: Mapping[str, object]) -> Sequence[Point]:
    defines = [f"{name}={_written(value)}" for name, value in define.items()]
    _, points, odd = compiler.read_points(path, defines)
    if not points:
        raise ValueError("the spec has no sweep: add a block `sweep`, or give a param a list of values")
    tell(odd)
    return points


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
