"""Requests to stop: Ctrl-C, termination, and a closed terminal. Imports nothing heavy, because it starts first."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt

STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
GRACE = 1.5  # seconds that a stage has to end by itself; with what comes after, the run ends within three
AGAIN = 0.2  # seconds between two tries to abandon it


class Interrupted(BaseException):
    """A request to stop outside a schedule. Not KeyboardInterrupt: after one in an `exec` Python ends by signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


@contextmanager
def interruptible() -> Iterator[None]:
    """The first request to stop raises `Interrupted` within the block, the second one ends the process."""
    asked: list[int] = []

    def stop(number: int, frame: object) -> None:
        if asked:
            os._exit(128 + number)
        asked.append(number)
        raise Interrupted(number)

    def lost(unraisable: Any) -> None:
        """Raised where Python cannot pass it on, as while an object is deleted."""
        if isinstance(unraisable.exc_value, Interrupted):
            os._exit(unraisable.exc_value.code)
        sys.__unraisablehook__(unraisable)

    earlier = {number: signal.getsignal(number) for number in STOPS}
    hook, sys.unraisablehook = sys.unraisablehook, lost
    _handle(stop)
    try:
        yield
    finally:
        _set_alarm(0.0)
        sys.unraisablehook = hook
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _handle(handler: Any) -> None:
    for number in STOPS:
        # `nohup` has the hang-up ignored; a shell that starts a job in the background does that to Ctrl-C, which is no wish
        if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def on_signals(interrupt: Interrupt) -> None:
    """From now on a request to stop ends the run, as its patience says; a second one while results are written, the process."""
    from bdnnlang.budget import Abandoned, Patience

    def ask(number: int, frame: object) -> None:
        interrupt.request(number)
        if interrupt.patience is Patience.FULL and interrupt.count > 1:
            os._exit(128 + interrupt.number)
        if interrupt.patience is Patience.NONE or (interrupt.patience is Patience.SHORT and interrupt.count > 1):
            raise Abandoned
        _set_alarm(GRACE)

    def late(number: int, frame: object) -> None:
        if interrupt.patience is not Patience.FULL:
            raise Abandoned

    _handle(ask)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, late)


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN if seconds else 0.0)
