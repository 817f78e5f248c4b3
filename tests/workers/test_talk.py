"""A job says something and is answered, in this process and from another one."""

from __future__ import annotations

import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from typing import Any

import pytest

from bdnnlang.workers.jobs import Done, Workers, results
from bdnnlang.workers.talk import HungUpError, Switchboard, line_for
from workers import work


@pytest.mark.parametrize("workers", [Workers(1), Workers(2)])
def test_messages_are_answered(workers: Workers) -> None:
    heard = []

    def answer(message: int) -> int:
        heard.append(message)
        return message + 1

    with line_for(workers, answer) as (line, serve):

        def look() -> bool:
            serve()
            return False

        done = list(results(work.count, [line, line], workers, look))
    assert sorted(done, key=lambda one: one.number) == [Done(0, [1, 2, 3, 4]), Done(1, [1, 2, 3, 4])]
    assert sorted(heard) == [1, 1, 2, 2, 3, 3]


def test_who_does_not_know_the_key_is_not_heard() -> None:
    heard: list[Any] = []
    board = Switchboard(heard.append)
    host, port = board.line.address
    with pytest.raises(AuthenticationError):
        Client((host, port), authkey=b"another")
    board.serve()
    board.close()
    assert heard == []


def test_a_job_is_told_when_nobody_listens_any_more() -> None:
    board, said = Switchboard(lambda message: message), []
    working = threading.Thread(target=lambda: said.append(work.until_hung_up(board.line)))
    working.start()
    while not board.connections:
        pass
    board.serve()
    board.close()
    working.join(10)
    assert said == ["hung up"]
    with pytest.raises(HungUpError):
        board.line.say(0)
