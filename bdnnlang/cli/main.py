"""The way in: one verb, and every failure as a message and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence

from bdnnlang.arguments import Args, parser
from bdnnlang.cli.shared import Exit, fail, tell
from bdnnlang.cli.signals import Interrupted, interruptible
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Rejected


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; every failure ends in a message and an exit code, none in a traceback."""
    args = parser().parse_args(argv)
    try:
        with interruptible():
            return _verb(args.verb)(args)
    except Rejected as rejected:
        tell(rejected.diagnostics, args)
        return Exit.ENVIRONMENT if all(d.code == "E208" for d in rejected.diagnostics) else Exit.REJECTED
    except CannotRead as error:
        return fail(str(error), Exit.USAGE)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except Interrupted:
        return fail("interrupted", Exit.INTERRUPTED)
    except MemoryError:
        return fail("out of memory: use fewer rows (`sample`) or neurons", Exit.ENVIRONMENT)
    except Exception as error:  # a bug of ours: it must not look like the user's
        return internal(error)


def _verb(name: str) -> Callable[[Args], Exit]:
    """The function of a verb, in the file of the same name; what it needs is imported with it."""
    module = importlib.import_module(f"bdnnlang.cli.{name}")
    verb: Callable[[Args], Exit] = getattr(module, {"compile": "compile_"}.get(name, name))
    return verb


def internal(error: Exception) -> Exit:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="bdnnc-", suffix=".txt", delete=False) as file:
        traceback.print_exception(error, file=file)
    print(f"bdnnc: internal error: {type(error).__name__}: this is a bug of bdnnc, not of your spec", file=sys.stderr)
    print(f"  = hint: please report it with the details in {file.name}", file=sys.stderr)
    return Exit.INTERNAL
