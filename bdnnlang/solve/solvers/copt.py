"""COPT, through coptpy: the wheel brings a licence for programs of 2,000 columns or rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.library import Calls, kinds, row_matrix, too_small
from bdnnlang.solve.options import GAP, LOG, NODES, PROOF, THREADS, TIME, set_options
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, ended, finite

FINEST = 1e-9  # tolerance
OURS = {
    "timelimit": TIME,
    "soltimelimit": TIME,
    "nodelimit": NODES,
    "threads": THREADS,
    **dict.fromkeys(("relgap", "absgap"), GAP),
    **dict.fromkeys(("inttol", "feastol"), PROOF),
    **dict.fromkeys(("logging", "logtoconsole", "loglevel"), LOG),
}


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as first solution. COPT has no seed."""
    import coptpy

    environment = coptpy.Envr()
    model = environment.createModel("")
    letters = np.array(list(kinds(milp)))
    matrix = row_matrix(milp).tocsc()
    model.loadMatrix(milp.col_cost, matrix, milp.row_lower, milp.row_upper, milp.col_lower, milp.col_upper, letters)
    model.setObjConst(milp.offset)
    _set_limits(model, limits)
    set_options(limits.options, model.setParam, OURS)
    columns = model.getVars()
    if start is not None:
        model.setMipStart(columns, start.tolist())
        model.loadMipStart()
    if (remaining := link.remaining) is not None:
        model.setParam("TimeLimit", remaining)
    calls = Calls(model.interrupt)
    model.setCallback(_watch(columns, calls, link), coptpy.COPT.CBCONTEXT_MIPSOL | coptpy.COPT.CBCONTEXT_MIPNODE)
    try:
        with link.interrupting(model.interrupt):
            model.solve()
    except coptpy.CoptError as error:
        raise too_small("copt", milp) if "licen" in str(error).lower() else error from error
    calls.raise_error()
    return _outcome(model, milp, link)


def _set_limits(model: Any, limits: Limits) -> None:
    parameters = {
        "RelGap": limits.gap,
        "AbsGap": 0.0,
        "IntTol": FINEST,
        "FeasTol": max(FINEST, limits.feasibility),
        "Threads": limits.threads,
        **({} if limits.presolve else {"Presolve": 0}),
        **({} if limits.nodes is None else {"NodeLimit": limits.nodes}),
        **({} if limits.memory is None else {"MemLimit": limits.memory / 2**20}),
    }
    for name, value in parameters.items():
        model.setParam(name, value)


def _watch(columns: Any, calls: Calls, link: Link) -> Any:
    """A callback that reports solutions and bounds."""
    from coptpy import COPT, CallbackBase

    class Watch(CallbackBase):  # type: ignore[misc]
        def callback(self) -> None:
            calls(self.report)

        def report(self) -> None:
            if self.where() == COPT.CBCONTEXT_MIPSOL:
                link.found(np.array([self.getSolution(column) for column in columns], dtype=np.float64))
            link.bounded(self.getInfo(COPT.CbInfo.BestBnd), 0)

    return Watch()


def _outcome(model: Any, milp: Milp, link: Link) -> Outcome:
    from coptpy import COPT

    is_mixed = bool(milp.integrality.any())
    said = {
        COPT.OPTIMAL: Status.OPTIMAL,
        COPT.INFEASIBLE: Status.INFEASIBLE,
        COPT.UNBOUNDED: Status.UNBOUNDED,
        COPT.INF_OR_UNB: Status.INFEASIBLE if milp.is_bounded else Status.FAILED,
        COPT.INTERRUPTED: Status.INTERRUPTED,
        COPT.NUMERICAL: Status.FAILED,
    }
    found = bool(model.HasMipSol if is_mixed else model.status == COPT.OPTIMAL)
    x = np.array(model.getValues(), dtype=np.float64) if found else None
    status = said.get(model.status, ended(found))
    objective = finite(model.ObjVal if is_mixed else model.LpObjVal) if found else None
    return Outcome(
        status=status,
        x=x,
        objective=objective,
        bound=finite(model.BestBnd) if is_mixed else objective,
        nodes=int(model.NodeCnt) if is_mixed else 0,
        seconds=link.seconds,
        solver=f"COPT {COPT.VERSION_MAJOR}.{COPT.VERSION_MINOR}.{COPT.VERSION_TECHNICAL}",
        reason="" if status is Status.OPTIMAL else f"COPT ended with status {model.status}",
    )
