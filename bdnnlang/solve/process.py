"""The parent's side of a solve: every solve has a process of its own, which a worker forks or is (see `pool`).

So a solver that crashes, hangs or eats the memory costs its solve and nothing else, and solvers whose libraries clash
never meet. Ctrl-C does not reach the child; it is the parent who decides what it means.
"""

from __future__ import annotations

import os
import pickle
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve import pool
from bdnnlang.solve.claims import corrected, without_refuted
from bdnnlang.solve.outcome import (
    Event,
    FoundSolution,
    Limits,
    NewBound,
    Offered,
    OptionRefusedError,
    Outcome,
    PrimalHeuristic,
    Status,
    UnsupportedModelError,
    ended,
)
from bdnnlang.solve.pool import Needs, Worker
from bdnnlang.solve.worker import GREETING, STOP, Job, Message, Refusal, Started

PAUSE = 0.1  # seconds between two questions to `stop`
START_UP = 60.0  # seconds for the child to begin
PATIENCE = 1.2  # seconds for the child to obey


def run(
    needs: Needs,
    milp: Milp,
    limits: Limits,
    start: Floats | None,
    on_event: Callable[[Event], None],
    stop: Callable[[], bool],
    log: Path | None = None,
    improve: PrimalHeuristic | None = None,
) -> Outcome:
    """Solve with `needs.module`; see `solve.solve`. Raises UnsupportedModelError and OptionRefusedError where the module does."""
    if start is not None and not milp.feasible(start, limits.feasibility):
        start = None
    job = Job(milp, limits, start, improve, None if log is None else log.absolute().parent)
    while True:
        try:
            place, worker = _opened(log), pool.take(needs)
        except OSError as error:  # no memory, too many processes or open files, a log that cannot be written
            reason = f"the solver's process could not start: {(error.strerror or str(error)).lower()}"
            objective = None if start is None else milp.objective(start)
            return Outcome(Status.FAILED, start, objective, None, None, 0.0, needs.solver, reason)
        with suppress(_DiedWaitingError), _Child(worker, job, place) as child:
            watch = _Watch(child, job)
            while (outcome := watch.step(on_event, stop)) is None:
                pass
            return outcome


def _opened(log: Path | None) -> str:
    """The path of a log that can be written, wherever the process that does it is. Raises OSError."""
    if log is None:
        return os.devnull
    with open(log, "ab"):
        return os.path.abspath(log)


class _DiedWaitingError(Exception):
    """A worker had died while it waited for this job: another one can do it."""


class _Watch:
    """What the parent knows of a running solve."""

    def __init__(self, child: _Child, job: Job) -> None:
        self.child, self.milp, self.limits = child, job.milp, job.limits
        self.best = FoundSolution(0.0, job.milp.objective(job.start), job.start) if job.start is not None else None
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
            case None if self.child.worker.has_waited and not self.started:
                raise _DiedWaitingError
            case None:
                return self._without_outcome(Status.FAILED, self.child.worker.exit_reason())
            case Refusal(reason, None):
                raise UnsupportedModelError(reason)
            case Refusal(reason, str(option)):
                raise OptionRefusedError(option, reason)
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
        nothing = Outcome(status, None, None, bound, nodes, time.monotonic() - self.began, self.child.worker.needs.solver, reason)
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
    """A solve in a worker; `messages` is a queue of what it says, None at its end.

    After its answer the worker is given back when the block is left; otherwise it is killed.
    """

    def __init__(self, worker: Worker, job: Job, log: str) -> None:
        self.messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self.worker = worker
        self._job, self._log = job, log
        self._stops: queue.SimpleQueue[bool] = queue.SimpleQueue()  # requests to stop, False at their end
        self._is_waiting = threading.Event()  # for the job
        self._has_answered = False
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._write, self._read)]

    def __enter__(self) -> _Child:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if not self._has_answered:
            self.worker.kill()
        self._stops.put(False)
        for thread in self._threads:
            thread.join()
        if self._has_answered:
            pool.give_back(self.worker)
        else:
            self.worker.close()

    def ask_to_stop(self) -> None:
        self._stops.put(True)

    def _write(self) -> None:
        """Its own thread, because a child that hangs does not read and a pipe is small."""
        pipe = self.worker.orders
        self._is_waiting.wait()
        with suppress(OSError):  # it is dead: the reader will notice
            for part in (self._log, self._job):
                pickle.dump(part, pipe, protocol=5)
            pipe.flush()
            while self._stops.get():
                pipe.write(STOP)
                pipe.flush()

    def _read(self) -> None:
        """Have the job handed over once the worker waits for one, and pass on what it says up to its answer."""
        pipe = self.worker.answers
        try:
            _skip_to(GREETING, pipe)
            self._is_waiting.set()
            while not self._has_answered:
                message = pickle.load(pipe)
                self._has_answered = isinstance(message, Outcome | Refusal)
                self.messages.put(message)
        except (EOFError, pickle.UnpicklingError):
            self._is_waiting.set()
            self.messages.put(None)


def _skip_to(mark: bytes, pipe: IO[bytes]) -> None:
    """Read past `mark`: whatever stands before it is not the worker's. Raises EOFError where it does not come."""
    last = b""
    while last != mark:
        if not (byte := pipe.read(1)):
            raise EOFError
        last = (last + byte)[-len(mark) :]
