"""One verb, and every failure as a message and an exit code."""

from __future__ import annotations

from contextlib import suppress

from bdnnlang.cli.arguments import DOCUMENTS, Args
from bdnnlang.cli.shared import Exit, cannot_read, documented, fail, say, show_diagnostics
from bdnnlang.cli.streams import OutputLost, warn
from bdnnlang.cli.verbs import load
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Rejected


def execute(args: Args) -> Exit:
    """The exit code; with `--output json` or `sarif`, diagnostics and messages are one document."""
    if args.diagnostics not in DOCUMENTS:
        return _code(args)
    with documented(args) as document:
        code = _code(args)
    if args.diagnostics == "sarif":
        from bdnnlang.cli.sarif import sarif_text

        warn(sarif_text(document, args.command, code))
    else:
        warn(document.text(code))
    return code


def _code(args: Args) -> Exit:
    verb = load(args.verb)
    try:
        if getattr(args, "help_params", False):
            from bdnnlang.cli.helping import help_params

            return help_params(args)
        return fail(wrong, Exit.USAGE) if (wrong := verb.contradiction(args)) else verb.run(args)
    except Rejected as rejected:
        show_diagnostics(rejected.diagnostics, args)
        return Exit.ENVIRONMENT if all(d.code == "E208" for d in rejected.diagnostics) else Exit.REJECTED
    except CannotRead as error:
        return _unreadable(error)
    except OutputLost:
        raise
    except MemoryError:
        return fail("out of memory: use fewer rows (`sample`) or neurons", Exit.ENVIRONMENT)
    except Exception as error:  # a bug of ours: it must not look like the user's
        return internal(error)


def _unreadable(error: CannotRead) -> Exit:
    """What is wrong with a run folder is no mistake of the command line."""
    from bdnnlang.folder.contents import Altered, Damaged

    if isinstance(error, Damaged | Altered):
        return fail(str(error), Exit.REJECTED if isinstance(error, Damaged) else Exit.DISAGREES)
    return cannot_read(error)


def internal(error: Exception) -> Exit:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="bdnnc-", suffix=".txt", delete=False, errors="backslashreplace") as file:
        traceback.print_exception(error, file=file)
    with suppress(OSError):
        say(f"bdnnc: internal error: {type(error).__name__}: this is a bug of bdnnc, not of your spec")
        say(f"  = hint: please report it with the details in {file.name}")
    return Exit.INTERNAL
