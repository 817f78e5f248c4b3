"""Ctrl-C and requests to terminate, outside a schedule and inside."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bdnnlang.runtime.types import Interrupt


class Interrupted(BaseException):
    """Ctrl-C outside a schedule. Not KeyboardInterrupt: Python ends by signal when one has passed through an `exec`."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C raises `Interrupted` within the block."""

    def stop(number: int, frame: object) -> None:
        raise Interrupted

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def on_signals(interrupt: Interrupt) -> None:
    """Ctrl-C once ends the stage, twice the run; a request to terminate ends the run."""

    def ask(number: int, frame: object) -> None:
        interrupt.ask()
        if number == signal.SIGTERM:
            interrupt.ask()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
