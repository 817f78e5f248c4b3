"""Where jobs are done, and what comes of each. Nothing here knows what a job is about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

J = TypeVar("J")
R = TypeVar("R")

GRACE = 1.0  # seconds that jobs have to end by themselves once they are to stop
STOPPED = "it was stopped"


@dataclass(frozen=True, slots=True)
class Workers:
    """One after the other in this process, in `count` processes, or on the cluster whose Dask scheduler is at an address."""

    count: int = 1  # on a cluster: jobs at the same time
    dask: str = ""  # tcp://host:port

    @property
    def is_here(self) -> bool:
        return self.count == 1 and not self.dask


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """What a job returned; `number` counts the jobs from 0."""

    number: int
    value: R


@dataclass(frozen=True, slots=True)
class Lost:
    """A job that did not return, and why: its process was ended, or it was to stop and did not in time."""

    number: int
    why: str


class NoClusterError(Exception):
    """No Dask scheduler answers, or it has no workers, or `distributed` is not installed."""


def never() -> bool:
    return False


def usual_grace() -> float:
    return GRACE


def results(
    function: Callable[[J], R],
    jobs: Sequence[J],
    workers: Workers,
    stop: Callable[[], bool] = never,
    grace: Callable[[], float] = usual_grace,
) -> Iterator[Done[R] | Lost]:
    """What comes of each job, as it comes; the first `count` jobs begin at once, the others when one has ended.

    Function and jobs have to be picklable, the function by its name. An exception that a job raises is raised here. `stop` is
    asked again and again, in this thread: once it says yes no job begins, and those that have not returned within as many
    seconds as `grace` says then, or says later, are ended with their processes. Raises NoClusterError.
    """
    patience = Patience(stop, grace)
    if workers.dask:
        from bdnnlang.workers.cluster import on_cluster

        return on_cluster(function, jobs, workers, patience)
    if min(workers.count, len(jobs)) > 1:
        from bdnnlang.workers.processes import in_processes

        return in_processes(function, jobs, min(workers.count, len(jobs)), patience)
    return _here(function, jobs, stop)


def _here(function: Callable[[J], R], jobs: Sequence[J], stop: Callable[[], bool]) -> Iterator[Done[R] | Lost]:
    for number, job in enumerate(jobs):
        yield Lost(number, STOPPED) if stop() else Done(number, function(job))


@dataclass
class Patience:
    """Whether jobs are to stop, and whether those that do not are to be ended."""

    stop: Callable[[], bool]
    grace: Callable[[], float]
    ends: float | None = field(default=None, init=False)

    def asked(self) -> bool:
        """Are they to stop? It is asked of `stop` until it says so, and goes on being called after that."""
        if self.stop():
            ends = time.monotonic() + self.grace()
            self.ends = ends if self.ends is None else min(self.ends, ends)
        return self.ends is not None

    def is_over(self) -> bool:
        return self.ends is not None and time.monotonic() >= self.ends
