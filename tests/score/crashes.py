"""Row 12: the solver's process dies in the middle of its work."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

SPEC = """bdnn 1
data random(samples=100, features=4, kind=noise, seed={seed})
network {{ hidden 2 }}
train {{
  solver = {solver}
  local_search 1s
  exact 4s
}}
"""
BDNNC = (sys.executable, "-m", "bdnnlang.cli")
DEATHS = (signal.SIGSEGV, signal.SIGKILL, signal.SIGXCPU, signal.SIGABRT, signal.SIGBUS)


def named(number: int) -> str:
    """The run ends with a status that says so, and with its incumbent, which `verify` finds right."""
    chance = random.Random(number)
    with tempfile.TemporaryDirectory() as place:
        spec, out = Path(place) / "s.bdnn", Path(place) / "r"
        spec.write_text(SPEC.format(seed=number, solver=("scip", "highs")[number % 2]))
        command = [*BDNNC, "run", str(spec), "--out", str(out)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            child = _child(process)
            if child is None:
                process.kill()
                return "no process of a solver was seen"
            time.sleep(chance.uniform(0.0, 3.0))
            with suppress(ProcessLookupError):
                os.kill(child, DEATHS[number % len(DEATHS)])
            _, said = process.communicate(timeout=60)
        code = process.returncode
        run = json.loads((out / "run.json").read_text())
        verified = subprocess.run(
            [sys.executable, "-m", "bdnnlang.cli", "verify", str(out)], capture_output=True, text=True, check=False
        )
    last = run["stages"][-1]
    if code not in (0, 3) or "Traceback" in said:
        return f"exit {code}: {said[-300:]}"
    if last["status"] not in ("failed", "optimal_at_margin", "optimal", "feasible"):
        return f"stage status {last['status']}"
    if last["status"] == "failed" and not last["notes"]:
        return "the stage does not say why it failed"
    if run["result"]["verified_loss"] > run["stages"][0]["verified_loss"]:
        return "the incumbent was lost"
    return "" if verified.returncode == 0 else f"verify: {verified.stderr[-300:]}"


def _child(process: subprocess.Popen[str]) -> int | None:
    """The process of the solver, once there is one."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if children:
            return int(children[-1])
        time.sleep(0.02)
    return None
