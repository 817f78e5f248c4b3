"""The facts of a run as the objects of `--json-stream` (docs/architecture.md 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, assert_never

from bdnnlang.network.numbers import shown
from bdnnlang.report.as_json import numbers, stage_json
from bdnnlang.run.facts import (
    NO_MODEL,
    BoundProved,
    BoundReported,
    ClaimRejected,
    Fact,
    ModelBuilt,
    NetworkFound,
    RunStarted,
    StageEnded,
    StageStarted,
    StepEnded,
)
from bdnnlang.run.state import OpenStage, record_of

Json = dict[str, Any]


class Stream:
    """Called with facts, one after another. The line of a stage's start has the size of its first model, and waits for it."""

    def __init__(self) -> None:
        self.stage: OpenStage | None = None
        self.waits = False

    def __call__(self, fact: Fact) -> Iterator[Json]:
        """The lines that are due now."""
        if isinstance(fact, StageStarted):
            self.stage, self.waits = OpenStage(fact), True
            if fact.solver:
                return
        if self.stage is not None and self.waits:
            self.waits = False
            yield _started(self.stage.started, fact if isinstance(fact, ModelBuilt) else None)
        yield from self._line(fact)

    def _line(self, fact: Fact) -> Iterator[Json]:
        self.stage = self.stage and self.stage.after(fact)
        match fact:
            case StageEnded() if self.stage is not None:
                yield {"type": "stage", "event": "ended", **stage_json(record_of(self.stage, fact))}
            case StepEnded(stage, number, step):
                yield {"type": "step", "stage": stage, "number": number, **numbers(asdict(step))}
            case NetworkFound(seconds, incumbent, by):
                costs = {"verified_loss": shown(incumbent.loss), "verified_objective": shown(incumbent.objective)}
                yield {"type": "incumbent", "seconds": round(seconds, 3), **costs, "by": by}
            case BoundReported(seconds, bound, nodes, solver):
                yield {"type": "bound", "seconds": round(seconds, 3), "bound": bound, "nodes": nodes, "solver": solver}
            case RunStarted() | StageStarted() | StageEnded() | ModelBuilt() | BoundProved() | ClaimRejected():
                return
            case _:
                assert_never(fact)


def _started(stage: StageStarted, model: ModelBuilt | None) -> Json:
    named = {"stage": stage.stage, "solver": stage.solver if model else "", "formulation": model.formulation if model else ""}
    size = {name: getattr(model or NO_MODEL, name) for name in ("columns", "binaries", "rows", "nonzeros")}
    return {"type": "stage", "event": "started", **named, "seconds": stage.seconds, **size}
