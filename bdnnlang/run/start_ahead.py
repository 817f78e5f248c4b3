"""A solver's process starts while data are read and the model is built: importing its library takes as long as they do."""

from __future__ import annotations

from bdnnlang import solve
from bdnnlang.language.spec import Spec

SEARCH, LPS = "bdnnlang.search.solver_heuristic", "scipy.optimize"
GUIDE = "guide_solver"  # in `train.without`: no search of ours before a solver and beside it


def start_ahead(spec: Spec, solver: str | None = None) -> None:
    """Have a process wait for the first solve, of this solver, or of the one that the spec alone determines, if it does."""
    solver = solver or foreseen(spec)
    if solver is not None:
        solve.prepare(solver, _imports(spec, solver))


def foreseen(spec: Spec) -> str | None:
    """The solver that `choose` will take, whatever the data are; None where they have a say in it, or no stage asks one."""
    if not spec.train.asks_solver:
        return None
    if spec.train.race:
        return spec.train.race[0]
    if spec.train.solver != "auto":
        return spec.train.solver
    return "scip" if spec.network.is_continuous or not solve.available("cpsat") else None


def guides_solver(spec: Spec) -> bool:
    """Does a search of ours go along with a solve?"""
    return spec.train.formulation == "tight" and GUIDE not in spec.train.without


def _imports(spec: Spec, solver: str) -> tuple[str, ...]:
    """Where the search beside the solver is, which goes to the solver's process, and the LPs of its real weights."""
    if not (solve.SOLVERS[solver].accepts.improve and guides_solver(spec)):
        return ()
    return (SEARCH, LPS) if spec.network.is_continuous else (SEARCH,)
