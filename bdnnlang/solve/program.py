"""Solvers that are programs: a process is started on a file, its log is followed, and it is ended in time.

What it prints goes to the log of the solve line by line, and to whoever follows it, which is how bounds are known while it works.
Asked to stop it gets the signal of Ctrl-C, once: many programs then write their best solution. One that has not ended soon after
that, or after its time limit, is killed; so the process around it always comes to tidy up.
"""

from __future__ import annotations

import ctypes
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve import answers
from bdnnlang.solve.answers.base import AnswerError
from bdnnlang.solve.answers.point import Columns, check, collect
from bdnnlang.solve.files import lp, mps
from bdnnlang.solve.outcome import Link, Status, ended
from bdnnlang.solve.solvers import SOLVERS, Program

PAUSE = 0.05  # seconds between two looks at the clock
PATIENCE = 0.8  # seconds to obey: less than the process around it is given
OVERTIME = 2.0  # seconds past the time limit, likewise
PARENT_DEATH = 1  # `PR_SET_PDEATHSIG` of Linux
TTY_OUTPUT = hasattr(os, "openpty")  # C programs print into pipes by the page, to terminals by the line


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for the files of one solve."""
    with TemporaryDirectory(prefix="bdnnlang-") as folder:
        yield Path(folder)


def run(command: Sequence[str], folder: Path, link: Link, follow: Callable[[str], None], *, keeps: bool) -> int:
    """Run it in `folder` to its end; the exit code, negative for a signal. `keeps`: does it obey SIGINT?"""
    link.raise_if_stopped()
    reader, writer = os.openpty() if TTY_OUTPUT else os.pipe()
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer, preexec_fn=_die_with_parent()
    ) as process:
        os.close(writer)
        listener = threading.Thread(target=_read, args=(reader, lines), daemon=True)
        listener.start()
        try:
            _follow(process, link, lines, follow, signal.SIGINT if keeps else signal.SIGTERM)
        finally:
            process.kill()
            listener.join()
            os.close(reader)
    return process.returncode


def _follow(
    process: subprocess.Popen[bytes],
    link: Link,
    lines: queue.SimpleQueue[str | None],
    follow: Callable[[str], None],
    request: signal.Signals,
) -> None:
    """Pass on each line until there are no more."""
    asked: float | None = None
    began, limit = time.monotonic(), link.remaining
    while True:
        with suppress(queue.Empty):
            if (line := lines.get(timeout=PAUSE)) is None:
                process.wait()
                return
            print(line, flush=True)
            follow(line)
        now = time.monotonic()
        if asked is None and link.stop.is_set():
            asked = now
            process.send_signal(request)
        if (asked is not None and now > asked + PATIENCE) or (limit is not None and now > began + limit + OVERTIME):
            process.kill()


def _read(reader: int, lines: queue.SimpleQueue[str | None]) -> None:
    """Everything that comes, by the line, then None."""
    rest = b""
    with suppress(OSError):  # a terminal that nobody writes to any more is an error, not an end
        while part := os.read(reader, 1 << 16):
            *whole, rest = re.split(rb"\r*\n", rest + part)
            for line in whole:
                lines.put(line.decode(errors="replace"))
    if rest:
        lines.put(rest.decode(errors="replace"))
    lines.put(None)


def _die_with_parent() -> Callable[[], None] | None:
    """What a new process does first: it ends with this one, however that ends. Linux only."""
    if sys.platform != "linux":
        return None
    c = ctypes.CDLL(None)

    def prepare() -> None:
        c.prctl(PARENT_DEATH, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore it

    return prepare


def least(text: str, digits: int) -> float:
    """The least number that is printed as this one with so many digits: a bound that was rounded up is none."""
    return float(text) - 5 * 0.1**digits * abs(float(text))


def write_lp(milp: Milp, path: Path) -> None:
    """The program for a reader of LP files, its columns `x_0`, `x_1`, … and perhaps the one that carries the constant."""
    with path.open("wb") as stream:
        lp.write(milp, stream, names="short")


def write_mps(milp: Milp, path: Path) -> None:
    """The same for a reader of MPS files."""
    with path.open("wb") as stream:
        mps.write(milp, stream, names="short")


def answer(path: Path, milp: Milp) -> Floats | None:
    """The solution in a file (columns,); None: there is no file, or it holds none that satisfies the program."""
    try:
        with answers.opened(path) as file:
            return check(collect(answers.read(file), Columns(milp)), milp)
    except (OSError, AnswerError):
        return None


def ended_by(code: int, x: Floats | None, link: Link) -> Status:
    """The status of a program that does not say how it ended."""
    if link.stop.is_set():
        return Status.INTERRUPTED
    is_late = link.remaining is not None and link.remaining <= 0
    return Status.FAILED if code and not is_late else ended(x is not None)


def command_of(solver: str) -> str:
    """The path of a solver's program. Raises FileNotFoundError."""
    program = SOLVERS[solver].brought
    if not isinstance(program, Program) or (path := program.path()) is None:
        raise FileNotFoundError(f"there is no {solver} any more")
    return path
