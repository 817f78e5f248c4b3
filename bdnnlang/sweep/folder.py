"""The folder of a sweep: locked while it runs; a run folder for each point, and the tables of all of them."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bdnnlang.compiler import STANDARD_INPUT, CannotRead
from bdnnlang.files import write_text
from bdnnlang.folder.data import SWEEP
from bdnnlang.folder.storage import Intent, Locks, names
from bdnnlang.language.composition.points import Point
from bdnnlang.language.effective import effective
from bdnnlang.report.as_json import sha256
from bdnnlang.report.sweeps.as_json import sweep_csv
from bdnnlang.report.sweeps.rows import PointRow, SweepTable
from bdnnlang.report.sweeps.text import report_text

TABLE, CSV, REPORT = SWEEP, "sweep.csv", "report.txt"
MOST_NAME = 120  # characters of a point's folder


@dataclass(frozen=True)
class SweepPlace:
    """A folder that is locked for a sweep; `note`: why it is not the one that was asked for."""

    folder: Path
    note: str | None = None

    def write(self, table: SweepTable, content: dict[str, Any]) -> None:
        """All three tables, each whole or not at all; `content`: of `sweep.json`. Raises OSError."""
        write_text(self.folder / CSV, sweep_csv(table))
        write_text(self.folder / REPORT, report_text(table))
        write_text(self.folder / TABLE, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def default_folder(path: Path, points: Sequence[Point]) -> Path:
    """`runs/<spec>-<hash of the points' effective texts>`."""
    name = "stdin" if str(path) == STANDARD_INPUT else path.stem
    return Path("runs") / f"{name}-{sha256(json.dumps([effective(point.spec) for point in points]))[:8]}"


def waiting_rows(points: Sequence[Point]) -> tuple[PointRow, ...]:
    """The rows of points that have not begun, each with the name of its folder, which no other has."""
    rows: dict[str, PointRow] = {}
    for number, point in enumerate(points, start=1):
        plain = re.sub(r"[^\w.,=+%-]+", "_", point.name, flags=re.ASCII).strip("._") or "point"
        name = plain if plain == point.name and len(plain) <= MOST_NAME and plain not in rows else f"{plain[:MOST_NAME]}-{number}"
        rows[name] = PointRow(name, dict(point.values), sha256(effective(point.spec)))
    return tuple(rows.values())


@contextmanager
def opened(wanted: Path, intent: Intent, rows: Sequence[PointRow]) -> Iterator[SweepPlace]:
    """The folder of a sweep with these rows. Raises CannotRead where it may not be used, OSError."""
    with Locks() as locks:
        if intent is Intent.NEW or not _holds_something(wanted):
            yield _free(wanted, locks)
            return
        if not locks.take(wanted):
            raise CannotRead(f"another sweep is writing to {wanted}: wait for it, or name another folder with `--out`")
        _check_same(wanted, rows)
        yield SweepPlace(wanted)


def _free(wanted: Path, locks: Locks) -> SweepPlace:
    """The first of `wanted`, `wanted-2`, … that is empty and that nobody writes to."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    for folder in names(wanted):
        folder.mkdir(exist_ok=True)
        if locks.take(folder) and not _holds_something(folder):
            return SweepPlace(folder, None if folder == wanted else f"{wanted} is in use: this sweep goes to {folder}")
        if folder == wanted and not is_sweep(folder):
            raise CannotRead(f"{folder} is not empty and holds no sweep: name another folder with `--out`")
    raise AssertionError("numbers do not end")


def _check_same(folder: Path, rows: Sequence[PointRow]) -> None:
    if not is_sweep(folder):
        raise CannotRead(f"{folder} holds no sweep: name another folder with `--out`")
    try:
        points = json.loads((folder / TABLE).read_bytes())["points"]
        there = [(point["folder"], point["spec_sha256"]) for point in points]
    except (OSError, ValueError, KeyError, TypeError):
        there = []
    if there != [(row.name, row.spec_sha256) for row in rows]:
        raise CannotRead(f"{folder} holds a sweep over other points: name another folder with `--out`")


def latest(wanted: Path) -> Path:
    """The one of `wanted`, `wanted-2`, … that was written last."""
    there = list(itertools.takewhile(is_sweep, names(wanted)))
    return there[-1] if there else wanted


def is_sweep(folder: Path) -> bool:
    """Does a folder hold the table of a sweep?"""
    return (folder / TABLE).is_file()


def _holds_something(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
