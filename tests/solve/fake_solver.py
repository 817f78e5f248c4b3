"""A solver that misbehaves, in the way that the program's name says."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, UnsupportedModelError

jobs = 0  # that this process has had
TWO = np.array([0.0, 1, 1, 0, 0])  # the best solution, of objective -13.5


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    if pid_file := os.environ.get("FAKE_TARGET_PID"):
        Path(pid_file).write_text(str(os.getpid()))
    global jobs
    jobs += 1
    link.found(np.array([1.0, 0, 0, 0, 0]))
    link.bounded(-20.0, 3)
    if milp.name == "misstates_after_a_start":
        return misstates(link) if start is not None else claim(link, Status.OPTIMAL, TWO, -13.5, -13.5)
    return globals()[milp.name](link)


def segfault(link: Link) -> Outcome:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


def leaves(link: Link) -> Outcome:
    os._exit(7)


def hangs(link: Link) -> Outcome:
    threading.Event().wait()
    raise AssertionError


def deaf(link: Link) -> Outcome:
    """No other thread of the process can run."""
    ctypes.PyDLL(None).pause()
    raise AssertionError


def obeys(link: Link) -> Outcome:
    interrupted = threading.Event()
    with link.interrupting(interrupted.set):
        interrupted.wait()
    return claim(link, Status.INTERRUPTED)


def raises(link: Link) -> Outcome:
    raise RuntimeError("a wheel came off")


def refuses(link: Link) -> Outcome:
    raise UnsupportedModelError("not my kind")


def eats(link: Link) -> Outcome:
    kept = [np.ones(1 << 24) for _ in range(1 << 8)]
    raise AssertionError(len(kept))


def prints(link: Link) -> Outcome:
    os.write(1, b"to standard output\n")
    os.write(2, b"to standard error\n")
    return claim(link, Status.FEASIBLE)


def prints_and_dies(link: Link) -> Outcome:
    ctypes.CDLL(None).puts(b"the last line")
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def tells(link: Link) -> Outcome:
    """Something about the process, as reason."""
    said = {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "jobs": jobs,
        "memory": resource.getrlimit(resource.RLIMIT_DATA),
        "libraries": sorted({"pyscipopt", "highspy", "ortools"} & sys.modules.keys()),
        "environment": os.environ.get("FAKE_TARGET"),
    }
    return Outcome(Status.FEASIBLE, None, None, None, 3, link.seconds, "fake 1", json.dumps(said))


def claims_optimum(link: Link) -> Outcome:
    return claim(link, Status.OPTIMAL, np.zeros(5), 1.5, 1.5)


def misstates(link: Link) -> Outcome:
    return claim(link, Status.OPTIMAL, TWO, -15.5, -15.5)


def claims_infeasible(link: Link) -> Outcome:
    return claim(link, Status.INFEASIBLE)


def claims_nan(link: Link) -> Outcome:
    return claim(link, Status.FEASIBLE, np.full(5, np.nan), np.nan)


def many_bounds(link: Link) -> Outcome:
    for k in range(1000):
        link.bounded(-19.0 + k / 1000, k)
        time.sleep(0.0005)
    return claim(link, Status.FEASIBLE)


def claim(
    link: Link, status: Status, x: Floats | None = None, objective: float | None = None, bound: float | None = None
) -> Outcome:
    return Outcome(status, x, objective, bound, 3, link.seconds, "fake 1")
