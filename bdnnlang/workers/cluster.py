"""Jobs on a cluster, through joblib's Dask backend. Its workers have to have the same bdnnlang."""

from __future__ import annotations

import importlib.util
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bdnnlang.workers.jobs import STOPPED, Done, Lost, NoClusterError, Patience, Workers

J = TypeVar("J")
R = TypeVar("R")

LIBRARY = "distributed"
LOOK = 0.05  # seconds between two questions whether to stop
ANSWERS = 10.0  # seconds that a scheduler has to answer
INSTALL = "`--dask` needs Dask's scheduler: pip install distributed"
ENDED = "the cluster gave it up: its workers end while they do it, or do not have this bdnnlang"
BATCH = "batch_of_"  # what joblib's names of tasks begin with
FAILED = "error"
QUIET = 2.0  # seconds without a task behind which there is none to come


def available() -> bool:
    """Is Dask's scheduler installed? It is not imported."""
    return importlib.util.find_spec(LIBRARY) is not None


def size(workers: Workers) -> int:
    """How many jobs the cluster does at the same time. Raises NoClusterError."""
    with _client(workers.dask) as client:
        return sum(client.ncores().values())


def on_cluster(function: Callable[[J], R], jobs: Sequence[J], workers: Workers, patience: Patience) -> Iterator[Done[R] | Lost]:
    """As `jobs.results`. A job whose worker was ended is begun again by another one, a few times."""
    with _client(workers.dask) as client:
        calls = _Calls(function, jobs, min(workers.count, len(jobs)), client)
        threading.Thread(target=calls.run, daemon=True).start()
        left = set(range(len(jobs)))
        while left and not patience.is_over():
            if patience.asked():
                calls.is_over.set()
            for said in calls.answers():
                if isinstance(said, str):
                    yield from (Lost(number, said) for number in sorted(left))
                    return
                left.discard(said.number)
                yield said
            if calls.are_given_up():
                yield from (Lost(number, ENDED) for number in sorted(left))
                return
        yield from (Lost(number, STOPPED) for number in sorted(left))


@contextmanager
def _client(address: str) -> Iterator[Any]:
    if not available():
        raise NoClusterError(INSTALL)
    from distributed import Client

    try:
        client = Client(address, timeout=ANSWERS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoClusterError(f"no Dask scheduler answers at {address}: {error}") from None
    try:
        if not client.ncores():
            raise NoClusterError(f"the Dask scheduler at {address} has no workers")
        yield client
    finally:
        client.close(timeout=1)


@dataclass
class _Calls:
    """The calls of joblib, which block a thread of their own."""

    function: Callable[[Any], Any]
    jobs: Sequence[Any]
    most: int  # at the same time
    client: Any
    said: queue.Queue[Done[Any] | str | BaseException] = field(default_factory=queue.Queue)
    is_over: threading.Event = field(default_factory=threading.Event)  # no job is to begin any more
    begun: int = 0
    quiet: float | None = None  # since when the cluster has no task

    def run(self) -> None:
        """What comes goes to `said`; at last why no more will come."""
        from joblib import Parallel, parallel_config

        try:
            with parallel_config(backend="dask", client=self.client):
                calls = Parallel(batch_size=1, pre_dispatch=self.most, return_as="generator_unordered")
                for done in calls(self.each()):
                    self.said.put(done)
            self.said.put(STOPPED)
        except BaseException as error:
            self.said.put(error)

    def each(self) -> Iterator[Any]:
        from joblib import delayed

        for number, job in enumerate(self.jobs):
            if self.is_over.is_set():
                return
            self.begun += 1
            yield delayed(_numbered)(self.function, number, job)

    def are_given_up(self) -> bool:
        """Has the cluster no task any more? Joblib is not told of one that failed outside of its job, and waits for it."""
        tasks = [state.status for key, state in list(self.client.futures.items()) if str(key).startswith(BATCH)]
        if not self.begun or any(status != FAILED for status in tasks):
            self.quiet = None
            return False
        self.quiet = self.quiet or time.monotonic()
        return time.monotonic() - self.quiet >= QUIET

    def answers(self) -> Iterator[Done[Any] | str]:
        """What has come, after a while without anything."""
        with suppress(queue.Empty):
            said = self.said.get(timeout=LOOK)
            if isinstance(said, BaseException):
                raise said
            yield said


def _numbered(function: Callable[[J], R], number: int, job: J) -> Done[R]:
    return Done(number, function(job))
