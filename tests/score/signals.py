"""Rows 10 and 11: a run that is killed or interrupted at a random moment."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SPEC = """bdnn 1
data random(samples=120, features=4, kind=noise, seed={seed})
network {{ hidden 3 }}
train {{
  local_search 2s
  data_split 4s {{ splits = 4, step_time = 2s }}
  exact 20s
}}
"""
LATEST = 6.0  # seconds into the run
PATIENCE = 3.0  # seconds from the signal to the end


@dataclass
class Running:
    """A run whose `--json-stream` is read while it goes."""

    folder: Path
    seed: int
    flags: tuple[str, ...] = ()
    objectives: list[float] = field(default_factory=list)

    def __enter__(self) -> Running:
        spec = self.folder / "s.bdnn"
        spec.write_text(SPEC.format(seed=self.seed))
        command = [sys.executable, "-m", "bdnnlang.cli", "run", str(spec), "--out", str(self.out), "--json-stream", *self.flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    @property
    def out(self) -> Path:
        return self.folder / "r"

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = _json(line)
            if said.get("type") == "incumbent":
                self.objectives.append(said["verified_objective"])

    def wait_for_incumbent(self) -> None:
        deadline = time.monotonic() + 60
        while not self.objectives and self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)


def killed(number: int) -> str:
    """Row 10: what the stream has told is acknowledged."""
    chance = random.Random(number)
    with tempfile.TemporaryDirectory() as place:
        with Running(Path(place), number) as run:
            run.wait_for_incumbent()
            time.sleep(chance.uniform(0.0, LATEST))
            run.process.kill()
            run.process.wait()
            time.sleep(0.1)
            acknowledged = min(run.objectives, default=None)
        with Running(Path(place), number, ("--resume", "--time", "2s")) as run:
            code = run.process.wait(60)
            said = run.process.stderr.read() if run.process.stderr else ""
        if code != 0 or acknowledged is None:
            return f"resumed with exit {code}, {acknowledged} acknowledged: {said[-300:]}"
        best = json.loads((run.out / "run.json").read_text())["result"]["verified_objective"]
        verified = _verified(run.out)
    return verified if best <= acknowledged else f"{acknowledged} was acknowledged, {best} is left"


def interrupted(number: int) -> str:
    """Row 11."""
    chance = random.Random(number)
    with tempfile.TemporaryDirectory() as place, Running(Path(place), number) as run:
        run.wait_for_incumbent()
        time.sleep(chance.uniform(0.0, LATEST))
        began = time.monotonic()
        run.process.send_signal(signal.SIGINT)
        try:
            code = run.process.wait(30)
        except subprocess.TimeoutExpired:
            return "still running after 30 s"
        seconds = time.monotonic() - began
        verified = _verified(run.out)
    return f"exit {code} after {seconds:.1f} s" if code != 130 or seconds > PATIENCE else verified


def _verified(folder: Path) -> str:
    """What is wrong with a run folder."""
    command = [sys.executable, "-m", "bdnnlang.cli", "verify", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"verify: {done.stderr[-300:]}"


def _json(line: str) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(line)
        return said
    except ValueError:  # a line that the kill has cut
        return {}
