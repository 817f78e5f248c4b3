"""An append-only record of incumbents: a line a network, each with a checksum and on disk before it is acknowledged."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any

from bdnnlang.network import Network, from_json, to_json


class Journal:
    """`journal.jsonl` of a run folder. Use as a context manager."""

    def __init__(self, path: Path, *, keep: bool = False) -> None:
        torn = keep and path.exists() and not path.read_bytes().endswith(b"\n")
        self._file = path.open("ab" if keep else "wb")
        if torn:  # the next line must not become part of one that was cut short
            self._file.write(b"\n")

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._file.close()

    def incumbent(self, seconds: float, loss: float, network: Network) -> None:
        """Write a network and what is minimised of it; when this returns, it survives a kill and a power cut."""
        body = json.dumps({"seconds": round(seconds, 3), "loss": loss, "network": to_json(network)})
        self._file.write(f'{{"crc": {zlib.crc32(body.encode())}, "entry": {body}}}\n'.encode())
        self._file.flush()
        os.fsync(self._file.fileno())


def read_journal(path: Path) -> list[Network]:
    """The networks of a journal, best first; lines that are torn or damaged are passed over, and no file is an empty one."""
    if not path.exists():
        return []
    entries = [entry for line in path.read_bytes().splitlines() if (entry := _entry(line)) is not None]
    return [from_json(entry["network"]) for entry in sorted(entries, key=lambda entry: entry["loss"])]


def _entry(line: bytes) -> dict[str, Any] | None:
    head, _, rest = line.partition(b', "entry": ')
    body = rest[:-1]
    try:
        crc = json.loads(head + b"}")["crc"]
        return json.loads(body) if zlib.crc32(body) == crc else None
    except (ValueError, KeyError, TypeError):
        return None
