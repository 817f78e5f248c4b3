"""One point of a sweep: its run folder is written, carried on, or taken as it is, and becomes a row."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import CannotRead, training_problem
from bdnnlang.data.load import load
from bdnnlang.diagnostics import Rejected
from bdnnlang.files import reason
from bdnnlang.folder.data import data_folder
from bdnnlang.folder.execute import run_spec
from bdnnlang.folder.storage import Intent, published
from bdnnlang.report.sweeps.rows import PointProgress, PointRow, PointState, numbers_of
from bdnnlang.run.status import RunStatus
from bdnnlang.workers.talk import HungUpError, Line

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.language.spec import DataSpec, Spec
    from bdnnlang.run.facts import Emit, Fact

LOOK = 0.25  # seconds between two words of a worker to the sweep


@dataclass(frozen=True)
class PointRun:
    """What is to be run: a point's spec, the file that it comes from, and where."""

    row: PointRow
    spec: Spec
    path: Path
    folder: Path
    intent: Intent
    command: str = ""


@dataclass(frozen=True)
class PointJob:
    """A point for a worker, its number, and the line on which it says how far it is and hears whether to stop."""

    number: int
    asked: PointRun
    line: Line


def run_here(interrupt: Interrupt, job: PointJob) -> PointRow:
    """In this process."""
    progress = PointProgress()

    def emit(fact: Fact) -> None:
        nonlocal progress
        progress = progress.after(fact)
        job.line.say((job.number, progress))

    return run_point(job.asked, emit, interrupt)


def run_elsewhere(job: PointJob) -> PointRow:
    """In a process of a worker, which asks the sweep whether to stop."""
    from bdnnlang.budget import Interrupt

    talk = _Talk(job, Interrupt())
    with talk:
        return run_point(job.asked, talk.emit, talk.interrupt)


@dataclass
class _Talk:
    """A thread that says how far a point is, until it is over."""

    job: PointJob
    interrupt: Interrupt
    progress: PointProgress = field(default_factory=PointProgress)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> None:
        threading.Thread(target=self._talk, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.over.set()

    def emit(self, fact: Fact) -> None:
        self.progress = self.progress.after(fact)

    def _talk(self) -> None:
        while not self.over.wait(LOOK):
            try:
                stops = self.job.line.say((self.job.number, self.progress))
            except HungUpError:
                stops = True
            if stops:
                self.interrupt.request()
                return


def run_point(asked: PointRun, emit: Emit, interrupt: Interrupt) -> PointRow:
    """What it comes to; whatever goes wrong, but for a bug of ours, is in the row."""
    from bdnnlang.budget import Abandoned, Patience

    try:
        with interrupt.within(Patience.NONE):
            data = _read(asked.spec.data, data_folder(asked.path, asked.spec))
            training = training_problem(asked.spec, data)
        done = run_spec(
            training,
            asked.path,
            folder=asked.folder,
            emit=emit,
            interrupt=interrupt,
            intent=asked.intent,
            command=asked.command,
        )
        return row_of(asked.row, done.json["result"])
    except Abandoned:
        return asked.row
    except Rejected as rejected:
        return failed(asked.row, f"{rejected.diagnostics[0].code}: {rejected.diagnostics[0].message}")
    except CannotRead as error:
        return failed(asked.row, str(error))
    except OSError as error:
        return failed(asked.row, f"cannot write {asked.folder}: {reason(error)}")
    except MemoryError:
        return failed(asked.row, "out of memory")


@lru_cache(maxsize=1)  # one point after another may have the same
def _read(spec: DataSpec, folder: Path) -> Dataset:
    return load(spec, folder)


def kept_row(row: PointRow, folder: Path) -> PointRow | None:
    """That of a run which has ended there already; None: there is none, or none of this spec."""
    try:
        run: dict[str, Any] = json.loads(published(folder, "run.json").read_bytes())
        if run["spec"]["sha256"] != row.spec_sha256 or run["result"]["interrupted"]:
            return None
        return row_of(row, run["result"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def row_of(row: PointRow, result: dict[str, Any]) -> PointRow:
    """The row with what `result` of its `run.json` says. A run without a network has failed, whatever the reason."""
    status = RunStatus(result["status"])
    if result["interrupted"]:
        return replace(row, state=PointState.INTERRUPTED, status=status, numbers=numbers_of(result))
    if result["network"] is None:
        return replace(failed(row, f"it found no network: {status.value.replace('_', ' ')}"), status=status)
    return replace(row, state=PointState.ENDED, status=status, numbers=numbers_of(result))


def failed(row: PointRow, why: str) -> PointRow:
    return replace(row, state=PointState.FAILED, why=" ".join(why.split())[:500])
