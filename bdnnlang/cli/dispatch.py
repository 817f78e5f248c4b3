"""One verb, and every failure as a message and an exit code."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress

from bdnnlang.cli.arguments import Args
from bdnnlang.cli.parser import parser
from bdnnlang.cli.shared import Exit, cannot_read, documented, fail, say, show_diagnostics
from bdnnlang.cli.streams import OutputLost, standard_streams, warn
from bdnnlang.cli.verbs import VERBS
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Rejected
from bdnnlang.folder.contents import Altered, Damaged


def run_verb(argv: Sequence[str] | None = None) -> int:
    """The exit code of a command line. Raises SystemExit for one that argparse refuses, or that asks for help."""
    code = Exit.OK
    try:
        with standard_streams():
            args = parser().parse_args(argv)
            args.command = shlex.join(["bdnnc", *(sys.argv[1:] if argv is None else argv)])
            code = _documented(args)
    except OutputLost as lost:
        return code if lost.is_closed or code else fail(str(lost), Exit.ENVIRONMENT)
    return code


def _documented(args: Args) -> Exit:
    """The exit code; with `--output json`, diagnostics and messages are one document."""
    if args.diagnostics != "json":
        return _code(args)
    with documented(args) as document:
        code = _code(args)
    warn(document.text(code))
    return code


def _code(args: Args) -> Exit:
    verb = VERBS[args.verb]
    try:
        return fail(wrong, Exit.USAGE) if (wrong := verb.contradiction(args)) else verb.run(args)
    except Rejected as rejected:
        show_diagnostics(rejected.diagnostics, args)
        return Exit.ENVIRONMENT if all(d.code == "E208" for d in rejected.diagnostics) else Exit.REJECTED
    except Damaged as error:
        return fail(str(error), Exit.REJECTED)
    except Altered as error:
        return fail(str(error), Exit.DISAGREES)
    except CannotRead as error:
        return cannot_read(error)
    except OutputLost:
        raise
    except MemoryError:
        return fail("out of memory: use fewer rows (`sample`) or neurons", Exit.ENVIRONMENT)
    except Exception as error:  # a bug of ours: it must not look like the user's
        return internal(error)


def internal(error: Exception) -> Exit:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="bdnnc-", suffix=".txt", delete=False, errors="backslashreplace") as file:
        traceback.print_exception(error, file=file)
    with suppress(OSError):
        say(f"bdnnc: internal error: {type(error).__name__}: this is a bug of bdnnc, not of your spec")
        say(f"  = hint: please report it with the details in {file.name}")
    return Exit.INTERNAL
