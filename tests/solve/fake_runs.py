"""Solves by the fake solver, and what is left of processes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from milps import knapsack

from bdnnlang import solve
from bdnnlang.arrays import Floats
from bdnnlang.solve import Event, Limits, Outcome


def run(
    behaviour: str,
    limits: Limits | None = None,
    start: Floats | None = None,
    *,
    solver: str = "fake",
    on_event: Callable[[Event], None] = lambda event: None,
    stop: Callable[[], bool] = lambda: False,
    log: Path | None = None,
) -> Outcome:
    milp = replace(knapsack(), name=behaviour)
    return solve.solve(solver, milp, limits or Limits(), start, on_event, stop, log)


def told(limits: Limits | None = None, solver: str = "fake") -> dict[str, Any]:
    """What a solve says of its process."""
    outcome = run("tells", limits, solver=solver)
    said: dict[str, Any] = json.loads(outcome.reason)
    return said


def gone(pid: int) -> bool:
    """Whether the process ends within half a minute: on a busy machine it may need it."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
