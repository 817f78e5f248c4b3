"""One point of a sweep: its run folder is written, carried on, or taken as it is, and becomes a row."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import CannotRead, read_data, training_problem
from bdnnlang.diagnostics import Rejected
from bdnnlang.files import reason
from bdnnlang.folder.data import data_folder
from bdnnlang.folder.execute import run_spec
from bdnnlang.folder.storage import Intent, published
from bdnnlang.report.sweeps.rows import PointRow, PointState, numbers_of
from bdnnlang.run.status import RunStatus

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.language.spec import Spec
    from bdnnlang.run.facts import Emit

ReadData = Callable[["Spec", Path], "Dataset"]


@dataclass(frozen=True)
class PointRun:
    """What is to be run: a point's spec, the file that it comes from, and where."""

    row: PointRow
    spec: Spec
    path: Path
    folder: Path
    intent: Intent
    command: str = ""


def run_point(asked: PointRun, emit: Emit, interrupt: Interrupt, read: ReadData = read_data) -> PointRow:
    """What it comes to; whatever goes wrong, but for a bug of ours, is in the row."""
    from bdnnlang.budget import Abandoned, Patience

    if asked.intent is Intent.RESUME and (kept := kept_row(asked.row, asked.folder)) is not None:
        return kept
    try:
        with interrupt.within(Patience.NONE):
            training = training_problem(asked.spec, read(asked.spec, data_folder(asked.path, asked.spec)))
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
