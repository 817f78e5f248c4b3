"""Where a program can go: files that any solver reads (`files/`), and solvers that run here (`solvers/`).

A new one is one file in its folder and one entry in its table; nothing is imported before it is used.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from bdnnlang.solve.outcome import (
    Abilities,
    Accepts,
    Event,
    FoundSolution,
    Limits,
    NewBound,
    OptionRefusedError,
    Outcome,
    PrimalHeuristic,
    Status,
    UnsupportedModelError,
)
from bdnnlang.solve.solvers import SOLVERS, Library, Program, SolverModule, available, version

if TYPE_CHECKING:
    from bdnnlang.arrays import Floats
    from bdnnlang.model.milp import Milp
    from bdnnlang.solve.pool import Needs

Naming = Literal["long", "short"]

__all__ = [
    "FILE_FORMATS",
    "SOLVERS",
    "Abilities",
    "Accepts",
    "Description",
    "Event",
    "FileFormat",
    "FoundSolution",
    "Library",
    "Limits",
    "NewBound",
    "OptionRefusedError",
    "Outcome",
    "PrimalHeuristic",
    "Program",
    "SolverModule",
    "Status",
    "UnsupportedModelError",
    "available",
    "describe",
    "prepare",
    "refusal",
    "save",
    "save_starts",
    "solve",
    "version",
    "write",
]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format: `module` has `write(milp, stream, …)`."""

    module: str
    is_linear: bool = True  # it holds no cones and no squares
    is_whole: bool = False  # it holds whole numbers and bounded integers only
    has_names: bool = True  # columns and rows have their names there


FILE_FORMATS: dict[str, FileFormat] = {  # by the ending of the file's name
    "mps": FileFormat("bdnnlang.solve.files.mps"),
    "lp": FileFormat("bdnnlang.solve.files.lp"),
    "opb": FileFormat("bdnnlang.solve.files.opb", is_whole=True, has_names=False),
    "cip": FileFormat("bdnnlang.solve.solvers.scip", is_linear=False),
}


@dataclass(frozen=True, slots=True)
class Description:
    """A solver in words and truths, for people and for scripts."""

    name: str
    version: str | None  # None: it is not installed
    kind: str  # library or program
    takes: str
    start: bool
    bounds: bool
    keeps: bool
    nodes: bool
    formulations: tuple[str, ...]
    free_licence: str | None  # how large a program the licence of its package takes; None: it needs none
    install: str


def describe(name: str) -> Description:
    """A solver of the table as it is here."""
    entry = SOLVERS[name]
    accepts, abilities = entry.accepts, entry.abilities
    rows = "rows and implications" if accepts.conditional else "rows"
    rows += ", cones" if accepts.cones else ""
    columns = "bounded integer columns" if accepts.integer_only else "integer and continuous columns"
    return Description(
        name=name,
        version=version(name),
        kind="program" if isinstance(entry.brought, Program) else "library",
        takes=f"{columns}, {rows}",
        start=abilities.start,
        bounds=abilities.bounds,
        keeps=abilities.keeps,
        nodes=abilities.nodes,
        formulations=("tight", "paper") if accepts.paper else ("tight",),
        free_licence=None if entry.free is None else entry.free.words,
        install=entry.install,
    )


def refusal(name: str, milp: Milp) -> str | None:
    """Why this solver must not be given this program, or None."""
    entry = SOLVERS[name]
    if milp.conditional and not entry.accepts.conditional:
        return f"{name} takes no conditional rows"
    if milp.cones and not entry.accepts.cones:
        return f"{name} takes no cones"
    if milp.col_square is not None and not entry.accepts.squares:
        return f"{name} takes no quadratic costs"
    if not entry.accepts.integer_only:
        return None
    why: str | None = importlib.import_module(entry.module).refusal(milp)
    return why


def prepare(name: str, ahead: tuple[str, ...] = ()) -> None:
    """Have a process of this solver wait for the next solve, unless one does. It imports the modules `ahead` too."""
    from bdnnlang.solve import pool

    if available(name):
        pool.prepare(_needs(SOLVERS[name]), ahead)


def _needs(entry: SolverModule) -> Needs:
    from bdnnlang.solve.pool import Needs

    return Needs(entry.module, entry.brought.module)


def solve(
    name: str,
    milp: Milp,
    limits: Limits,
    start: Floats | None,
    on_event: Callable[[Event], None],
    stop: Callable[[], bool],
    log: Path | None = None,
    improve: PrimalHeuristic | None = None,
) -> Outcome:
    """Solve in a process of its own; whatever happens to that, the outcome says it.

    `start` (columns,) is ignored where it is infeasible, otherwise the result is never worse. `on_event` is called for
    better solutions and bounds; `stop` about ten times a second, and once it says True the answer comes within about
    two seconds. What the solver prints is appended to `log`. `improve` goes along to that process, and is asked for solutions now
    and then by a solver that accepts it. Raises UnsupportedModelError for what the solver does not take, and OptionRefusedError
    for a parameter among `limits.options` that it does not know, or that is ours to set.
    """
    from bdnnlang.solve import process

    entry = SOLVERS[name]
    if not milp.is_finite:
        raise UnsupportedModelError("a number of the program is not finite")
    if why := refusal(name, milp):
        raise UnsupportedModelError(why)
    if start is not None and start.shape != (milp.columns,):
        raise UnsupportedModelError(f"a start of shape {start.shape} for {milp.columns} columns")
    if not available(name):
        reason = f"{name} is not installed: {entry.install}"
        return Outcome(Status.FAILED, None, None, None, None, 0.0, name, reason)
    improve = improve if entry.accepts.improve else None
    return process.run(_needs(entry), milp, limits, start, on_event, stop, log, improve)


def write(name: str, milp: Milp, stream: BinaryIO, *, names: Naming = "long", comments: Sequence[str] = ()) -> None:
    """Write to a stream in a file format. Raises ValueError for what it cannot hold."""
    importlib.import_module(FILE_FORMATS[name].module).write(milp, stream, names=names, comments=comments)


def save(name: str, milp: Milp, path: Path | str, *, names: Naming = "long", comments: Sequence[str] = ()) -> None:
    """Write to a file, all or nothing; `-` is standard output, a name in `.gz` is packed.

    Each of `comments` becomes a comment line near the head of the file, or several where it is long.
    """
    from bdnnlang.solve.files.text import opened  # needs numpy

    with opened(path) as stream:
        write(name, milp, stream, names=names, comments=comments)


def save_starts(milp: Milp, x: Floats, model: Path, *, names: Naming = "long") -> None:
    """Write the point `x` (columns,) as a start for other solvers, in all forms, beside the file of the program."""
    from bdnnlang.solve.files import starts

    starts.save(milp, x, model, names=names)
