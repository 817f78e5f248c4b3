"""The way in: Ctrl-C is handled from here on, before anything heavy is imported."""

from __future__ import annotations

import signal
import sys
import warnings
from collections.abc import Sequence

from bdnnlang.cli.signals import STOPS, Interrupted, interruptible


def script() -> None:
    """The command `bdnnc`. Ctrl-C is ignored while Python shuts down.

    Python's warnings are hidden: libraries give them about their own next versions, and users can do nothing about them.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    code = main()
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; every failure ends in a message and an exit code, none in a traceback."""
    try:
        with interruptible():
            from bdnnlang.cli.dispatch import run_verb

            return run_verb(argv)
    except Interrupted as interrupted:
        from bdnnlang.cli.streams import warn

        warn("bdnnc: error: interrupted")
        return interrupted.code
