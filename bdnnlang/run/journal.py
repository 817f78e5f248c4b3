"""An append-only record of incumbents: a line a network, each with a checksum and on disk before it is acknowledged.

The first line says whose networks they are (see `question` in `folder/storage.py`), so that a folder whose run was killed can be
resumed, and no other one be taken for it.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from bdnnlang.network.as_json import from_json, to_json
from bdnnlang.network.network import Network
from bdnnlang.strict_json import Malformed, parse

FIRST = b'{"crc": '  # of every line


class Journal:
    """`journal.jsonl` of a run folder. Use as a context manager."""

    def __init__(self, path: Path, *, keep: bool = False, header: Mapping[str, str] | None = None) -> None:
        before = path.read_bytes() if keep and path.exists() else b""
        self._file = path.open("ab" if keep else "wb")
        if not before.endswith(b"\n") and before:  # the next line must not become part of one that was cut short
            self._file.write(b"\n")
        if header is not None and not before:
            self._write({"question": dict(header)})

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._file.close()

    def incumbent(self, seconds: float, loss: float, network: Network, stage: int | None = None) -> None:
        """Write a network and what is minimised of it; when this returns, it survives a kill and a power cut.

        `stage`: the number, from 0, of the stage that ended with it.
        """
        ended = {} if stage is None else {"stage": stage}
        self._write({"seconds": round(seconds, 3), "loss": loss, **ended, "network": to_json(network)})

    def _write(self, entry: dict[str, Any]) -> None:
        body = json.dumps(entry)
        self._file.write(FIRST + f'{zlib.crc32(body.encode())}, "entry": {body}}}\n'.encode())
        self._file.flush()
        os.fsync(self._file.fileno())


def read_journal(path: Path) -> list[Network]:
    """The networks of a journal, best first; lines that are torn or damaged are passed over, and no file is an empty one."""
    found = []
    for entry in _entries(path):
        with suppress(KeyError, TypeError, ValueError):  # another kind of line, or not one of ours
            found.append((float(entry["loss"]), from_json(entry["network"])))
    return [network for _, network in sorted(found, key=lambda one: one[0])]


def stage_networks(text: str) -> dict[int, list[Network]]:
    """The networks that stages ended with, by their number; what is damaged is passed over."""
    found: dict[int, list[Network]] = {}
    for line in text.splitlines():
        entry = _entry(line.encode("utf-8")) or {}
        with suppress(Malformed):
            if type(entry.get("stage")) is int:
                found.setdefault(entry["stage"], []).append(from_json(entry.get("network")))
    return found


def is_journal(path: Path) -> bool:
    """Is it a journal of ours, however early its run was killed?"""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        begin = file.read(len(FIRST))
    return FIRST.startswith(begin)


def read_header(path: Path) -> dict[str, str] | None:
    """What the networks of a journal are networks for; None where it does not say."""
    said = next((entry["question"] for entry in _entries(path) if "question" in entry), None)
    return said if isinstance(said, dict) else None


def _entries(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [entry for line in path.read_bytes().splitlines() if (entry := _entry(line)) is not None]


def _entry(line: bytes) -> dict[str, Any] | None:
    head, _, rest = line.partition(b', "entry": ')
    body = rest[:-1]
    try:
        crc = parse((head + b"}").decode("utf-8"))["crc"]
        entry = parse(body.decode("utf-8")) if zlib.crc32(body) == crc else None
        return entry if isinstance(entry, dict) else None
    except (ValueError, KeyError, TypeError):
        return None
