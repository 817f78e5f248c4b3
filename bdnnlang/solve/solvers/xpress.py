"""Xpress, through its Python package: the wheel brings a licence for programs of 5,000 columns and rows together."""

from __future__ import annotations

from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.library import Calls, kinds, row_senses, too_small
from bdnnlang.solve.options import GAP, LOG, NODES, PROOF, SEED, THREADS, TIME, set_options
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, ended, finite

SEEDS = 2**31
FINEST = 1e-9  # tolerance
OURS = {
    **dict.fromkeys(("timelimit", "soltimelimit", "maxtime", "worklimit"), TIME),
    **dict.fromkeys(("miprelstop", "mipabsstop"), GAP),
    "maxnode": NODES,
    **dict.fromkeys(("threads", "mipthreads"), THREADS),
    "randomseed": SEED,
    **dict.fromkeys(("miptol", "feastol", "mipabscutoff", "mipaddcutoff", "miprelcutoff"), PROOF),
    "outputlog": LOG,
}
TOO_LARGE = "?120"  # of a program, for the licence
INFINITE = 1e20  # and what is larger


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as first solution."""
    import xpress

    model = xpress.problem()
    try:
        _build(model, milp)
        _set_limits(model, limits)
        set_options(limits.options, model.setControl, OURS)
        if start is not None:
            model.addMipSol(start.tolist())
        if (remaining := link.remaining) is not None:
            model.controls.timelimit = remaining
        calls = Calls(model.interrupt)
        _watch(model, calls, link)
        with link.interrupting(model.interrupt):
            model.optimize()
    except (xpress.SolverError, xpress.InterfaceError, xpress.ModelError) as error:
        raise too_small("xpress", milp) if TOO_LARGE in str(error) else error from error
    calls.raise_error()
    return _outcome(model, milp, link)


def _build(model: Any, milp: Milp) -> None:
    senses, side, width = row_senses(milp)
    integer = np.flatnonzero(milp.integrality)
    letters = kinds(milp)
    model.loadMIP(
        "",
        *(list(senses), side.tolist(), width.tolist(), milp.col_cost.tolist()),
        *(milp.start.tolist(), None, milp.index.tolist(), milp.value.tolist()),
        *(np.maximum(milp.col_lower, -INFINITE).tolist(), np.minimum(milp.col_upper, INFINITE).tolist()),
        *([letters[j] for j in integer], integer.tolist()),
    )
    model.chgObj([-1], [-milp.offset])  # the constant, with the other sign


def _set_limits(model: Any, limits: Limits) -> None:
    controls = model.controls
    controls.miprelstop = limits.gap
    controls.mipabsstop = 0.0
    controls.miptol = FINEST
    controls.feastol = max(FINEST, limits.feasibility)
    controls.threads = limits.threads
    controls.randomseed = limits.seed % SEEDS
    if not limits.presolve:
        controls.presolve = 0
    if limits.nodes is not None:
        controls.maxnode = limits.nodes
    if limits.memory is not None:
        controls.maxmemorysoft = max(1, limits.memory >> 20)


def _watch(model: Any, calls: Calls, link: Link) -> None:
    """Callbacks that report solutions and bounds."""

    def bounded(problem: Any, _: Any) -> None:
        calls(lambda: link.bounded(problem.attributes.bestbound, int(problem.attributes.nodes)))

    def found(problem: Any, _: Any) -> None:
        calls(lambda: link.found(np.array(problem.getCallbackSolution(), dtype=np.float64)))
        bounded(problem, _)

    model.addIntsolCallback(found, None, 0)
    model.addMiplogCallback(bounded, None, 0)


def _outcome(model: Any, milp: Milp, link: Link) -> Outcome:
    import xpress

    kind, end = xpress.SolStatus, xpress.SolveStatus
    said, how = model.attributes.solstatus, model.attributes.solvestatus
    found = said in (kind.OPTIMAL, kind.FEASIBLE)
    proved = {kind.OPTIMAL: Status.OPTIMAL, kind.INFEASIBLE: Status.INFEASIBLE, kind.UNBOUNDED: Status.UNBOUNDED}
    status = proved.get(said, ended(found)) if how == end.COMPLETED else ended(found)
    if link.stop.is_set() and how != end.COMPLETED:
        status = Status.INTERRUPTED
    is_mixed = bool(milp.integrality.any())
    objective = finite(model.attributes.objval) if found else None
    return Outcome(
        status=status,
        x=np.array(model.getSolution(), dtype=np.float64) if found else None,
        objective=objective,
        bound=finite(model.attributes.bestbound) if is_mixed else objective if status is Status.OPTIMAL else None,
        nodes=int(model.attributes.nodes) if is_mixed else 0,
        seconds=link.seconds,
        solver=f"Xpress {xpress.__version__}",
        reason="" if status is Status.OPTIMAL else f"Xpress ended with {how.name} and {said.name}",
    )
