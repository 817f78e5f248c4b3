"""Jobs here and in processes: the same answers, the end of one is not that of all, and what is to stop ends."""

from __future__ import annotations

import os
import time
from itertools import count

import pytest

from bdnnlang.workers.jobs import GRACE, STOPPED, Done, Lost, Workers, results
from bdnnlang.workers.processes import ENDED
from workers import work

BOTH = [Workers(1), Workers(2)]


@pytest.mark.parametrize("workers", BOTH)
def test_every_job_is_done_once(workers: Workers) -> None:
    done = list(results(work.square, [3, 4, 5], workers))
    assert sorted(done, key=lambda one: one.number) == [Done(0, 9), Done(1, 16), Done(2, 25)]


def test_one_worker_works_here_and_two_elsewhere() -> None:
    here, elsewhere = (
        {one.value for one in results(work.process, [0, 1, 2], workers) if isinstance(one, Done)} for workers in BOTH
    )
    assert here == {os.getpid()}
    assert os.getpid() not in elsewhere


@pytest.mark.parametrize("workers", BOTH)
def test_what_a_job_raises_is_raised_here(workers: Workers) -> None:
    with pytest.raises(KeyError):
        list(results(work.fail, [1, 2], workers))


def test_a_process_that_is_ended_takes_its_job_with_it_and_no_other() -> None:
    done = sorted(results(work.end, [1, 0, 2, 3], Workers(2)), key=lambda one: one.number)
    assert done == [Done(0, 1), Lost(1, ENDED), Done(2, 2), Done(3, 3)]


def test_what_does_not_stop_is_ended() -> None:
    began, asked = time.monotonic(), []

    def stop() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 10

    done = list(results(work.sleep, [60.0, 60.0, 60.0], Workers(2), stop))
    assert sorted(done, key=lambda one: one.number) == [Lost(number, STOPPED) for number in range(3)]
    assert GRACE <= time.monotonic() - began < 60


def test_what_ends_within_its_grace_is_not_lost() -> None:
    asked = count()
    done = list(results(work.sleep, [GRACE + 0.3, GRACE + 0.4], Workers(2), lambda: next(asked) > 0, lambda: 60.0))
    assert sorted(done, key=lambda one: one.number) == [Done(0, GRACE + 0.3), Done(1, GRACE + 0.4)]


def test_grace_may_become_shorter() -> None:
    """As when somebody presses Ctrl-C while jobs come to their end."""
    began, asked, said = time.monotonic(), count(), count()
    done = list(results(work.sleep, [60.0, 60.0], Workers(2), lambda: next(asked) > 0, lambda: 60.0 if next(said) < 3 else 0.0))
    assert sorted(done, key=lambda one: one.number) == [Lost(0, STOPPED), Lost(1, STOPPED)]
    assert time.monotonic() - began < 60


def test_here_nothing_begins_once_it_is_to_stop() -> None:
    done = list(results(work.square, [3, 4], Workers(1), lambda: True))
    assert done == [Lost(0, STOPPED), Lost(1, STOPPED)]
