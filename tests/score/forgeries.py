"""Row 15: run folders that somebody has edited."""

from __future__ import annotations

import atexit
import io
import json
import random
import shutil
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import forge
from folder.test_verify import CSV, SPECS, copied, looked_at, unlisted

from bdnnlang import cli

EDITS_A_TRIAL = 10


def noticed(number: int) -> str:
    """Single edits of what `verify` does not list as unchecked."""
    folder, edits = _run(sorted(SPECS)[number % len(SPECS)])
    with tempfile.TemporaryDirectory() as place:
        copy = copied(folder, Path(place))
        for what, path, document in random.Random(number).sample(edits, EDITS_A_TRIAL):
            (copy / "run.json").write_text(json.dumps(document))
            if not looked_at(copy)[0]:
                return f"{what} at {forge.name(path)}"
    return ""


@cache
def _run(name: str) -> tuple[Path, list[tuple[str, forge.Path, Any]]]:
    """A finished run of one of the kinds of specs, once for each process, and its edits."""
    place = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for data in ("d.csv", "t.csv"):
        (place / data).write_text(CSV)
    (place / "s.bdnn").write_text(SPECS[name])
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        assert cli.main(["run", str(place / "s.bdnn"), "--out", str(place / "out")]) == 0
    return place / "out", unlisted(place / "out")
