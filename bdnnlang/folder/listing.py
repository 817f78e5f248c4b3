"""The run folders below a folder, each in a line: read from `run.json` alone, so that many of them are listed at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from bdnnlang.compiler import CannotRead
from bdnnlang.folder.contents import SCHEMAS, read_text
from bdnnlang.folder.storage import JOURNAL, NEW, PENDING, is_locked, published
from bdnnlang.network.numbers import Rational
from bdnnlang.run.status import RunStatus
from bdnnlang.strict_json import Malformed, parse, read

MOST_DEPTH = 2  # levels below the folder: runs of a sweep lie in a folder of theirs
MARKS = ("run.json", JOURNAL, PENDING)  # one of which every run has


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended, as its `run.json` states it. `replaced`: another run is at work to take its place."""

    folder: Path
    created: str  # ISO 8601, UTC; empty: not known, of version 0.1
    spec: str
    status: RunStatus
    loss: Rational | None
    objective: Rational | None
    bound: Rational | None
    gap: float | None
    seconds: float
    train_accuracy: float | None
    test_accuracy: float | None
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """A run that is at work now."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run that was killed: `--resume` carries on with it."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder with the files of a run that cannot be read, and why."""

    folder: Path
    reason: str


Listed = Ended | Running | Stopped | Unreadable


def list_runs(folder: Path) -> list[Listed]:
    """All runs in a folder or below, by date; then those that have not ended, and those that cannot be read.

    Raises CannotRead where there is no such folder.
    """
    if not folder.is_dir():
        raise CannotRead(f"{folder} is not a folder" if folder.exists() else f"there is no folder {folder}")
    return sorted((_line(run) for run in _runs(folder, MOST_DEPTH)), key=_order)


def _order(line: Listed) -> tuple[int, str, str]:
    kinds = (Ended, Stopped, Running, Unreadable)
    return kinds.index(type(line)), line.created if isinstance(line, Ended) else "", str(line.folder)


def _runs(folder: Path, depth: int) -> Iterator[Path]:
    """The run folders, of which none lies in another."""
    if any(os.path.lexists(folder / name) for name in MARKS):
        yield folder
        return
    if depth < 0:
        return
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name[0] != ".")
    except OSError:  # not ours to read
        return
    for name in names:
        yield from _runs(folder / name, depth - 1)


def _line(folder: Path) -> Listed:
    has_ended = os.path.lexists(published(folder, "run.json"))
    if not has_ended:
        return Running(folder) if is_locked(folder) else Stopped(folder)
    try:
        return _ended(folder)
    except (CannotRead, Malformed) as error:
        return Unreadable(folder, str(error))


@dataclass(frozen=True, slots=True)
class _Spec:
    OTHERS: ClassVar = True

    path: str


@dataclass(frozen=True, slots=True)
class _Result:
    """What `result` of `run.json` states. `verified_objective` is not in files of version 0.1."""

    OTHERS: ClassVar = True

    status: RunStatus
    verified_loss: int | Fraction | None
    bound: int | Fraction | None
    gap: float | None
    seconds: float
    train_accuracy: float | None
    test_accuracy: float | None
    verified_objective: int | Fraction | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    OTHERS: ClassVar = True

    schema: int
    spec: _Spec
    result: _Result
    created: str | None = None


def _ended(folder: Path) -> Ended:
    """Raises CannotRead, Malformed."""
    stated: _Run = read(_Run, parse(read_text(folder, "run.json")))
    if stated.schema not in SCHEMAS:
        raise Malformed(f"it has schema {stated.schema}, of a newer version")
    result = stated.result
    return Ended(
        folder=folder,
        created=stated.created or "",
        spec=stated.spec.path,
        status=result.status,
        loss=result.verified_loss,
        objective=result.verified_loss if result.verified_objective is None else result.verified_objective,
        bound=result.bound,
        gap=result.gap,
        seconds=result.seconds,
        train_accuracy=result.train_accuracy,
        test_accuracy=result.test_accuracy,
        replaced=(folder / NEW).exists() and is_locked(folder),
    )
