"""A solver that says what a test wants it to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bdnnlang import solve
from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.outcome import Event, Limits, Outcome, PrimalHeuristic, Status


@dataclass
class Call:
    """What the stage asked, and how the solver may answer while it works."""

    milp: Milp
    limits: Limits
    start: Floats | None
    on_event: Callable[[Event], None]
    stop: Callable[[], bool]
    improve: PrimalHeuristic | None = None


@dataclass
class FakeSolver:
    """Answers the calls one after another; the last answer is repeated."""

    answers: list[Callable[[Call], Outcome]]
    calls: list[Call] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # the solvers that were asked

    def __call__(
        self,
        name: str,
        milp: Milp,
        limits: Limits,
        start: Floats | None,
        on_event: Callable[[Event], None],
        stop: Callable[[], bool],
        log: Path | None = None,
        improve: PrimalHeuristic | None = None,
    ) -> Outcome:
        self.names.append(name)
        self.calls.append(Call(milp, limits, start, on_event, stop, improve))
        return self.answers[min(len(self.calls), len(self.answers)) - 1](self.calls[-1])


def install(monkeypatch: pytest.MonkeyPatch, *answers: Callable[[Call], Outcome]) -> FakeSolver:
    fake = FakeSolver(list(answers))
    monkeypatch.setattr(solve, "solve", fake)
    monkeypatch.setattr(solve, "prepare", lambda name, ahead: None)
    return fake


def says(
    status: Status,
    x: Floats | None = None,
    objective: float | None = None,
    bound: float | None = None,
    reason: str = "",
) -> Outcome:
    return Outcome(status, x, objective, bound, 7, 0.5, "fake 1", reason)
