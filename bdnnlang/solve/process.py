"""The parent's side of a solve: every solve has a process of its own.

So a solver that crashes, hangs or eats the memory costs its solve and nothing else, and solvers whose libraries clash
never meet. Ctrl-C does not reach the child; it is the parent who decides what it means.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np

import bdnnlang
from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.claims import corrected, without_refuted
from bdnnlang.solve.outcome import (
    Event,
    FoundSolution,
    Limits,
    NewBound,
    Offered,
    Outcome,
    PrimalHeuristic,
    Status,
    UnsupportedModelError,
    ended,
)
from bdnnlang.solve.worker import GREETING, Job, Message, Refusal, Started

PAUSE = 0.1  # seconds between two questions to `stop`
START_UP = 60.0  # seconds for the child to begin
PATIENCE = 1.2  # seconds for the child to obey


def run(
    module: str,
    library: str,
    milp: Milp,
    limits: Limits,
    start: Floats | None,
    on_event: Callable[[Event], None],
    stop: Callable[[], bool],
    log: Path | None = None,
    improve: PrimalHeuristic | None = None,
) -> Outcome:
    """Solve in a child with `module.solve`; see `solve.solve`. Raises UnsupportedModelError where the module does."""
    if start is not None and not milp.feasible(start, limits.feasibility):
        start = None
    try:
        began = _Child(Job(module, library, milp, limits, start, improve), log)
    except OSError as error:  # no memory, too many processes or open files, a log that cannot be written
        reason = f"the solver's process could not start: {(error.strerror or str(error)).lower()}"
        objective = None if start is None else milp.objective(start)
        return Outcome(Status.FAILED, start, objective, None, None, 0.0, module.rpartition(".")[2], reason)
    with began as child:
        watch = _Watch(child, milp, limits, start)
        while (outcome := watch.step(on_event, stop)) is None:
            pass
    return outcome


class _Watch:
    """What the parent knows of a running solve."""

    def __init__(self, child: _Child, milp: Milp, limits: Limits, start: Floats | None) -> None:
        self.child, self.milp, self.limits = child, milp, limits
        self.best = FoundSolution(0.0, milp.objective(start), start) if start is not None else None
        self.bound: NewBound | None = None
        self.began = time.monotonic()
        self.deadline = self.began + START_UP
        self.asked: float | None = None  # when it was asked to stop
        self.started = False

    def step(self, on_event: Callable[[Event], None], stop: Callable[[], bool]) -> Outcome | None:
        """Wait for one message, at most `PAUSE`; the outcome if that was the end."""
        try:
            message = self.child.messages.get(timeout=PAUSE)
        except queue.Empty:
            return self._look_up(stop)
        match message:
            case None:
                return self._without_outcome(Status.FAILED, self.child.exit_reason())
            case Refusal():
                raise UnsupportedModelError(message.reason)
            case Outcome():
                return self._settled(message)
            case Started():
                self._start_clock()
            case FoundSolution():
                self.best = message
                on_event(message)
            case NewBound():
                self.bound = message
                on_event(message)
            case Offered():
                on_event(message)
        return self._look_up(stop)

    def _start_clock(self) -> None:
        self.started = True
        self.began = time.monotonic()
        seconds = self.limits.seconds
        self.deadline = np.inf if seconds is None else self.began + seconds + min(10.0, 3.0 + 0.1 * seconds)

    def _look_up(self, stop: Callable[[], bool]) -> Outcome | None:
        """Has somebody asked to stop, or is the child late? Then the last word is ours."""
        now = time.monotonic()
        if self.asked is None and stop():
            self.asked = now
            self.child.ask_to_stop()
        if self.asked is not None and now > self.asked + PATIENCE:
            return self._without_outcome(Status.INTERRUPTED, "the solver did not stop when asked, and was killed")
        if now > self.deadline and self.started:
            status = ended(self.best is not None)
            return self._without_outcome(status, "the solver did not stop at its time limit, and was killed")
        if now > self.deadline:
            return self._without_outcome(Status.FAILED, f"the solver's process did not begin within {START_UP:.0f} s")
        return None

    def _without_outcome(self, status: Status, reason: str) -> Outcome:
        bound, nodes = (self.bound.bound, self.bound.nodes) if self.bound else (None, None)
        nothing = Outcome(status, None, None, bound, nodes, time.monotonic() - self.began, self.child.solver, reason)
        return self._settled(nothing)

    def _settled(self, outcome: Outcome) -> Outcome:
        """Keep the best solution seen, and no claim that it or the solver's own refutes."""
        outcome = corrected(outcome, self.milp)
        if self.best is None:
            return outcome
        outcome = without_refuted(outcome, self.best.objective, self.limits.gap)
        if outcome.objective is None or outcome.objective > self.best.objective:
            outcome = replace(outcome, x=self.best.x, objective=self.best.objective)
        return replace(outcome, status=Status.FEASIBLE) if outcome.status is Status.NO_SOLUTION else outcome


class _Child:
    """A worker process; `messages` is a queue of what it says, None at its end. Leaving the block kills it."""

    def __init__(self, job: Job, log: Path | None) -> None:
        self.messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self.solver = job.module.rpartition(".")[2]
        self._orders: queue.SimpleQueue[bytes | Job | None] = queue.SimpleQueue()
        self._orders.put(job)
        with open(log or os.devnull, "ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-X", "faulthandler", "-m", "bdnnlang.solve.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(),
                start_new_session=True,  # Ctrl-C at the terminal goes to the parent alone
            )
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._write, self._read)]

    def __enter__(self) -> _Child:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._orders.put(None)
        for thread in self._threads:
            thread.join()

    def ask_to_stop(self) -> None:
        self._orders.put(b"s")

    def exit_reason(self) -> str:
        """How the process ended, in words."""
        code = self._process.wait()
        if code >= 0:
            return f"solver process ended with exit code {code}"
        name = signal.Signals(-code).name
        memory = ", perhaps because memory ran out" if name in ("SIGKILL", "SIGABRT") else ""
        return f"solver process ended by signal {-code} ({name}){memory}"

    def _write(self) -> None:
        """Its own thread, because a child that hangs does not read and a pipe is small."""
        assert self._process.stdin is not None
        try:
            with self._process.stdin as pipe:
                while (order := self._orders.get()) is not None:
                    if isinstance(order, Job):
                        pickle.dump(order, pipe, protocol=5)
                    else:
                        pipe.write(order)
                    pipe.flush()
        except OSError:
            pass  # it is dead: the reader will notice

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            try:
                _skip_to(GREETING, pipe)
                while True:
                    self.messages.put(pickle.load(pipe))
            except (EOFError, pickle.UnpicklingError):
                self.messages.put(None)


def _skip_to(mark: bytes, pipe: IO[bytes]) -> None:
    """Read past `mark`: whatever stands before it is not the worker's. Raises EOFError where it does not come."""
    last = b""
    while last != mark:
        if not (byte := pipe.read(1)):
            raise EOFError
        last = (last + byte)[-len(mark) :]


def _environment() -> dict[str, str]:
    """The child must import this very package, and one thread for BLAS is enough."""
    home = str(Path(bdnnlang.__path__[0]).parent)
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
