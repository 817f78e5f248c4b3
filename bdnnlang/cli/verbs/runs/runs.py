"""`bdnnc runs`: the run folders in a folder, a line each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, assert_never

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, out, remark
from bdnnlang.folder.listing import Ended, Listed, Running, Stopped, Unreadable, list_runs
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.report.text_table import aligned, percent
from bdnnlang.strict_json import printable

HEAD = ("date (UTC)", "folder", "spec", "status", "loss", "objective", "bound", "seconds", "train", "test")
LEFT = (0, 1, 2, 3)
OBJECTIVE = HEAD.index("objective")
MOST_REASON = 300  # characters


def runs(args: Args) -> Exit:
    found = list_runs(args.folder)
    if args.format == "json":
        return out(json.dumps([_json(line) for line in found], indent=2, ensure_ascii=False))
    if not found:
        remark(f"no run folder in {args.folder}")
        return Exit.OK
    return out("\n".join(_lines(found, args.folder)))


def _lines(found: Sequence[Listed], folder: Path) -> list[str]:
    """A table of the runs that have ended, without objectives where they all are losses; below it the others."""
    ended = [line for line in found if isinstance(line, Ended)]
    rows = [HEAD, *(_row(line, folder) for line in ended)]
    if all(line.objective == line.loss for line in ended):
        rows = [(*row[:OBJECTIVE], *row[OBJECTIVE + 1 :]) for row in rows]
    others = [[_name(line, folder), _without_result(line)] for line in found if not isinstance(line, Ended)]
    parts = [aligned(rows, left=LEFT) if ended else [], aligned(others, left=(0, 1))]
    return [line for part in parts if part for line in ["", *part]][1:]


def _name(line: Listed, folder: Path) -> str:
    return printable(line.folder.relative_to(folder) if line.folder != folder else line.folder)


def _row(line: Ended, folder: Path) -> tuple[str, ...]:
    """Its cells, under `HEAD`."""
    date = printable(line.created[:16].replace("T", " ")) or "not known"
    status = line.status.value.replace("_", " ") + (", running again" if line.replaced else "")
    numbers = (_number(line.loss), _number(line.objective), _number(line.bound), f"{line.seconds:.1f}")
    spec = printable(Path(line.spec).name)
    return (date, _name(line, folder), spec, status, *numbers, percent(line.train_accuracy), percent(line.test_accuracy))


def _number(value: Rational | None) -> str:
    number = None if value is None else shown(value)
    return "–" if number is None else f"{number:.6g}" if isinstance(number, float) else f"{number:,}"


def _without_result(line: Listed) -> str:
    match line:
        case Running():
            return "running"
        case Stopped():
            return "not ended: `bdnnc run` with `--resume` carries on with it"
        case Unreadable(reason=reason):
            return f"cannot be read: {printable(reason, MOST_REASON)}"
        case Ended():
            raise AssertionError("it has a result")
        case _:
            assert_never(line)


def _json(line: Listed) -> dict[str, Any]:
    """Plain data; `status` is a word of its own for a run that has no result."""
    folder = str(line.folder)
    match line:
        case Ended():
            numbers = {name: _plain(getattr(line, name)) for name in ("loss", "objective", "bound")}
            others = {name: getattr(line, name) for name in ("gap", "seconds", "train_accuracy", "test_accuracy")}
            of = {"folder": folder, "status": line.status.value, "created": line.created or None, "spec": line.spec}
            return {**of, **numbers, **others, "running_again": line.replaced}
        case Running():
            return {"folder": folder, "status": "running"}
        case Stopped():
            return {"folder": folder, "status": "not_ended"}
        case Unreadable(reason=reason):
            return {"folder": folder, "status": "unreadable", "reason": reason}
        case _:
            assert_never(line)


def _plain(value: Rational | None) -> float | None:
    return None if value is None else shown(value)


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, default=Path("runs"), help="default: runs")
    parser.add_argument("--format", choices=("text", "json"), default="text")


VERB = Verb(_add_arguments, runs)
