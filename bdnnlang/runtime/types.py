"""What the runtime keeps: the best network, the time that is left, and a record of every stage."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any

from bdnnlang.data.types import Dataset
from bdnnlang.ir.costs import Costs, costs_of
from bdnnlang.ir.delta import Delta
from bdnnlang.network import Ints, Loss, Network, Rational, sample_losses
from bdnnlang.runtime.certificate import certify, judged_outputs
from bdnnlang.runtime.status import Bound, RunStatus
from bdnnlang.spec.types import Spec
from bdnnlang.strict_json import same


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A network, its training loss and its penalty, which have been recomputed from it in exact arithmetic."""

    network: Network
    loss: Rational
    penalty: Rational = 0

    @property
    def objective(self) -> Rational:
        """What is minimised, and what networks are compared by."""
        return self.loss + self.penalty


class Abandoned(BaseException):
    """Raised by a signal in the middle of a calculation that the user does not want to wait for."""


class Patience(Enum):
    """What becomes of the calculation that is going on when the user asks to stop."""

    NONE = "it is abandoned at once"
    SHORT = "it may come to an end by itself, but is abandoned after a while, or when the user asks again"
    FULL = "it is not abandoned: its results are being written"


@dataclass
class Interrupt:
    """How often the user has asked to stop, and by which signal. Once ends the run."""

    count: int = 0
    number: int = signal.SIGINT  # the first one
    patience: Patience = Patience.FULL

    def ask(self, number: int = signal.SIGINT) -> None:
        self.number = self.number if self.count else number
        self.count += 1

    @contextmanager
    def within(self, patience: Patience) -> Iterator[None]:
        """Within the block a signal may raise Abandoned."""
        before, self.patience = self.patience, patience
        try:
            yield
        finally:
            self.patience = before


@dataclass(frozen=True)
class Budget:
    """Wall-clock time for a stage or a run, and the user's wish to stop."""

    seconds: float | None
    interrupt: Interrupt
    began: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float | None:
        """Seconds, never negative; None without a limit."""
        return None if self.seconds is None else max(0.0, self.seconds - self.spent)

    def stopped(self) -> bool:
        return self.interrupt.count > 0

    def share(self, seconds: float | None) -> Budget:
        """A budget for a stage: at most `seconds`, and no more than is left here."""
        limits = [limit for limit in (seconds, self.left) if limit is not None]
        return Budget(min(limits, default=None), self.interrupt)


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One solve or descent of a stage. `claimed_loss` speaks of the samples of its model, `loss` is verified on all of them."""

    seconds: float
    status: str
    claimed_loss: Rational | None  # with penalties: the objective
    loss: Rational | None
    validation_accuracy: float | None = None
    layer: int | None = None  # the one that was free
    subsets: int | None = None  # of the samples, each with one activation pattern
    samples: int | None = None  # in the model
    start: int | None = None  # the one that led here, counted from 1


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
    status: str
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

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """What the stage proves."""
        return () if self.bound is None else (Bound(self.bound, self.margin, self.relative_margin),)


def unsolved(
    stage: str,
    seconds: float,
    status: str,
    loss: Rational | None,
    objective: Rational | None,
    *,
    bound: Rational | None = None,
    notes: tuple[str, ...] = (),
    steps: tuple[StepRecord, ...] = (),
) -> StageRecord:
    """The record of a stage that asked no solver; a bound that counting proves needs none, and speaks of all networks."""
    return StageRecord(
        stage=stage,
        solver="",
        formulation="",
        seconds=seconds,
        status=status,
        claimed_loss=None,
        verified_loss=loss,
        bound=bound,
        margin=None,
        nodes=None,
        columns=0,
        binaries=0,
        rows=0,
        nonzeros=0,
        notes=notes,
        steps=steps,
        verified_objective=objective,
    )


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
    interrupted: bool = False  # did the user stop it, then or while what it found was tried?

    def stopped(self) -> Run:
        """The same, stopped by the user: what is not proved is not known to be all that the time would have brought."""
        status = RunStatus.INTERRUPTED if self.status is RunStatus.FEASIBLE else self.status
        return replace(self, status=status, interrupted=True)


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
    """`network`: the one whose loss the record states."""

    record: StageRecord
    network: Incumbent | None = None


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
        """A loss that no network has, whatever the weights and penalties; one that may not be used at all has more."""
        return 10**12

    @cached_property
    def costs(self) -> Costs:
        return costs_of(self.spec, self.data)

    def losses(self, network: Network) -> Ints:
        """Of each training sample, (m,); under `certified` those that no change within the set exceeds."""
        train = self.data.train
        return sample_losses(judged_outputs(network, self.spec.robust, self.delta, train), train.y, self.loss)

    def evaluate(self, network: Network) -> Rational:
        """Training loss of a network, in exact arithmetic.

        In robust training a network without its certificate is worse than every other one, so nothing ever prefers it.
        """
        train, robust = self.data.train, self.spec.robust
        loss = self.costs.loss(self.losses(network), train.y)
        if self.delta is None or robust is None or certify(network, robust, self.delta, train).complete:
            return loss
        return self.unacceptable + loss

    def accepts(self, incumbent: Incumbent) -> bool:
        """Has it the certificate that robust training asks for?"""
        return incumbent.loss < self.unacceptable

    def nominal(self, incumbent: Incumbent) -> Incumbent:
        """The same with the loss it has on the samples as they are, whatever its certificate."""
        return incumbent if self.accepts(incumbent) else replace(incumbent, loss=incumbent.loss - self.unacceptable)

    def stated(self, incumbent: Incumbent | None) -> tuple[Rational | None, Rational | None]:
        """The loss and the objective that a record states; none of a network that is not there or not accepted."""
        return (None, None) if incumbent is None or not self.accepts(incumbent) else (incumbent.loss, incumbent.objective)

    def incumbent(self, network: Network) -> Incumbent:
        """A network with all that it costs, in exact arithmetic."""
        return Incumbent(network, self.evaluate(network), self.costs.penalty(network))


# ---- what a run folder says


@dataclass(frozen=True, slots=True)
class Claim:
    """What a run folder says, beside what it comes to now; `why_not`: the reason why that cannot be checked."""

    name: str
    stated: Any
    found: Any
    why_not: str = ""

    @property
    def holds(self) -> bool:
        return same(self.stated, self.found)
