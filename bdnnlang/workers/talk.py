"""Jobs that say how far they are while they work, and are told what matters to them: by a plain call, or over a socket."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, wait
from typing import Any, Protocol
from urllib.parse import urlsplit

from bdnnlang.workers.jobs import Workers

HERE = "127.0.0.1"
Answer = Callable[[Any], Any]  # to what a job says


class HungUpError(Exception):
    """Nobody listens to this job any more."""


class Line(Protocol):
    """A job's line to who asked for it."""

    def say(self, message: Any, /) -> Any:
        """The answer to a message. Raises HungUpError."""


@dataclass(frozen=True, slots=True)
class Call:
    """A line within a process."""

    answer: Answer

    def say(self, message: Any) -> Any:
        return self.answer(message)


@dataclass
class Socket:
    """A line to another process, which may be on another machine: it is opened when it is used, where it is used."""

    address: tuple[str, int]
    key: bytes = field(repr=False)
    connection: Connection | None = field(default=None, init=False)

    def say(self, message: Any) -> Any:
        try:
            if self.connection is None:
                self.connection = Client(self.address, authkey=self.key)
            self.connection.send(message)
            return self.connection.recv()
        except (EOFError, OSError, AuthenticationError):
            raise HungUpError from None


@dataclass
class Switchboard:
    """Answers what jobs say over sockets; who knows the key is one of them."""

    answer: Answer
    host: str = HERE

    def __post_init__(self) -> None:
        self.key = secrets.token_bytes(32)
        self.listener = Listener((self.host, 0), backlog=64, authkey=self.key)
        host, port = self.listener.address
        self.address = host, port
        self.connections: list[Connection] = []
        self.is_open = True
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def line(self) -> Socket:
        """For a job to take with it."""
        return Socket(self.address, self.key)

    def _accept(self) -> None:
        while self.is_open:
            with suppress(EOFError, OSError, AuthenticationError):
                self.connections.append(self.listener.accept())
        self.listener.close()

    def serve(self) -> None:
        """Answer all that has been said, in this thread."""
        for connection in wait(list(self.connections), timeout=0):
            assert isinstance(connection, Connection)
            try:
                connection.send(self.answer(connection.recv()))
            except (EOFError, OSError):
                connection.close()
                self.connections.remove(connection)

    def close(self) -> None:
        """Hang up."""
        self.is_open = False
        with suppress(EOFError, OSError):
            Client(self.address, authkey=self.key).close()  # so that it waits no more for the next one
        for connection in self.connections:
            connection.close()


@contextmanager
def line_for(workers: Workers, answer: Answer) -> Iterator[tuple[Line, Callable[[], None]]]:
    """A line for jobs that such workers do, and what has to be called again and again for their messages to be answered."""
    if workers.is_here:
        yield Call(answer), lambda: None
        return
    board = Switchboard(answer, _own_address(workers.dask) if workers.dask else HERE)
    try:
        yield board.line, board.serve
    finally:
        board.close()


def _own_address(dask: str) -> str:
    """That of this machine, as a scheduler's sees it: nothing is sent."""
    parts = urlsplit(dask)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((parts.hostname or HERE, parts.port or 8786))
        host: str = probe.getsockname()[0]
        return host
