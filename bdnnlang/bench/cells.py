"""What a benchmark measures: one problem by several variants of the solver and its model, a run for each seed."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from bdnnlang.run.status import StageStatus

Number = int | float


@dataclass(frozen=True, slots=True)
class Variant:
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


SCHEDULE = Variant("schedule")


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
    ended: StageStatus  # as its last stage
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
    """One spec by one variant: a run for each seed, or the reason why there can be none."""

    spec: str
    variant: Variant
    limit: float  # seconds for each run
    attempts: tuple[Attempt, ...] = ()
    cannot: str = ""

    @property
    def proofs(self) -> int:
        return sum(attempt.proved for attempt in self.attempts)

    @property
    def proved(self) -> bool:
        """Did more than half of the runs prove their optimum? Then the median of the times is the time of a proof."""
        return 2 * self.proofs > len(self.attempts)

    @property
    def time(self) -> float:
        """Median seconds to the proof: the solver's, or of the whole schedule; a run without a proof counts as the limit."""
        return statistics.median(self._clock(attempt) if attempt.proved else self.limit for attempt in self.attempts)

    @property
    def clock(self) -> float:
        """Median seconds as they passed, proof or not."""
        return statistics.median(map(self._clock, self.attempts))

    @property
    def seconds(self) -> float:
        return statistics.median(attempt.seconds for attempt in self.attempts)

    def median(self, field: str) -> Number | None:
        """Of a field of the runs, over those that have it."""
        known = [value for attempt in self.attempts if (value := getattr(attempt, field)) is not None]
        middle = statistics.median(known) if known else None
        return int(middle) if isinstance(middle, float) and middle.is_integer() else middle

    def _clock(self, attempt: Attempt) -> float:
        return attempt.seconds if self.variant == SCHEDULE or attempt.solver_seconds is None else attempt.solver_seconds


def refutations(cells: Iterable[Cell]) -> list[tuple[Cell, Attempt, Cell, Attempt]]:
    """Every two runs of one spec where the bound of the first exceeds what the network of the second verifiably has."""
    runs = [(cell, attempt) for cell in cells for attempt in cell.attempts]
    return [
        (cell, attempt, other, better)
        for cell, attempt in runs
        for other, better in runs
        if cell.spec == other.spec
        and attempt.bound is not None
        and better.verified is not None
        and _exceeds(attempt.bound, better.verified)
    ]


def _exceeds(bound: Number, verified: Number) -> bool:
    return bound > verified + 1e-6 * max(1.0, abs(verified))
