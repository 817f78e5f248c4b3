"""What verbs share: exit codes, reading the spec, and where output goes.

Standard output carries the product only; diagnostics, progress and remarks go to standard error.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args
from bdnnlang.cli.document import Document, FileReport
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.files import overwritten, reason, write_text
from bdnnlang.language.composition.points import Point
from bdnnlang.language.spec import Spec, SweepSpec
from bdnnlang.render import Style, render

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset


class Exit(IntEnum):
    """The exit code of a process (docs/architecture.md 8)."""

    OK = 0
    REJECTED = 1
    USAGE = 2
    NO_NETWORK = 3
    DISAGREES = 4
    ENVIRONMENT = 5
    INTERNAL = 70
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


def spec_of(args: Args) -> Spec:
    """The spec with the command line's overrides, params at one value each; its warnings are shown. Raises CannotRead."""
    spec, _ = points_of(args)
    if lists := [text for text in args.define if spec.sweep and _sweeps(text, spec.sweep)]:
        raise CannotRead(f"`-D {lists[0]}` makes a sweep, which `bdnnc {args.verb}` does not take: give one value")
    return spec


def _sweeps(define: str, sweep: SweepSpec) -> bool:
    return any(member.is_listed and define.partition("=")[0].strip() == member.name for member in sweep.members)


def points_of(args: Args) -> tuple[Spec, tuple[Point, ...]]:
    """The same, and the points of its sweep, none where it has none."""
    spec, points, warnings = compiler.read_points(args.spec, args.define, sets_of(args))
    show_diagnostics(warnings, args)
    if (time := getattr(args, "time", None)) is not None:
        spec = compiler.limited(spec, time)
        points = tuple(replace(point, spec=compiler.limited(point.spec, time)) for point in points)
    return spec, points


def sets_of(args: Args) -> list[str]:
    """The settings that the command line overrides, with `--set` or by a flag of their own."""
    names = ("threads", "seed", "solver", "formulation")
    own = [f"train.{name}={value}" for name in names if (value := getattr(args, name, None))]
    without = getattr(args, "without", None)
    return [*args.set, *own, *([f"train.without=[{', '.join(without)}]"] if without else [])]


def data_of(args: Args, spec: Spec) -> Dataset:
    """The data of the spec that the command line names; those of a run folder may lie beside it."""
    from bdnnlang.folder.data import data_folder

    return compiler.read_data(spec, data_folder(args.spec, spec))


_document: Document | None = None  # of the verb that runs, if `--output json` asks for one


@contextmanager
def documented(args: Args) -> Iterator[Document]:
    """What is said within the block goes into the document and not to standard error."""
    global _document
    _document = Document(args.verb)
    named = next((getattr(args, name) for name in ("spec", "run", "table") if getattr(args, name, None)), None)
    if named is not None:
        _document.files.append(FileReport(str(named)))
    try:
        yield _document
    finally:
        _document = None


def begin_file(path: Path, args: Args) -> None:
    """Diagnostics from here on are about this file."""
    if _document is not None:
        _document.files.append(FileReport(str(path), is_strict=getattr(args, "strict", False)))


def add_data(facts: dict[str, Any]) -> None:
    """What the data of the file hold that was begun last."""
    if _document is not None:
        _document.files[-1].data = facts


def cannot_read(error: CannotRead) -> Exit:
    """A file that the command line names cannot be read."""
    if _document is None or not _document.files:
        return fail(str(error), Exit.USAGE)
    _document.files[-1].error = str(error)
    return Exit.USAGE


def show_diagnostics(diagnostics: Sequence[Diagnostic], args: Args) -> None:
    """On standard error, or in the document."""
    if _document is not None:
        _document.add(diagnostics)
    elif diagnostics:
        color = "NO_COLOR" not in os.environ and ("FORCE_COLOR" in os.environ or sys.stderr.isatty())
        print(render(diagnostics, style=cast(Style, args.diagnostics), color=color), file=sys.stderr)


def out(text: str) -> Exit:
    print(text.rstrip("\n"))
    return Exit.OK


def write_lines(lines: list[str], output: str) -> Exit:
    if output == "-":
        return out("\n".join(lines))
    try:
        write_text(Path(output), "\n".join(lines) + "\n")
    except OSError as error:
        return cannot_write(output, error)
    return Exit.OK


def refuse_overwriting(output: Path | str, inputs: Iterable[Path]) -> Exit | None:
    """Refuse an output that is one of the inputs: it would be destroyed."""
    lost = overwritten(output, inputs)
    return fail(f"`{output}` is an input of this command: name another file", Exit.USAGE) if lost else None


def cannot_write(output: Path | str, error: OSError) -> Exit:
    """The user's choice of a place, unless the machine is out of room or broken."""
    broken = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO)
    return fail(f"cannot write `{output}`: {reason(error)}", Exit.ENVIRONMENT if broken else Exit.USAGE)


def remark(text: str) -> None:
    say(f"bdnnc: {text}", text)


def fail(text: str, code: Exit) -> Exit:
    say(f"bdnnc: error: {text}", text)
    return code


def say(line: str, bare: str | None = None) -> None:
    """A line on standard error, or the bare text in the document."""
    if _document is not None:
        _document.messages.append(bare or line)
    else:
        print(line, file=sys.stderr)
