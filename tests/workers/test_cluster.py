"""Jobs on a cluster of Dask, whose workers are processes of this machine: the same answers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bdnnlang.workers.cluster import ENDED, size
from bdnnlang.workers.jobs import Done, Lost, NoClusterError, Workers, results
from bdnnlang.workers.talk import line_for
from workers import local, work

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[Workers]:
    with local.cluster() as address:
        yield Workers(2, address)


def test_every_job_is_done_once_by_the_workers(cluster: Workers) -> None:
    assert size(cluster) == 2
    done = sorted(results(work.square, [3, 4, 5], cluster), key=lambda one: one.number)
    assert done == [Done(0, 9), Done(1, 16), Done(2, 25)]
    processes = {one.value for one in results(work.process, [0, 1, 2], cluster) if isinstance(one, Done)}
    assert processes
    assert os.getpid() not in processes


def test_what_a_job_raises_is_raised_here(cluster: Workers) -> None:
    with pytest.raises(KeyError):
        list(results(work.fail, [1, 2], cluster))


def test_messages_are_answered(cluster: Workers) -> None:
    with line_for(cluster, lambda message: message + 1) as (line, serve):
        done = list(results(work.count, [line, line], cluster, lambda: bool(serve())))
    assert sorted(done, key=lambda one: one.number) == [Done(0, [1, 2, 3, 4]), Done(1, [1, 2, 3, 4])]


def test_a_job_that_ends_every_worker_is_lost(cluster: Workers) -> None:
    assert list(results(work.end, [0], cluster)) == [Lost(0, ENDED)]


def test_where_no_scheduler_answers() -> None:
    pytest.importorskip("distributed", reason="dask is not installed")
    with pytest.raises(NoClusterError, match=r"no Dask scheduler answers at tcp://127.0.0.1:1"):
        list(results(work.square, [1], Workers(2, "tcp://127.0.0.1:1")))
