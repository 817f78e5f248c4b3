"""Jobs in processes of this machine, through joblib: an executor for each, so that the end of one process is not that of all."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, TypeVar

from bdnnlang.workers.jobs import STOPPED, Done, Lost, Patience

J = TypeVar("J")
R = TypeVar("R")

LOOK = 0.02  # seconds between two questions whether to stop
PARENT = 1.0  # seconds between two looks whether the process is there that asked
ENDED = "its process was ended"


def in_processes(function: Callable[[J], R], jobs: Sequence[J], count: int, patience: Patience) -> Iterator[Done[R] | Lost]:
    """As `jobs.results`. A process that was ended takes its job with it, and another one does the next job."""
    from joblib.externals.loky import FIRST_COMPLETED, wait

    waiting = deque(enumerate(jobs))
    running: dict[Any, tuple[int, Any]] = {}  # of each future its job's number and the executor
    with ExitStack() as ended:
        idle = [_executor(ended) for _ in range(count)]
        while running or waiting:
            if patience.asked():
                yield from (Lost(number, STOPPED) for number, _ in waiting)
                waiting.clear()
            while waiting and idle:
                number, job = waiting.popleft()
                executor = idle.pop()
                running[executor.submit(function, job)] = number, executor
            for future in wait(running, timeout=LOOK, return_when=FIRST_COMPLETED).done if running else ():
                number, executor = running.pop(future)
                outcome = _outcome(number, future)
                idle.append(_executor(ended) if isinstance(outcome, Lost) and waiting else executor)
                yield outcome
            if patience.is_over():
                yield from (Lost(number, STOPPED) for number, _ in running.values())
                return


def _outcome(number: int, future: Any) -> Done[Any] | Lost:
    from joblib.externals.loky.process_executor import BrokenProcessPool

    try:
        return Done(number, future.result())
    except BrokenProcessPool:  # by others, as by a system that is short of memory
        return Lost(number, ENDED)


def _executor(ended: ExitStack) -> Any:
    """Of one process, which ends with the block, whatever it does then."""
    from joblib.externals.loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(max_workers=1, initializer=_begin, initargs=(os.getpid(),))
    ended.callback(executor.shutdown, kill_workers=True)
    return executor


def _begin(parent: int) -> None:
    """Ctrl-C goes to all processes of a terminal: who asked this one says when to stop. It does not outlive who asked."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT)
    os._exit(1)
