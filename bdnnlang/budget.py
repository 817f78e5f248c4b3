"""The time that is left, and the user's wish to stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum


class Abandoned(BaseException):
    """Raised by a signal in the middle of a calculation that the user does not want to wait for."""


class Patience(Enum):
    """What becomes of the calculation that is going on when the user asks to stop."""

    NONE = "it is abandoned at once"
    SHORT = "it may come to an end by itself, but is abandoned after a while, or when the user asks again"
    FULL = "it is not abandoned: its results are being written"


def never() -> bool:
    return False


@dataclass
class Interrupt:
    """How often the user has asked to stop, and by which signal. Once ends the run."""

    count: int = 0
    number: int = signal.SIGINT  # the first one
    patience: Patience = Patience.FULL

    def request(self, number: int = signal.SIGINT) -> None:
        self.number = self.number if self.count else number
        self.count += 1

    @contextmanager
    def within(self, patience: Patience) -> Iterator[None]:
        """Within the block a signal may raise Abandoned."""
        before, self.patience = self.patience, patience
        try:
            yield
        finally:
            self.patience = before


@dataclass(frozen=True)
class Budget:
    """Wall-clock time for a stage or a run, and the user's wish to stop."""

    seconds: float | None
    interrupt: Interrupt
    began: float = field(default_factory=time.monotonic)
    over: Callable[[], bool] = never  # is what it is spent on no longer of use?

    @property
    def spent(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float | None:
        """Seconds, never negative; None without a limit."""
        return None if self.seconds is None else max(0.0, self.seconds - self.spent)

    def stopped(self) -> bool:
        return self.interrupt.count > 0 or self.over()

    def share(self, seconds: float | None) -> Budget:
        """A budget for a stage: at most `seconds`, and no more than is left here."""
        limits = [limit for limit in (seconds, self.left) if limit is not None]
        return Budget(min(limits, default=None), self.interrupt, over=self.over)
