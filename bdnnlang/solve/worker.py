"""The child's side of a solve: `python -m bdnnlang.solve.worker` reads one job, solves it, and is gone.

Jobs come in and messages go out as pickles, over what were its standard input and output. What solvers print goes to
standard error; what other code prints before that is arranged stands before a greeting, and is not read. After the job one byte
asks it to stop, and the end of the input means that the parent is dead.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.claims import misstated
from bdnnlang.solve.outcome import Event, LimitReached, Limits, Link, Outcome, PrimalHeuristic, Status, UnsupportedModelError

GREETING = b"\nbdnnlang worker\n"
LINES = 1  # `_IOLBF` of C
HEADROOM = 512 << 20  # bytes for interpreter, libraries and the program itself, on top of what the solver may use


@dataclass(frozen=True, slots=True)
class Job:
    """What to solve, which module's `solve` does it, and the library that it will need."""

    module: str
    library: str
    milp: Milp
    limits: Limits
    start: Floats | None  # feasible, or None
    improve: PrimalHeuristic | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The clock runs."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The target does not take such programs."""

    reason: str


Message = Started | Event | Outcome | Refusal


class Outbox:
    """Messages to the parent, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        with self._lock:
            pickle.dump(message, self._stream, protocol=5)
            self._stream.flush()


def main() -> None:
    """Solve one job. Ends without clean-up: solvers have been seen to crash in it."""
    inbox, outbox = _private_streams()
    job: Job = pickle.load(inbox)
    stop = threading.Event()
    threading.Thread(target=_listen, args=(inbox, stop), daemon=True).start()
    answer = _solved(job, stop, outbox)
    _flush()
    outbox.send(answer)
    os._exit(0)


def _private_streams() -> tuple[BinaryIO, Outbox]:
    """Take the pipes for ourselves, so that nothing a solver prints or reads gets between."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    outbox.write(GREETING)
    return inbox, Outbox(outbox)


def _print_by_lines() -> None:
    """What a solver prints is in its log also when the process is killed: C would keep it back by the page."""
    with suppress(OSError, ValueError, AttributeError):  # no such library, or no such name in it
        c = ctypes.CDLL(None)
        c.setvbuf(ctypes.c_void_p.in_dll(c, "__stdoutp" if sys.platform == "darwin" else "stdout"), None, LINES, 0)


def _flush() -> None:
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
        ctypes.CDLL(None).fflush(None)


def _listen(inbox: BinaryIO, stop: threading.Event) -> None:
    while inbox.read(1):
        stop.set()
    os._exit(1)


def _limit_memory(solver: int | None) -> None:
    """Solvers count their own memory, and not all of it: let the system hold the whole process to it."""
    if solver is None or sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (solver + HEADROOM, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _solved(job: Job, stop: threading.Event, outbox: Outbox) -> Outcome | Refusal:
    began = time.monotonic()
    try:
        importlib.import_module(job.library)  # before the clock starts: the slowest takes a second
        target = importlib.import_module(job.module)
        _limit_memory(job.limits.memory)
        link = Link(outbox.send, job.milp, job.limits, stop, job.start)
        outbox.send(Started())
        began = time.monotonic()
        link.improve = job.improve
        return believable(target.solve, job, link)
    except UnsupportedModelError as refused:
        return Refusal(str(refused))
    except LimitReached:
        status, reason = Status.NO_SOLUTION, "the limit came before the solver had the whole program"
        if stop.is_set():
            status = Status.INTERRUPTED
    except MemoryError:
        status, reason = Status.FAILED, "out of memory"
    except Exception as error:
        status, reason = Status.FAILED, f"{type(error).__name__}: {error}"
    solver, seconds = job.module.rpartition(".")[2], time.monotonic() - began
    return Outcome(status, None, None, None, None, seconds, solver, reason)


def believable(solve: Callable[[Milp, Limits, Floats | None, Link], Outcome], job: Job, link: Link) -> Outcome:
    """What the target answers. Where a start leads a solver to a claim that its own solution refutes, it solves again without."""
    outcome = solve(job.milp, job.limits, job.start, link)
    claim = None if job.start is None or link.stop.is_set() or link.remaining == 0 else misstated(outcome, job.milp)
    if claim is None:
        return outcome
    note = f"{outcome.solver} claims {claim} after a start: it solved again without one"
    again = solve(job.milp, job.limits, None, link)
    return replace(again, notes=(note, *again.notes))


if __name__ == "__main__":
    # What arrives is pickled under the module's real name, not as `__main__`.
    importlib.import_module("bdnnlang.solve.worker").main()
