"""The state of a run: the fold of its facts.

    state(f₁ … fₙ) = start ⊕ f₁ ⊕ … ⊕ fₙ

It is the best network so far, the bounds that are proved, the record of every stage that has ended, and the time spent. Folding a
part of the facts and then the others comes to the same: so a run goes on where its journal ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import assert_never

from bdnnlang.network.numbers import Rational
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.facts import (
    EARLIER,
    NO_MODEL,
    OURSELVES,
    BoundProved,
    BoundReported,
    ClaimRejected,
    Fact,
    FromFile,
    ModelBuilt,
    NetworkFound,
    RunStarted,
    Samples,
    StageEnded,
    StageStarted,
    StepEnded,
    StepRecord,
    Whole,
)
from bdnnlang.run.records import Imported, StageRecord
from bdnnlang.run.status import StageStatus

ADDED_UP = "bounds of disjoint samples, added up"


@dataclass(frozen=True, slots=True)
class OpenStage:
    """A stage that has begun and not ended."""

    started: StageStarted
    found: Incumbent | None = None  # of least objective, of those that it found, in an earlier process too
    before: float = 0.0  # seconds that were spent on it in a process that ended before it did
    model: ModelBuilt | None = None  # the last one
    steps: tuple[StepRecord, ...] = ()
    bounds: tuple[BoundProved, ...] = ()
    spent: float = 0.0  # seconds, as far as is known

    def after(self, fact: Fact) -> OpenStage:
        """The stage once this is known as well."""
        match fact:
            case ModelBuilt():
                return replace(self, model=fact)
            case StepEnded(record=step):
                return replace(self, steps=(*self.steps, step))
            case BoundProved():
                return replace(self, bounds=(*self.bounds, fact))
            case NetworkFound(seconds=seconds, incumbent=incumbent, by=by):
                is_better = by != EARLIER and incumbent.acceptable and (self.found is None or incumbent.rank < self.found.rank)
                return replace(self, spent=max(seconds, self.spent), found=incumbent if is_better else self.found)
            case BoundReported(seconds=seconds):
                return replace(self, spent=max(seconds, self.spent))
            case RunStarted() | StageStarted() | StageEnded() | ClaimRejected():
                return self
            case _:
                assert_never(fact)


@dataclass(frozen=True, slots=True)
class EndedStage:
    """A stage that has ended: what there is to show of it, what it proved, and the network that it selected."""

    record: StageRecord
    bounds: tuple[BoundProved, ...]
    network: Incumbent | None


@dataclass(frozen=True, slots=True)
class RunState:
    """What is known after some facts."""

    run: RunStarted | None = None
    best: Incumbent | None = None  # of least objective, of all that were found
    proved: tuple[BoundProved, ...] = ()  # outside of stages
    ended: tuple[EndedStage, ...] = ()
    open: OpenStage | None = None
    lost: float = 0.0  # seconds of stages that had to begin again
    imported: Imported | None = None  # where the network came from that is there without a stage

    @property
    def stages(self) -> tuple[StageRecord, ...]:
        """The records of those that have ended."""
        return tuple(stage.record for stage in self.ended)

    @property
    def shown(self) -> Incumbent | None:
        """The network of the run: the one that its last stage selected, or a better one of a stage that was cut off."""
        if not self.ended:
            return self.best
        selected, found = self.ended[-1].network, self.open.found if self.open else None
        return found if found is not None and (selected is None or found.rank < selected.rank) else selected

    @property
    def bounds(self) -> tuple[BoundProved, ...]:
        """What is proved of the objective; bounds of disjoint samples are added up to one of all samples."""
        known = [*self.proved, *(bound for stage in self.ended for bound in stage.bounds)]
        parts = [bound for bound in known if isinstance(bound.scope, Samples)]
        total = added_up(parts)
        return (*(bound for bound in known if bound not in parts), *([] if total is None else [total]))

    @property
    def known(self) -> tuple[BoundProved, ...]:
        """All that was proved, by a stage too that was stopped or cut off."""
        own = self.open.bounds if self.open else ()
        return (*self.proved, *(bound for stage in self.ended for bound in stage.bounds), *own)

    @property
    def spent(self) -> float:
        """Seconds in the stages."""
        return math.fsum([self.lost, *(stage.seconds for stage in self.stages), self.open.spent if self.open else 0.0])

    @property
    def has_begun(self) -> bool:
        """Has any stage?"""
        return bool(self.ended) or self.open is not None

    @property
    def finished(self) -> int:
        """How many stages need not be run again; one that the user stopped does."""
        stopped = bool(self.ended) and self.ended[-1].record.status is StageStatus.INTERRUPTED
        return len(self.ended) - stopped

    def spent_on(self, number: int) -> float:
        """Seconds that a stage has had which is not finished."""
        if self.open is not None and self.open.started.number == number:
            return self.open.before + self.open.spent
        return math.fsum(stage.record.seconds for stage in self.ended[number:])

    def after(self, fact: Fact) -> RunState:
        """The state once this is known as well."""
        inside = self if self.open is None else replace(self, open=self.open.after(fact))
        match fact:
            case RunStarted():
                return RunState(fact, self.best)
            case NetworkFound(incumbent=incumbent, polished=polished):
                is_better = incumbent.acceptable and (polished or self.best is None or incumbent.rank < self.best.rank)
                return (replace(inside, best=incumbent) if is_better else inside)._brought(fact)
            case BoundProved() if self.open is None:
                return replace(self, proved=(*self.proved, fact))
            case StageStarted():
                return self._started(fact)
            case StageEnded():
                return self._ended(fact)
            case BoundReported() | ClaimRejected():
                return inside._brought(fact)
            case BoundProved() | ModelBuilt() | StepEnded():
                return inside
            case _:
                assert_never(fact)

    def _brought(self, fact: NetworkFound | BoundReported | ClaimRejected) -> RunState:
        """With what is said of a network that was brought; stages say it of their own."""
        match fact:
            case NetworkFound(origin=FromFile() as origin):
                told = Imported(origin.file, origin.sha256, origin.form, origin.claimed_objective)
                return replace(self, imported=told)
            case BoundReported(bound=bound, solver=solver) if self.imported and self.open is None:
                return replace(self, imported=replace(self.imported, bound=bound, bound_by=solver))
            case ClaimRejected(why=why) if self.imported and self.open is None:
                return replace(self, imported=replace(self.imported, rejected=(*self.imported.rejected, why)))
            case _:
                return self

    def _started(self, fact: StageStarted) -> RunState:
        """A stage that begins again counts once; one behind a gap, as a line is damaged, not at all."""
        if fact.number > len(self.ended):
            return replace(self, open=None)
        cut, again = self.ended[fact.number :], self.spent_on(fact.number)
        found = self.open.found if self.open is not None and self.open.started.number == fact.number else None
        lost = math.fsum([self.lost, *(stage.record.seconds for stage in cut), self.open.spent if self.open else 0.0])
        return replace(self, ended=self.ended[: fact.number], open=OpenStage(fact, found, again), lost=lost)

    def _ended(self, fact: StageEnded) -> RunState:
        if self.open is None or self.open.started.number != fact.number:
            return self
        ended = EndedStage(record_of(self.open, fact), self.open.bounds, fact.network)
        return replace(self, ended=(*self.ended, ended), open=None)


def fold(facts: Iterable[Fact], state: RunState | None = None) -> RunState:
    """What is known after all of these facts."""
    return reduce(RunState.after, facts, state or RunState())


def record_of(stage: OpenStage, ended: StageEnded) -> StageRecord:
    """What there is to show of a stage."""
    built = ended.model or stage.model
    model = built or NO_MODEL
    bound = stage.bounds[-1] if stage.bounds else None
    return StageRecord(
        stage=stage.started.stage,
        solver=ended.solver if built else "",  # stopped before there was a program, it asked none
        formulation=model.formulation,
        seconds=ended.seconds,
        status=ended.status,
        claimed_loss=ended.claimed_loss,
        verified_loss=ended.network.loss if ended.network else None,
        bound=None if bound is None else bound.value,
        margin=model.margin if bound is None else bound.margin,
        nodes=ended.nodes,
        columns=model.columns,
        binaries=model.binaries,
        rows=model.rows,
        nonzeros=model.nonzeros,
        notes=ended.notes,
        validation_accuracy=ended.validation_accuracy,
        steps=stage.steps,
        claimed_objective=ended.claimed_objective,
        verified_objective=ended.network.objective if ended.network else None,
        solver_seconds=ended.solver_seconds,
        relative_margin=model.relative_margin,
        evidence="" if bound is None or bound.by != OURSELVES else bound.evidence,
        preferred=ended.preferred,
    )


def added_up(bounds: Iterable[BoundProved]) -> BoundProved | None:
    """One bound of all samples from bounds of some, greatest first, as long as they have none in common."""
    total: Rational = 0
    seen: set[int] = set()
    for bound in sorted(bounds, key=lambda bound: -bound.value):
        numbers = set(bound.scope.numbers) if isinstance(bound.scope, Samples) else set()
        if numbers and not numbers & seen:
            total, seen = total + bound.value, seen | numbers
    return BoundProved(total, Whole(), "bdnnc", ADDED_UP) if seen else None
