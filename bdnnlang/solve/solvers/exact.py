"""Exact, a pseudo-Boolean solver: whole numbers throughout, no big-M that a tolerance could open, no rounding of a bound.

It is asked in slices of time, since it says nothing while it works. Its licence is the AGPL: it is an extra of the user's choice,
and nothing of it is part of this package.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve import pseudo_boolean
from bdnnlang.solve.options import LOG, SEED, TIME, refuse_ours
from bdnnlang.solve.outcome import Limits, Link, OptionRefusedError, Outcome, Status, UnsupportedModelError, ended
from bdnnlang.solve.pseudo_boolean import PseudoBoolean

NAME = "Exact"
SLICE = 0.2  # seconds between two looks at the clock and at what was found
SEEDS = 2**31
OURS = {
    **dict.fromkeys(("timeout", "timeout-det"), TIME),
    "seed": SEED,
    **dict.fromkeys(("verbosity", "output", "print-csv", "print-opb", "print-sol", "proof-log", "proof-zip"), LOG),
}
OVER_TIME = "TIMEOUT"


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as a hint. Raises UnsupportedModelError, OptionRefusedError."""
    if limits.nodes is not None:
        raise UnsupportedModelError("Exact has no limit of nodes")
    program = pseudo_boolean.pseudo_boolean(milp, NAME)
    solver = _solver(limits)
    names = [f"x{j + 1}" for j in range(program.variables)]
    _build(solver, program, names, link)
    if start is not None:
        solver.setSolutionHints(list(zip(names, program.encode(start).tolist(), strict=True)))
    search = _Search(solver, program, names, limits.gap)
    said = OVER_TIME
    while said == OVER_TIME and not link.is_over() and not search.is_near:
        said = solver.runFull(True, min(SLICE, link.remaining or SLICE))
        search.report(link)
    return search.outcome(said, milp, link)


def refusal(milp: Milp) -> str | None:
    """Why Exact must not have this program, or None."""
    try:
        pseudo_boolean.pseudo_boolean(milp, NAME)
    except UnsupportedModelError as refused:
        return str(refused)
    return None


def _solver(limits: Limits) -> Any:
    """A user's parameter is called as Exact calls it, with `_` for `-`."""
    from exact import Exact

    options = [("verbosity", "1"), ("seed", str(limits.seed % SEEDS or 1))]
    for name, value in limits.options:
        refuse_ours(name.replace("_", "-"), OURS)
        options.append((name.replace("_", "-"), _word(value)))
    try:
        return Exact(options)
    except ValueError as error:
        said = str(error).splitlines()[0]
        wrong = next((name for name, _ in limits.options if name.replace("_", "-") in said), "")
        raise OptionRefusedError(wrong, said) from error


def _word(value: bool | int | float | str) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _build(solver: Any, program: PseudoBoolean, names: list[str], link: Link) -> None:
    for name in names:
        solver.addVariable(name, 0, 1)
    start, value, variable = program.start.tolist(), program.value.tolist(), program.variable.tolist()
    for row, (bound, is_equal) in enumerate(zip(program.bound.tolist(), program.is_equal.tolist(), strict=True)):
        link.raise_if_stopped()
        part = slice(start[row], start[row + 1])
        terms = [(a, names[j]) for a, j in zip(value[part], variable[part], strict=True)]
        solver.addConstraint(terms, True, bound, is_equal, bound)
    costly = np.flatnonzero(program.cost).tolist()
    solver.setObjective([(int(program.cost[j]), names[j]) for j in costly], True, 0)


class _Search:
    """What Exact has found and proved so far."""

    def __init__(self, solver: Any, program: PseudoBoolean, names: list[str], gap: float) -> None:
        self._solver, self._program, self._names, self._gap = solver, program, names, gap
        self.x: Floats | None = None
        self.best: int | None = None  # of the objective without its offset
        self.is_near = False  # bound and solution are as near as asked for

    @property
    def bound(self) -> float:
        return self._meant(self._solver.getDualBound())

    def report(self, link: Link) -> None:
        """To the outside, what is new."""
        if self._solver.hasSolution() and self._solver.getBestSoFar() != self.best:
            self.best = self._solver.getBestSoFar()
            self.x = self._program.decode(np.array(self._solver.getLastSolutionFor(self._names), dtype=np.int64))
            link.found(self.x)
        link.bounded(self.bound, 0)
        if self.best is not None:
            objective = self._meant(self.best)
            self.is_near = objective - self.bound <= self._gap * abs(objective)

    def _meant(self, objective: int) -> float:
        return (objective + self._program.offset) / self._program.scale

    def outcome(self, said: str, milp: Milp, link: Link) -> Outcome:
        """Exact says UNSAT once nothing better is possible: with a solution that is the optimum."""
        done = said != OVER_TIME or self.is_near
        ending = Status.OPTIMAL if self.x is not None else Status.INFEASIBLE
        stopped = Status.INTERRUPTED if link.stop.is_set() else ended(self.x is not None)
        return Outcome(
            status=ending if done else stopped,
            x=self.x,
            objective=None if self.x is None else milp.objective(self.x),
            bound=None if done and self.x is None else self.bound,
            nodes=None,
            seconds=link.seconds,
            solver=f"{NAME} {version('exact')}",
        )
