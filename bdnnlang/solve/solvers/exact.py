"""Exact, a pseudo-Boolean solver: whole numbers throughout, no big-M that a tolerance could open, no rounding of a bound.

It is asked in slices of time, since it says nothing while it works. Its licence is the AGPL: it is an extra of the user's choice,
and nothing of it is part of this package.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve import pseudo_boolean
from bdnnlang.solve.files import opb
from bdnnlang.solve.options import LOG, OPB_FILE, SEED, TIME, VERIPB_FILE, refuse_ours
from bdnnlang.solve.outcome import Limits, Link, OptionRefusedError, Outcome, Status, UnsupportedModelError, ended
from bdnnlang.solve.pseudo_boolean import PseudoBoolean

NAME = "Exact"
SLICE = 0.2  # seconds between two looks at the clock and at what was found
SEEDS = 2**31
PROOF_LOG = "proof-log"
OURS = {
    **dict.fromkeys(("timeout", "timeout-det"), TIME),
    "seed": SEED,
    **dict.fromkeys(("proof-assumptions", "proof-zip"), f"say `{PROOF_LOG} = true`"),
    **dict.fromkeys(("verbosity", "output", "print-csv", "print-opb", "print-sol"), LOG),
}
OVER_TIME = "TIMEOUT"
KEPT = f"{VERIPB_FILE} is Exact's proof of {OPB_FILE}: bdnnc does not replay it (of several solves, those of the last are kept)"
NOT_KEPT = f"there is no run folder to keep Exact's proof in: `{PROOF_LOG}` did nothing"


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as a hint. Raises UnsupportedModelError, OptionRefusedError."""
    if limits.nodes is not None:
        raise UnsupportedModelError("Exact has no limit of nodes")
    program = pseudo_boolean.pseudo_boolean(milp, NAME)
    wants_proof = _wants_proof(limits)
    folder = link.folder if wants_proof else None
    solver = _solver(limits) if folder is None else _logging(limits, milp, folder)
    names = [f"x{j + 1}" for j in range(program.variables)]
    _build(solver, program, names, link)
    if start is not None:
        solver.setSolutionHints(list(zip(names, program.encode(start).tolist(), strict=True)))
    search = _Search(solver, program, names, limits.gap)
    said = OVER_TIME
    while said == OVER_TIME and not link.is_over() and not search.is_near:
        said = solver.runFull(True, min(SLICE, link.remaining or SLICE))
        search.report(link)
    note = KEPT if folder is not None else NOT_KEPT
    return search.outcome(said, milp, link, notes=(note,) if wants_proof else ())


def refusal(milp: Milp) -> str | None:
    """Why Exact must not have this program, or None."""
    try:
        pseudo_boolean.pseudo_boolean(milp, NAME)
    except UnsupportedModelError as refused:
        return str(refused)
    return None


def _wants_proof(limits: Limits) -> bool:
    """Raises OptionRefusedError for anything but true and false: where the proof goes is not for a spec to say."""
    for name, value in limits.options:
        if _own(name) == PROOF_LOG and not isinstance(value, bool):
            raise OptionRefusedError(name, "it is true or false here: the proof goes to the run folder")
    return any(_own(name) == PROOF_LOG and value for name, value in limits.options)


def _logging(limits: Limits, milp: Milp, folder: Path) -> Any:
    """A solver that writes its proof, of the file that stands beside it: ours, not the one that Exact would write.

    Both of Exact's files are open once it is made, so they can get their name, or lose it, at once: a kill leaves nothing else.
    What it keeps back of the proof is written when it is freed.
    """
    for name in (OPB_FILE, VERIPB_FILE):  # of an earlier solve
        (folder / name).unlink(missing_ok=True)
    with (folder / OPB_FILE).open("wb") as stream:
        opb.write(milp, stream)
    base = folder / Path(VERIPB_FILE).stem
    solver = _solver(limits, (PROOF_LOG, str(base)), ("proof-assumptions", "0"))
    base.with_suffix(".proof").rename(folder / VERIPB_FILE)
    base.with_suffix(".formula").unlink()
    return solver


def _own(name: str) -> str:
    """A parameter as Exact calls it."""
    return name.replace("_", "-")


def _solver(limits: Limits, *more: tuple[str, str]) -> Any:
    """A user's parameter is called as Exact calls it, with `_` for `-`."""
    from exact import Exact

    options = [("verbosity", "1"), ("seed", str(limits.seed % SEEDS or 1)), *more]
    for name, value in limits.options:
        refuse_ours(_own(name), OURS)
        if _own(name) != PROOF_LOG:
            options.append((_own(name), _word(value)))
    try:
        return Exact(options)
    except ValueError as error:
        said = str(error).splitlines()[0]
        wrong = next((name for name, _ in limits.options if _own(name) in said), "")
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

    def outcome(self, said: str, milp: Milp, link: Link, notes: tuple[str, ...]) -> Outcome:
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
            notes=notes,
        )
