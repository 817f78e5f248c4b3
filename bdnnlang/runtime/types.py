"""What the runtime keeps: the best network, the time that is left, and a record of every stage."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bdnnlang.data.types import Dataset
from bdnnlang.ir.delta import Delta
from bdnnlang.network import Loss, Network, outputs, sample_losses
from bdnnlang.runtime.certificate import certify
from bdnnlang.spec.types import Spec


class RunStatus(StrEnum):
    """How a run ended (LANGUAGE.md, section 4)."""

    OPTIMAL = "optimal"  # verified, and the bound closes
    FEASIBLE = "feasible"  # verified
    CLAIM_REJECTED = "claim_rejected"
    INFEASIBLE = "infeasible"
    NO_NETWORK = "no_network"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A network and its training loss, which has been recomputed from it in exact arithmetic."""

    network: Network
    loss: int

    @property
    def objective(self) -> int:
        """What networks are compared by."""
        return self.loss


@dataclass
class Interrupt:
    """How often the user has asked to stop: once ends the stage, twice the run."""

    count: int = 0

    def ask(self) -> None:
        self.count += 1


@dataclass(frozen=True)
class Budget:
    """Wall-clock time for a stage or a run, and the user's wish to stop."""

    seconds: float | None
    interrupt: Interrupt
    began: float = field(default_factory=time.monotonic)
    asked: int = 0  # how many interrupts have already had their effect

    @property
    def spent(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float | None:
        """Seconds, never negative; None without a limit."""
        return None if self.seconds is None else max(0.0, self.seconds - self.spent)

    def stopped(self) -> bool:
        return self.interrupt.count > self.asked

    def share(self, seconds: float | None, asked: int) -> Budget:
        """A budget for a stage: at most `seconds`, and no more than is left here."""
        limits = [limit for limit in (seconds, self.left) if limit is not None]
        return Budget(min(limits, default=None), self.interrupt, asked=asked)


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One solve inside a stage. `claimed_loss` speaks of the samples of its model, `loss` is verified on all of them."""

    seconds: float
    status: str
    claimed_loss: int | None
    loss: int | None
    validation_accuracy: float | None = None
    layer: int | None = None  # the one that was free
    subsets: int | None = None  # of the samples, each with one activation pattern
    samples: int | None = None  # in the model


@dataclass(frozen=True, slots=True)
class StageRecord:
    """One stage as it went. `claimed_loss` and `bound` are a solver's words, `verified_loss` is ours."""

    stage: str
    solver: str
    formulation: str
    seconds: float
    status: str
    claimed_loss: int | None
    verified_loss: int | None
    bound: int | None
    margin: float | None  # the bound speaks of networks with at least this margin; None: of all networks
    nodes: int | None
    columns: int
    binaries: int
    rows: int
    nonzeros: int
    notes: tuple[str, ...] = ()
    validation_accuracy: float | None = None  # of the stage's network, where that was selected by it
    steps: tuple[StepRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What a schedule brought."""

    status: RunStatus
    stages: tuple[StageRecord, ...]
    best: Incumbent | None
    claimed_loss: int | None
    bound: int | None
    margin: float | None
    seconds: float
    solver: str
    reason: str  # why this solver


# ---- what a run tells while it goes


@dataclass(frozen=True, slots=True)
class StageStarted:
    stage: str
    solver: str
    formulation: str
    seconds: float | None
    columns: int
    binaries: int
    rows: int
    nonzeros: int


@dataclass(frozen=True, slots=True)
class NewIncumbent:
    """`loss` is verified."""

    seconds: float
    incumbent: Incumbent


@dataclass(frozen=True, slots=True)
class BoundRaised:
    seconds: float
    bound: float
    nodes: int
    solver: str


@dataclass(frozen=True, slots=True)
class StepEnded:
    """`number` counts the steps of the stage from 1."""

    stage: str
    number: int
    record: StepRecord


@dataclass(frozen=True, slots=True)
class StageEnded:
    record: StageRecord


Event = StageStarted | StepEnded | NewIncumbent | BoundRaised | StageEnded
Listener = Callable[[Event], None]


@dataclass(frozen=True)
class Task:
    """What every stage works on."""

    spec: Spec
    data: Dataset
    loss: Loss
    target: str  # the live target that solves
    delta: Delta | None = None  # the set of robust training

    @property
    def unacceptable(self) -> int:
        """A loss that no network has; of one that may not be used at all it is the least."""
        return len(self.data.train.y) * (len(self.data.classes) + 1)

    def evaluate(self, network: Network) -> int:
        """Training loss of a network, in exact arithmetic.

        In robust training a network without its certificate is worse than every other one, so nothing ever prefers it.
        """
        train = self.data.train
        loss = int(sample_losses(outputs(network, train), train.y, self.loss).sum())
        if self.delta is None or certify(network, self.delta, train).complete:
            return loss
        return self.unacceptable + loss

    def incumbent(self, network: Network) -> Incumbent:
        """A network with what it costs, in exact arithmetic."""
        return Incumbent(network, self.evaluate(network))


# ---- what a run folder says


@dataclass(frozen=True, slots=True)
class Claim:
    """What a run folder says, beside what it comes to now."""

    name: str
    stated: Any
    found: Any

    @property
    def holds(self) -> bool:
        return bool(self.stated == self.found)
