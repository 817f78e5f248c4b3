"""What a run has to show of its stages, and of itself: views of its facts, as reports and `run.json` state them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bdnnlang.network.numbers import Rational
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.facts import (
    COUNTING,
    EQUAL_SAMPLES,
    OURSELVES,
    SOLVERS_WORD,
    BoundProved,
    MarginAtLeast,
    Preferred,
    StepRecord,
    Whole,
)
from bdnnlang.run.status import RunStatus, StageStatus


@dataclass(frozen=True, slots=True)
class StageRecord:
    """One stage as it went. What is claimed and `bound` are a solver's words, what is verified is ours.

    With penalties a solver claims objectives only: `claimed_loss` is None. Of a stage that asks no solver nothing is claimed,
    and `solver` and `formulation` are empty.
    """

    stage: str
    solver: str
    formulation: str
    seconds: float
    status: StageStatus
    claimed_loss: Rational | None
    verified_loss: Rational | None
    bound: Rational | None
    margin: float | None  # the bound speaks of networks with at least this margin; None: of all networks
    nodes: int | None
    columns: int
    binaries: int
    rows: int
    nonzeros: int
    notes: tuple[str, ...] = ()
    validation_accuracy: float | None = None  # of the stage's network, where that was selected by it
    steps: tuple[StepRecord, ...] = ()
    claimed_objective: Rational | None = None
    verified_objective: Rational | None = None
    solver_seconds: float | None = None  # of `seconds`, those in the solver's process, the hand-over included
    relative_margin: bool = False  # in layer 1 `margin` is a part of the greatest sum that a neuron can have
    evidence: str = ""  # of the bound, where it is neither a solver's word nor counting
    preferred: Preferred | None = None  # of a preference

    @property
    def bounds(self) -> tuple[BoundProved, ...]:
        """What the stage proves."""
        if self.bound is None:
            return ()
        scope = Whole() if self.margin is None else MarginAtLeast(self.margin, self.relative_margin)
        by, evidence = (self.solver, SOLVERS_WORD) if self.solver else (COUNTING, EQUAL_SAMPLES)
        if self.evidence:
            by, evidence = OURSELVES, self.evidence
        return (BoundProved(self.bound, scope, by, evidence),)


@dataclass(frozen=True, slots=True)
class Imported:
    """Where a network came from that no stage found, what was said of it and of its bound, and what of that does not hold."""

    file: str
    sha256: str
    form: str
    claimed_objective: Rational | None  # that of the values in the file
    bound: float | None = None  # the word of `bound_by`
    bound_by: str = ""
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What a schedule brought."""

    status: RunStatus
    stages: tuple[StageRecord, ...]
    best: Incumbent | None
    claimed_loss: Rational | None
    bound: Rational | None  # of the objective
    margin: float | None
    seconds: float
    solver: str
    reason: str  # why this solver
    claimed_objective: Rational | None = None
    advice: str = ""  # what would suit the network better
    relative_margin: bool = False
    imported: Imported | None = None
    bound_by: str = ""  # who proves the bound …
    evidence: str = ""  # … and from what
    interrupted: bool = False  # did the user stop it, then or while what it found was tried?

    def stopped(self) -> Run:
        """The same, stopped by the user: what is not proved is not known to be all that the time would have brought."""
        status = RunStatus.INTERRUPTED if self.status is RunStatus.FEASIBLE else self.status
        return replace(self, status=status, interrupted=True)
