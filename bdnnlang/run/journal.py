"""An append-only record of facts: a line each, with its checksum and on disk before it is acknowledged.

A line is `{"crc": 123, "entry": {…}}`; the checksum is that of the entry as it is written. A kill can tear the last line only,
which was not acknowledged: it is passed over. Damage anywhere else is passed over too, and said. Journals of version 0.1 hold
networks only: `{"question": {…}}` in the first line, then `{"seconds": …, "loss": …, "network": […]}`, with a `stage` where one
ended with that network.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from bdnnlang.network.as_json import from_json
from bdnnlang.network.network import Network
from bdnnlang.run.facts import BoundReported, Fact, NetworkFound, RunStarted, StageEnded
from bdnnlang.run.facts_json import Judge, fact_json, network_of, read_fact
from bdnnlang.run.state import RunState, fold
from bdnnlang.strict_json import Json, Malformed, parse

FIRST = b'{"crc": '  # of every line
QUIET_SECONDS = 5.0  # between two reports of a solver's bound: they count for the time spent only

Entry = dict[str, Any]


class Journal:
    """`journal.jsonl` of a run folder. Use as a context manager."""

    def __init__(self, path: Path, *, keep: bool = False) -> None:
        self._file = path.open("ab" if keep else "wb")
        if keep:
            _mend(path, self._file.fileno())
        self._spoke = float("-inf")

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._file.close()

    def write(self, fact: Fact) -> None:
        """Write a fact; when this returns, it survives a kill and a power cut."""
        if isinstance(fact, BoundReported) and time.monotonic() - self._spoke < QUIET_SECONDS:
            return
        body = json.dumps(fact_json(fact))
        self._file.write(FIRST + f'{zlib.crc32(body.encode())}, "entry": {body}}}\n'.encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._spoke = time.monotonic()


def _mend(path: Path, handle: int) -> None:
    """Cut off a last line that is torn, so that what follows does not become part of it."""
    content = path.read_bytes()
    if not content or content.endswith(b"\n"):
        return
    last = content.rpartition(b"\n")[2]
    if _entry(last) is None:
        os.truncate(handle, len(content) - len(last))
    else:
        os.write(handle, b"\n")


# ---- reading


@dataclass(frozen=True, slots=True)
class Lines:
    """What a journal holds: the entries of its lines, and the numbers, from 1, of those that are damaged."""

    entries: tuple[Entry, ...] = ()
    damaged: tuple[int, ...] = ()

    @property
    def question(self) -> dict[str, str] | None:
        """What its networks are networks for; None where it does not say."""
        said = next((entry["question"] for entry in self.entries if "question" in entry), None)
        return said if isinstance(said, dict) else None

    def networks(self) -> list[Network]:
        """All that were found, best first."""
        found = []
        for entry in self.entries:
            with suppress(KeyError, TypeError, ValueError):  # another kind of fact
                found.append(_found(entry))
        return [network for _, network in sorted(found, key=lambda one: one[0])]

    def ended_with(self) -> dict[int, list[Network]]:
        """The networks that stages ended with, by their number; of a run that was carried on with there may be several."""
        found: dict[int, list[Network]] = {}
        for entry in self.entries:
            number = entry.get("number" if "fact" in entry else "stage")
            if type(number) is int and entry.get("fact", StageEnded.__name__) == StageEnded.__name__:
                with suppress(Malformed):
                    found.setdefault(number, []).append(_network(entry))
        return found

    def facts(self, judge: Judge) -> Iterator[Fact]:
        """Those since the last run began, each network judged anew; of all that were found, the best one only."""
        starts = [number for number, entry in enumerate(self.entries) if entry.get("fact") == RunStarted.__name__]
        entries = self.entries[starts[-1] :] if starts else ()
        ranked = [entry for entry in entries if entry.get("fact") == NetworkFound.__name__]
        best = min(reversed(ranked), key=_objective, default=None)
        for entry in entries:
            if entry.get("fact") == NetworkFound.__name__ and entry is not best:
                continue
            with suppress(Malformed):  # one of a later version
                fact = read_fact(entry, judge)
                if fact is not None:
                    yield fact

    def goes_on_with(self, started: RunStarted, stages: int, *, has_ended: bool) -> bool:
        """Is the last run of this schedule, and has it stages that are not finished? `has_ended`: there are results."""
        state = fold(self.facts(lambda network: None))
        is_same = state.run is not None and state.run.schedule == started.schedule
        return is_same and (state.finished < stages or not has_ended)

    def recall(self, *, goes_on: bool) -> Callable[[Judge], RunState]:
        """What a schedule is to go on from: the last run, or nothing but the best network."""

        def recalled(judge: Judge) -> RunState:
            best = next((found for network in self.networks()[:1] if (found := judge(network)) is not None), None)
            return fold(self.facts(judge) if goes_on else (), RunState(best=best))

        return recalled


def read_journal(path: Path) -> Lines:
    """All that can be read; no file is an empty journal."""
    return read_lines(path.read_bytes()) if path.is_file() else Lines()


def read_lines(content: bytes) -> Lines:
    """The same of a journal's content."""
    lines = content.splitlines()
    entries = [_entry(line) for line in lines]
    torn = bool(lines) and entries[-1] is None and not content.endswith(b"\n")
    damaged = [number for number, entry in enumerate(entries, 1) if entry is None and not (torn and number == len(entries))]
    return Lines(tuple(entry for entry in entries if entry is not None), tuple(damaged))


def is_journal(path: Path) -> bool:
    """Is it a journal of ours, however early its run was killed?"""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        begin = file.read(len(FIRST))
    return FIRST.startswith(begin)


def _found(entry: Entry) -> tuple[float, Network]:
    if "fact" not in entry:
        return float(entry["loss"]), _network(entry)
    incumbent = entry["incumbent"] if entry["fact"] == NetworkFound.__name__ else entry["network"]
    return float(incumbent["objective"]), network_of(incumbent)


def _network(entry: Entry) -> Network:
    """That of a stage that ended; version 0.1 wrote its layers only."""
    return network_of(entry.get("network")) if "fact" in entry else from_json(entry.get("network"))


def _objective(entry: Entry) -> float:
    try:
        return float(entry["incumbent"]["objective"])
    except (KeyError, TypeError, ValueError):
        return float("inf")


def _entry(line: bytes) -> Entry | None:
    head, _, rest = line.partition(b', "entry": ')
    body = rest[:-1]
    try:
        crc = parse((head + b"}").decode("utf-8"))["crc"]
        entry: Json = parse(body.decode("utf-8")) if zlib.crc32(body) == crc else None
        return entry if isinstance(entry, dict) else None
    except (ValueError, KeyError, TypeError):
        return None
