"""Python code in a process of its own: only what the code says is read, never what a library prints there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SAY = """
def say(value):
    import json, os
    with open(os.environ["SAID"], "a", encoding="utf-8") as file:
        file.write(json.dumps(value) + "\\n")
"""


def said_by(code: str, *args: object, path: tuple[Path, ...] = (), cwd: Path | None = None) -> list[Any]:
    """The values that `code` gives to `say`, in order; it may import from `path`, and must end with exit code 0."""
    with TemporaryDirectory() as folder:
        said = Path(folder) / "said.jsonl"
        said.touch()
        search = os.pathsep.join([*map(str, path), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "SAID": str(said), **({"PYTHONPATH": search} if search else {})}
        command = [sys.executable, "-c", SAY + code, *map(str, args)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cwd, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in said.read_text(encoding="utf-8").splitlines()]
