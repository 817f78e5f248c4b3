"""What verbs share: exit codes, reading the spec, and where words go.

Standard output carries the product only; diagnostics, progress and remarks go to standard error.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import cast

from bdnnlang import compiler
from bdnnlang.arguments import Args
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.files import overwritten, reason, write_text
from bdnnlang.render import Style, render
from bdnnlang.spec.types import Spec


class Exit(IntEnum):
    """What a process tells its caller (LANGUAGE.md, section 4)."""

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
    """The spec with the command line's overrides; warnings are told."""
    sets = list(args.set)
    sets += [
        f"train.{name}={value}" for name in ("threads", "seed", "solver", "formulation") if (value := getattr(args, name, None))
    ]
    if without := getattr(args, "without", None):
        sets.append(f"train.without=[{', '.join(without)}]")
    spec, warnings = compiler.read_spec(args.spec, args.define, sets)
    tell(warnings, args)
    if getattr(args, "time", None) is not None:
        spec = compiler.limited(spec, args.time)
    return spec


def tell(diagnostics: Sequence[Diagnostic], args: Args) -> None:
    if diagnostics:
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


def taken(output: Path | str, inputs: Iterable[Path]) -> Exit | None:
    """Refuse an output that is one of the inputs: it would be destroyed."""
    lost = overwritten(output, inputs)
    return fail(f"`{output}` is an input of this command: name another file", Exit.USAGE) if lost else None


def cannot_write(output: Path | str, error: OSError) -> Exit:
    """The user's choice of a place, unless the machine is out of room or broken."""
    broken = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO)
    return fail(f"cannot write `{output}`: {reason(error)}", Exit.ENVIRONMENT if broken else Exit.USAGE)


def remark(text: str) -> None:
    print(f"bdnnc: {text}", file=sys.stderr)


def fail(text: str, code: Exit) -> Exit:
    print(f"bdnnc: error: {text}", file=sys.stderr)
    return code
