"""Worker processes that are started ahead, one for each solver library.

A worker imports its library and then waits for jobs. On Linux it forks a child for each of them: so a job starts within
milliseconds, and still in a process that has imported the library and done nothing else, as if it had just been started. That is
why a worker may be used again at all: no job sees memory, threads, settings or limits of an earlier one. Elsewhere forking is not
safe beside the system's own threads, and a worker serves one job.

A worker has imported one solver library only, because some of them clash. It ends with its input, hence with this process,
however that ends.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import bdnnlang

FORKS = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a worker imports: the module with `solve`, and the library that it uses."""

    module: str
    library: str

    @property
    def solver(self) -> str:
        return self.module.rpartition(".")[2]


class Worker:
    """A process that imports what its jobs need. Raises OSError where it cannot start."""

    def __init__(self, needs: Needs, ahead: tuple[str, ...] = ()) -> None:
        self.needs, self.ahead = needs, frozenset(ahead)
        self.has_waited = False
        self._environment = _environment()
        use = "many" if FORKS else "one"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-X", "faulthandler", "-m", "bdnnlang.solve.worker", use, needs.library, needs.module, *ahead],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a job has its own log
            env=self._environment,
            start_new_session=True,  # Ctrl-C at the terminal goes to the parent alone
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def orders(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def answers(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def is_fresh(self) -> bool:
        """Whether it lives, and a worker started now would be no other one."""
        return self._process.poll() is None and self._environment == _environment()

    def exit_reason(self) -> str:
        """How the process ended, in words."""
        code = self._process.wait()
        if code >= 0:
            return f"solver process ended with exit code {code}"
        name = signal.Signals(-code).name
        memory = ", perhaps because memory ran out" if name in ("SIGKILL", "SIGABRT") else ""
        return f"solver process ended by signal {-code} ({name}){memory}"

    def kill(self) -> None:
        """End it and its children at once. Until it is waited for, its number is no other's."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it, and close our ends of its pipes: nobody may be reading or writing there."""
        self.kill()
        for pipe in (self.orders, self.answers):
            with suppress(OSError):  # what it did not read any more
                pipe.close()


_spares: dict[Needs, Worker] = {}
_lock = threading.Lock()


def prepare(needs: Needs, ahead: tuple[str, ...] = ()) -> None:
    """Have a worker wait for a job that has imported the modules `ahead` too, unless one does. Never fails: a solve will."""
    spare = _taken(needs)
    if spare is not None and not spare.ahead.issuperset(ahead):  # each of its jobs would import them anew
        spare.close()
        spare = None
    if spare is None:
        with suppress(OSError):
            spare = Worker(needs, ahead)
    if spare is not None:
        give_back(spare)


def take(needs: Needs) -> Worker:
    """The worker that waits, or a new one. Raises OSError where that cannot start."""
    return _taken(needs) or Worker(needs)


def _taken(needs: Needs) -> Worker | None:
    with _lock:
        spare = _spares.pop(needs, None)
    if spare is None or spare.is_fresh():
        return spare
    spare.close()
    return None


def give_back(worker: Worker) -> None:
    """Let a worker without a job wait for the next one."""
    worker.has_waited = True
    with _lock:
        spare = _spares.setdefault(worker.needs, worker)
    if spare is not worker:
        worker.close()


@atexit.register
def close_all() -> None:
    """End the workers that wait."""
    with _lock:
        spares = list(_spares.values())
        _spares.clear()
    for spare in spares:
        spare.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_spares.clear)  # they are the parent's


def _environment() -> dict[str, str]:
    """The child must import this very package, and one thread for BLAS is enough."""
    home = str(Path(bdnnlang.__path__[0]).parent)
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
