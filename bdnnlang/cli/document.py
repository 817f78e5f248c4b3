"""`--output json`: all diagnostics and messages of a verb as one document on standard error, written at its end.

    {"schema": 1, "verb": "check", "exit": 1, "messages": […],
     "files": [{"path": "a.bdnn", "ok": false, "error": null, "diagnostics": [{"code": "E102", …}], "data": null}]}

`files` are the specs, run folders or tables that the command line names. `error` says why a file could not be read, and is
null otherwise; `ok` means: read, and without errors; `data` is what `check` shows of the data (`report/data_facts.py`).
`messages` are remarks that belong to no file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bdnnlang.diagnostics import Diagnostic, has_errors
from bdnnlang.render import as_json

SCHEMA = 1


@dataclass
class FileReport:
    """One file, and what is wrong with it."""

    path: str
    error: str | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    is_strict: bool = False  # warnings count as errors
    data: dict[str, Any] | None = None  # what the data hold, where they were read

    def as_json(self) -> dict[str, Any]:
        bad = has_errors(self.diagnostics) or (self.is_strict and bool(self.diagnostics))
        diagnostics = [as_json(diagnostic) for diagnostic in self.diagnostics]
        return {
            "path": self.path,
            "ok": self.error is None and not bad,
            "error": self.error,
            "diagnostics": diagnostics,
            "data": self.data,
        }


@dataclass
class Document:
    """The diagnostics and messages of a verb so far."""

    verb: str
    files: list[FileReport] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def add(self, diagnostics: Sequence[Diagnostic]) -> None:
        """About the file that was begun last."""
        self.files[-1].diagnostics += diagnostics

    def text(self, code: int) -> str:
        files = [file.as_json() for file in self.files]
        content = {"schema": SCHEMA, "verb": self.verb, "exit": int(code), "messages": self.messages, "files": files}
        return json.dumps(content, indent=2)
