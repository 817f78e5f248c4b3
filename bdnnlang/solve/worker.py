"""The child's side of a solve: `python -m bdnnlang.solve.worker many|one LIBRARY MODULE …` imports these and serves jobs.

With `many` it forks a child for each job, which has nothing from earlier ones; with `one` it serves one job itself, and is gone.

Jobs come in and messages go out as pickles, over what were its standard input and output. A greeting says that a job is waited
for; what other code prints at the start stands before it, and is not read. What solvers print goes to the log of the job. After
the job a byte asks to stop, and the end of the input means that the parent is dead.
"""

from __future__ import annotations

import ctypes
import faulthandler
import importlib
import os
import pickle
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NoReturn

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.claims import misstated
from bdnnlang.solve.outcome import (
    Event,
    LicenceTooSmallError,
    LimitReached,
    Limits,
    Link,
    OptionRefusedError,
    Outcome,
    PrimalHeuristic,
    Status,
    UnsupportedModelError,
)

GREETING = b"\nbdnnlang worker\n"
STOP = b"s"  # no pickle begins with it
LINES = 1  # `_IOLBF` of C
HEADROOM = 512 << 20  # bytes for interpreter, libraries and the program itself, on top of what the solver may use


@dataclass(frozen=True, slots=True)
class Job:
    """What to solve."""

    milp: Milp
    limits: Limits
    start: Floats | None  # feasible, or None
    improve: PrimalHeuristic | None = None
    folder: Path | None = None  # of its log, where files that are to be kept go too


@dataclass(frozen=True, slots=True)
class Started:
    """The clock runs."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The solver does not take such programs, or not this `option`."""

    reason: str
    option: str | None = None


Message = Started | Event | Outcome | Refusal
Solve = Callable[[Milp, Limits, Floats | None, Link], Outcome]


class Outbox:
    """Messages to the parent, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        with self._lock:
            self._write(message)

    def send_last(self, message: Message) -> None:
        """Send a message, and let none follow: the lock is kept."""
        self._lock.acquire()
        self._write(message)

    def _write(self, message: Message) -> None:
        pickle.dump(message, self._stream, protocol=5)
        self._stream.flush()

    def greet(self) -> None:
        """Say that a job is waited for."""
        self._stream.write(GREETING)
        self._stream.flush()


def main(use: str, library: str, module: str, *ahead: str) -> NoReturn:
    """Serve the jobs that come in, until none can come any more."""
    inbox, outbox = _private_streams()
    solve = _imported(library, module, *ahead)
    if use == "many":
        _fork_for_each_job(inbox, outbox)
    else:
        outbox.greet()
    _serve(module.rpartition(".")[2], solve, inbox, outbox)


def _private_streams() -> tuple[BufferedReader, Outbox]:
    """Take the pipes for ourselves, so that nothing a solver prints or reads gets between."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return inbox, Outbox(outbox)


def _imported(library: str, module: str, *ahead: str) -> Solve:
    """The solver's `solve`; where it cannot be imported, one that says why. What else is imported ahead only saves time."""
    try:
        importlib.import_module(library)  # the slowest takes a second
        solve: Solve = importlib.import_module(module).solve
    except Exception as error:
        return partial(_raise, error)
    for other in ahead:
        with suppress(Exception):
            importlib.import_module(other)
    return solve


def _raise(error: Exception, *_: object) -> NoReturn:
    raise error


def _fork_for_each_job(inbox: BufferedReader, outbox: Outbox) -> None:
    """Return in a child for each job, one after another; end when a child fails, in the same way.

    This process has one thread, and solves nothing.
    """
    while True:
        _flush()
        outbox.greet()
        end, held = os.pipe()  # it ends with the child, who holds the other side
        child = os.fork()
        if not child:
            os.close(end)
            return
        os.close(held)
        _wait_for(child, end, inbox)
        _, status = os.waitpid(child, 0)
        os.close(end)
        if status:
            _end_with(os.waitstatus_to_exitcode(status))


def _wait_for(child: int, end: int, inbox: BufferedReader) -> None:
    """Wait until the child has ended; once the parent has, end the child, who may not listen."""
    hang_ups = select.poll()
    for number in (end, inbox.fileno()):
        hang_ups.register(number, 0)
    if inbox.fileno() in dict(hang_ups.poll()):
        os.kill(child, signal.SIGKILL)


def _end_with(code: int) -> NoReturn:
    """End as a child has ended, by signal too, but without another dump of memory."""
    if code < 0:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        faulthandler.disable()
        with suppress(OSError):  # nobody can do this for SIGKILL
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def _serve(solver: str, solve: Solve, inbox: BufferedReader, outbox: Outbox) -> NoReturn:
    """Solve one job. Ends without clean-up: solvers have been seen to crash in it."""
    while inbox.peek(1)[:1] == STOP:  # it was meant for the job before, which had ended
        inbox.read(1)
    try:
        _print_to(pickle.load(inbox))
    except EOFError:
        os._exit(1)
    job: Job = pickle.load(inbox)
    stop = threading.Event()
    threading.Thread(target=_listen, args=(inbox, stop), daemon=True).start()
    answer = _solved(solver, solve, job, stop, outbox)
    _flush()
    outbox.send_last(answer)
    os._exit(0)


def _print_to(log: str) -> None:
    """From now on what is printed, by whomever, is appended to the log."""
    with open(log, "ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    _print_by_lines()


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


def _solved(solver: str, solve: Solve, job: Job, stop: threading.Event, outbox: Outbox) -> Outcome | Refusal:
    began = time.monotonic()
    try:
        _limit_memory(job.limits.memory)
        link = Link(outbox.send, job.milp, job.limits, stop, job.start)
        outbox.send(Started())
        began = time.monotonic()
        link.improve, link.folder = job.improve, job.folder
        return believable(solve, job, link)
    except UnsupportedModelError as refused:
        return Refusal(str(refused))
    except OptionRefusedError as refused:
        return Refusal(refused.why, refused.option)
    except LicenceTooSmallError as refused:
        status, reason = Status.FAILED, str(refused)
    except LimitReached:
        status, reason = Status.NO_SOLUTION, "the limit came before the solver had the whole program"
        if stop.is_set():
            status = Status.INTERRUPTED
    except MemoryError:
        status, reason = Status.FAILED, "out of memory"
    except Exception as error:
        status, reason = Status.FAILED, f"{type(error).__name__}: {error}"
    return Outcome(status, None, None, None, None, time.monotonic() - began, solver, reason)


def believable(solve: Solve, job: Job, link: Link) -> Outcome:
    """What the solver answers. Where a start leads a solver to a claim that its own solution refutes, it solves again without."""
    outcome = solve(job.milp, job.limits, job.start, link)
    claim = None if job.start is None or link.stop.is_set() or link.remaining == 0 else misstated(outcome, job.milp)
    if claim is None:
        return outcome
    note = f"{outcome.solver} claims {claim} after a start: it solved again without one"
    again = solve(job.milp, job.limits, None, link)
    return replace(again, notes=(note, *again.notes))


if __name__ == "__main__":
    # What arrives is pickled under the module's real name, not as `__main__`.
    importlib.import_module("bdnnlang.solve.worker").main(*sys.argv[1:])
