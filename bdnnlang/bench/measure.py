"""Benchmarks: one problem through several formulations and solvers, and what each run of it came to."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from bdnnlang.budget import Interrupt
from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Spec
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.run.errors import SolverLacksCapability
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.run.status import RunStatus
from bdnnlang.solve.outcome import UnsupportedModelError

Number = int | float


@dataclass(frozen=True, slots=True)
class Kind:
    """What is measured: the exact stage by a formulation and a solver, or a spec's whole schedule."""

    formulation: str
    solver: str = ""
    without: tuple[str, ...] = ()  # passes that are left out

    @property
    def name(self) -> str:
        """The formulation as it is written on the command line, `tight-unit_rows` if a pass is left out."""
        return "-".join((self.formulation, *self.without))

    @property
    def label(self) -> str:
        return f"{self.name}/{self.solver}" if self.solver else self.name


SCHEDULE = Kind("schedule")


@dataclass(frozen=True, slots=True)
class Instance:
    """The problem of a spec in words."""

    name: str
    rows: int  # of the training part
    features: int
    classes: int
    hidden: tuple[int, ...]
    weights: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run. `claimed` and `bound` are a solver's words, `verified` is recomputed from the network in exact arithmetic.

    All three are losses, of objectives with penalties; `bound` speaks of networks with at least this `margin`, if there is one.
    """

    seed: int
    proved: bool  # is `verified` optimal, if there is a `margin` among networks with it?
    ended: str  # as its last stage
    seconds: float  # wall-clock: building, solving, polishing and verifying
    solver_seconds: float | None  # in the solver's process, the hand-over of the model included
    claimed: Number | None
    bound: Number | None
    verified: Number | None
    margin: float | None
    nodes: int | None
    columns: int
    binaries: int
    rows: int
    nonzeros: int
    solver: str  # with its version
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One spec by one kind: a run for each seed, or the reason why there can be none."""

    spec: str
    kind: Kind
    limit: float  # seconds for each run
    attempts: tuple[Attempt, ...] = ()
    cannot: str = ""

    @property
    def proofs(self) -> int:
        return sum(one.proved for one in self.attempts)

    @property
    def proved(self) -> bool:
        """Did more than half of the runs prove their optimum? Then the median of the times is the time of a proof."""
        return 2 * self.proofs > len(self.attempts)

    @property
    def time(self) -> float:
        """Median seconds to the proof: the solver's, or of the whole schedule; a run without a proof counts as the limit."""
        return statistics.median(self._clock(one) if one.proved else self.limit for one in self.attempts)

    @property
    def clock(self) -> float:
        """Median seconds as they passed, proof or not."""
        return statistics.median(map(self._clock, self.attempts))

    @property
    def seconds(self) -> float:
        return statistics.median(one.seconds for one in self.attempts)

    def median(self, field: str) -> Number | None:
        """Of a field of the runs, over those that have it."""
        known = [value for one in self.attempts if (value := getattr(one, field)) is not None]
        middle = statistics.median(known) if known else None
        return int(middle) if isinstance(middle, float) and middle.is_integer() else middle

    def _clock(self, one: Attempt) -> float:
        return one.seconds if self.kind == SCHEDULE or one.solver_seconds is None else one.solver_seconds


def measure(spec: Spec, data: Dataset, interrupt: Interrupt) -> Attempt | str:
    """Execute the schedule of `spec`, or say why that cannot be."""
    try:
        done = run(spec, data, emit=lambda fact: None, interrupt=interrupt)
    except Rejected as rejected:
        first = rejected.diagnostics[0]
        return first.reason if isinstance(first, SolverLacksCapability) else first.message.replace("`", "")
    except UnsupportedModelError as refused:
        return str(refused)
    return _attempt(spec.train.seed, done) if done.stages else "interrupted before it began"


def _attempt(seed: int, done: Run) -> Attempt:
    last = done.stages[-1]
    solving = [stage.solver_seconds for stage in done.stages if stage.solver_seconds is not None]
    return Attempt(
        seed=seed,
        proved=done.status in (RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN),
        ended=last.status,
        seconds=done.seconds,
        solver_seconds=math.fsum(solving) if solving else None,
        claimed=_number(last.claimed_objective),
        bound=_number(done.bound),
        verified=_number(done.best.objective) if done.best is not None else None,
        margin=done.margin,
        nodes=last.nodes,
        columns=last.columns,
        binaries=last.binaries,
        rows=last.rows,
        nonzeros=last.nonzeros,
        solver=last.solver,
        notes=tuple(note for stage in done.stages if stage.solver for note in stage.notes),
    )


def _number(value: Rational | None) -> Number | None:
    return None if value is None else shown(value)


# ---- what two cells say of each other


def refutations(cells: Iterable[Cell]) -> list[tuple[Cell, Attempt, Cell, Attempt]]:
    """Every two runs of one spec where the bound of the first exceeds what the network of the second verifiably has."""
    everything = [(cell, one) for cell in cells for one in cell.attempts]
    return [
        (cell, one, other, better)
        for cell, one in everything
        for other, better in everything
        if cell.spec == other.spec
        and one.bound is not None
        and better.verified is not None
        and _exceeds(one.bound, better.verified)
    ]


def _exceeds(bound: Number, verified: Number) -> bool:
    return bound > verified + 1e-6 * max(1.0, abs(verified))
