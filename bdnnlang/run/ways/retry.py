"""In which ways a program is solved again after its answer has been refuted: each differs from those before.

Source  docs/models.md 8.4, and docs/solvers.md, sections 1 and 2. Where the solver's point is worth what the solver says, yet
        its network is not, the point is right within tolerances only: a wider margin and a finer tolerance help. Where the point
        is not worth it, the solver is at fault (HiGHS 1.16.0 with a start was): less is asked of it, or another is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bdnnlang import solve
from bdnnlang.solve.outcome import FEASIBILITY

FINE = 1e-9  # a tolerance
WIDER = 10.0  # times the margin


@dataclass(frozen=True, slots=True)
class Way:
    """How to solve: the margin times `margin_factor`, a tolerance, whether a start and presolve are allowed, by which solver."""

    solver: str
    margin_factor: float = 1.0
    feasibility: float = FEASIBILITY
    start: bool = True
    presolve: bool = True

    def words(self, asked: str) -> str:
        """What differs from the first way, in which the solver was `asked`."""
        parts = [f"by {self.solver}"] if self.solver != asked else []
        parts += [] if self.start else ["without a start"]
        parts += [] if self.presolve else ["without presolve"]
        parts += [] if self.margin_factor == 1 else [f"with a margin {self.margin_factor:g} times as wide"]
        parts += [] if self.feasibility == FEASIBILITY else [f"with a tolerance of {self.feasibility:g}"]
        return " and ".join(parts)


def other_ways(solver: str, *, at_fault: bool, had_start: bool, has_margin: bool) -> Iterator[Way]:
    """Further ways in the order of what they promise; `at_fault`: a solution refutes what the solver says."""
    factor = WIDER if has_margin else 1.0  # on a lattice no margin is wider than its unit
    numerics = [Way(solver, factor)] if has_margin else []
    numerics.append(Way(solver, factor, FINE))
    plainer = [Way(solver, start=False)] if had_start else []
    plainer.append(Way(solver, start=False, presolve=False))
    others = [Way(name) for name, one in solve.SOLVERS.items() if one.second and name != solver and solve.available(name)]
    yield from (*plainer, *others, *numerics) if at_fault else (*numerics, *plainer, *others)
