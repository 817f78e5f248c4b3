"""What every solver takes and gives back: limits, events, and the outcome of one solve."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # so that asking what solvers there are does not load numpy
    from pathlib import Path

    from bdnnlang.arrays import Floats
    from bdnnlang.model.milp import Milp

EVENT_PAUSE = 0.1  # seconds between two bounds that are reported
FEASIBILITY = 1e-6  # how far rows, bounds and integrality may be violated


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"  # within the gap that was asked for
    FEASIBLE = "feasible"  # a limit ended it, with a solution
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NO_SOLUTION = "no_solution"  # a limit ended it, without a solution
    INTERRUPTED = "interrupted"  # it was asked to stop; a solution may be there
    FAILED = "failed"  # crash, error, out of memory: see the reason


Value = bool | int | float | str
Options = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """When to give up. `seconds` is wall-clock time for building and solving; starting the process comes on top."""

    seconds: float | None = None
    gap: float = 0.0  # enough when objective - bound is this part of the objective
    nodes: int | None = None
    threads: int = 1
    seed: int = 0
    memory: int | None = None  # bytes
    feasibility: float = FEASIBILITY
    cuts: bool = True  # may the solver add rows to its relaxations? Of big-M rows these are often not worth their time
    presolve: bool = True  # may it reduce the program first? Claims have been wrong because of it
    options: Options = ()  # parameters of the solver, under its own names, in order


@dataclass(frozen=True, slots=True)
class FoundSolution:
    """The solver has a better solution: `x` (columns,)."""

    seconds: float
    objective: float
    x: Floats


@dataclass(frozen=True, slots=True)
class NewBound:
    """The solver has a better bound."""

    seconds: float
    bound: float
    nodes: int


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer of ours that does not satisfy the program: `x` (columns,)."""

    seconds: float
    x: Floats


Event = FoundSolution | NewBound | Offered


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the solver claims; nothing in it is verified."""

    status: Status
    x: Floats | None  # (columns,)
    objective: float | None
    bound: float | None  # None: the solver has none
    nodes: int | None
    seconds: float
    solver: str  # with its version
    reason: str = ""  # in words, where the status does not say it all
    refuted: str = ""  # what the solver claims although a solution, its own or one that is known, says otherwise, in words
    notes: tuple[str, ...] = ()  # what else whoever reads the result should know


class PrimalHeuristic(Protocol):
    """What whoever made a program knows of its solutions. It goes to the solver's process by pickle."""

    def __call__(self, point: Floats | None, effort: float, over: Callable[[], bool]) -> Floats | None:
        """A point (columns,) better than those before, found with so much effort, or None.

        `point` satisfies a relaxation of the program. Effort is counted, not timed, so that the same is found everywhere: about
        the seconds that an ordinary machine takes. Once `over` says True the answer comes soon.
        """


@dataclass(frozen=True, slots=True)
class Accepts:
    """What a solver takes beyond linear rows over integer and continuous columns."""

    conditional: bool = False
    cones: bool = False
    squares: bool = False  # convex quadratic costs of single columns
    improve: bool = False  # a heuristic of ours beside those of the solver
    integer_only: bool = False  # bounded integer columns and integral coefficients, nothing else
    paper: bool = True  # rows whose gaps are as narrow as those of formulation `paper`

    @property
    def implications(self) -> bool:
        """Is a program for it best written with conditional rows, in whole numbers?"""
        return self.conditional and self.integer_only


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a solver can do beyond solving."""

    start: bool = True  # it goes on from a first solution
    bounds: bool = True  # it says its bound while it works
    keeps: bool = True  # it still has its solution once it was asked to stop
    nodes: bool = True  # it can end after a number of nodes


class UnsupportedModelError(ValueError):
    """The program is not of the kind that the solver takes: whoever sent it has a bug."""


class OptionRefusedError(ValueError):
    """The solver does not take a parameter: `option` by its name, and `why` in its words."""

    def __init__(self, option: str, why: str) -> None:
        super().__init__(option, why)
        self.option, self.why = option, why


class LicenceTooSmallError(Exception):
    """The licence that is here does not take programs as large as this one."""


class LimitReached(Exception):  # noqa: N818  (as for Rejected: the name says who did what)
    """Time is up, or a stop was asked for, before the solver began."""


def finite(number: float | None) -> float | None:
    """None where a solver says "infinite" or "not a number" in one of its ways (1e20 and above)."""
    return None if number is None or not abs(number) < 1e20 else float(number)


def ended(found: bool) -> Status:
    """The status of a solve that a limit ended."""
    return Status.FEASIBLE if found else Status.NO_SOLUTION


class Link:
    """What a solver inside its process sees of the outside: a clock, a way to report, a request to stop."""

    def __init__(
        self, send: Callable[[Event], None], milp: Milp, limits: Limits, stop: threading.Event, start: Floats | None = None
    ) -> None:
        self.stop = stop
        self.improve: PrimalHeuristic | None = None
        self.folder: Path | None = None  # for files beside the log; None: there is none
        self._milp = milp
        self._send = send
        self._limits = limits
        self._began = time.monotonic()
        self._best = math.inf if start is None else milp.objective(start)  # what is no better is not news
        self._bound = -math.inf
        self._next_bound = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def remaining(self) -> float | None:
        """Seconds left for the solver itself, never negative; None without a limit."""
        return None if self._limits.seconds is None else max(0.0, self._limits.seconds - self.seconds)

    def is_over(self) -> bool:
        """Is there no point in going on?"""
        return self.stop.is_set() or self.remaining == 0

    def raise_if_stopped(self) -> None:
        """Raise LimitReached where there is no point in building any further. Cheap: call it for every row."""
        if self.is_over():
            raise LimitReached

    def found(self, x: Floats) -> None:
        """Report a solution, if it is better than those before: its objective is computed, whatever the solver says it is."""
        objective = self._milp.objective(x)
        if objective < self._best and math.isfinite(float(x.sum())):
            self._best = objective
            self._send(FoundSolution(self.seconds, objective, x))

    def offered(self, x: Floats) -> None:
        """Pass on what the solver has refused."""
        self._send(Offered(self.seconds, x))

    def bounded(self, bound: float, nodes: int) -> None:
        """Report a bound, if it is finite and better than those before, and not too often."""
        value, now = finite(bound), self.seconds
        if value is not None and value > self._bound and now >= self._next_bound:
            self._bound, self._next_bound = value, now + EVENT_PAUSE
            self._send(NewBound(now, value, nodes))

    @contextmanager
    def interrupting(self, interrupt: Callable[[], object]) -> Iterator[None]:
        """Within the block: once a stop is asked for, call `interrupt` from another thread, again and again."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                if self.stop.is_set():
                    interrupt()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
