"""Finished runs in a file, so that a benchmark that was cut short goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import bdnnlang
from bdnnlang.bench.cells import Attempt
from bdnnlang.bench.machine import machine
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Spec
from bdnnlang.report.as_json import sha256
from bdnnlang.report.summary import versions

NO_INFLUENCE = (
    "api/",
    "report/",
    "compare/",
    "language/syntax/",
    "network/export/",
    "folder/",
    "bench/",
    "cli/",
    "render.py",
)  # on what a run comes to


class RunCache:
    """Finished runs in a file, a line each, by all that they depend on: spec, data, versions, machine and our own code."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.common = json.dumps([versions(), machine(), _code()]) if path else ""
        self.runs: dict[str, Attempt] = dict(self._read()) if path and path.exists() else {}

    def key(self, spec: Spec, data: Dataset) -> str:
        """What a run depends on, in one digest."""
        return sha256("\n".join([repr(replace(spec, params=())), data.sha256, self.common]))

    def get(self, key: str) -> Attempt | None:
        """A finished run, if there is one."""
        return self.runs.get(key)

    def keep(self, key: str, done: Attempt) -> None:
        """Append a finished run to the file."""
        if self.path is not None and key not in self.runs:
            self.runs[key] = done
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n" + json.dumps({"key": key, "run": asdict(done)}))  # after a line that was cut off, a new one

    def _read(self) -> list[tuple[str, Attempt]]:
        assert self.path is not None
        runs = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
                runs.append((entry["key"], Attempt(**entry["run"] | {"notes": tuple(entry["run"]["notes"])})))
            except (ValueError, KeyError, TypeError):
                continue  # cut off while it was written, or of an earlier version
        return runs


def _code() -> str:
    """A digest of the package, as far as it bears on a run."""
    home = Path(bdnnlang.__path__[0])
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        name = path.relative_to(home).as_posix()
        if not name.startswith(NO_INFLUENCE):
            digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
