"""Gurobi, through gurobipy: the wheel brings a licence for programs of 2,000 columns or rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.library import Calls, kinds, row_matrix, too_small
from bdnnlang.solve.options import GAP, LOG, NODES, PROOF, SEED, THREADS, TIME, set_options
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, ended, finite

SEEDS = 2_000_000_000
FINEST = 1e-9  # tolerance: at 1e-5, the default for integrality, it has called lesser networks optimal
OURS = {
    **dict.fromkeys(("timelimit",), TIME),
    **dict.fromkeys(("mipgap", "mipgapabs"), GAP),
    **dict.fromkeys(("nodelimit",), NODES),
    **dict.fromkeys(("threads",), THREADS),
    **dict.fromkeys(("seed",), SEED),
    **dict.fromkeys(("intfeastol", "feasibilitytol", "cutoff"), PROOF),
    **dict.fromkeys(("logfile", "logtoconsole", "outputflag", "resultfile", "solfiles"), LOG),
}
TOO_LARGE = 10010  # of a program, for the licence


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as first solution."""
    import gurobipy

    with gurobipy.Env() as environment, gurobipy.Model("", environment) as model:
        columns = _build(model, milp)
        _set_limits(model, limits)
        set_options(limits.options, model.setParam, OURS)
        if start is not None:
            columns.Start = start
        if (remaining := link.remaining) is not None:
            model.Params.TimeLimit = remaining
        calls = Calls(model.terminate)
        try:
            with link.interrupting(model.terminate):
                model.optimize(_watch(columns, calls, link))
        except gurobipy.GurobiError as error:
            raise too_small("gurobi", milp) if error.errno == TOO_LARGE else error from error
        calls.raise_error()
        return _outcome(model, columns, milp, link)


def _build(model: Any, milp: Milp) -> Any:
    """The columns, whose program is in the model: a two-sided row is two."""
    columns = model.addMVar(
        milp.columns, lb=milp.col_lower, ub=milp.col_upper, obj=milp.col_cost, vtype=np.array(list(kinds(milp)))
    )
    model.ObjCon = milp.offset
    matrix = row_matrix(milp)
    equal = milp.row_lower == milp.row_upper
    for sense, side, here in (
        ("=", milp.row_lower, equal),
        (">", milp.row_lower, ~equal & np.isfinite(milp.row_lower)),
        ("<", milp.row_upper, ~equal & np.isfinite(milp.row_upper)),
    ):
        if here.any():
            model.addMConstr(matrix[here], columns, sense, side[here])
    return columns


def _set_limits(model: Any, limits: Limits) -> None:
    parameters = {
        "MIPGap": limits.gap,
        "MIPGapAbs": 0.0,
        "IntFeasTol": FINEST,
        "FeasibilityTol": max(FINEST, limits.feasibility),
        "Threads": limits.threads,
        "Seed": limits.seed % SEEDS,
        **({} if limits.presolve else {"Presolve": 0}),
        **({} if limits.nodes is None else {"NodeLimit": limits.nodes}),
        **({} if limits.memory is None else {"SoftMemLimit": limits.memory / 1e9}),
    }
    for name, value in parameters.items():
        model.setParam(name, value)


def _watch(columns: Any, calls: Calls, link: Link) -> Any:
    """A callback that reports solutions and bounds."""
    from gurobipy import GRB

    def call(model: Any, where: int) -> None:
        if where == GRB.Callback.MIPSOL:
            calls(lambda: link.found(np.array(model.cbGetSolution(columns), dtype=np.float64)))
        elif where == GRB.Callback.MIP:
            calls(lambda: link.bounded(model.cbGet(GRB.Callback.MIP_OBJBND), int(model.cbGet(GRB.Callback.MIP_NODCNT))))

    return call


_STATUS = {
    "OPTIMAL": Status.OPTIMAL,
    "INFEASIBLE": Status.INFEASIBLE,
    "UNBOUNDED": Status.UNBOUNDED,
    "INTERRUPTED": Status.INTERRUPTED,
    "NUMERIC": Status.FAILED,
}


_WORDS = {"INF_OR_UNBD": "infeasible or unbounded, and cannot tell which"}


def _outcome(model: Any, columns: Any, milp: Milp, link: Link) -> Outcome:
    from gurobipy import GRB, gurobi

    said = next(name for name in dir(GRB.Status) if getattr(GRB.Status, name) == model.Status)
    unsure = Status.INFEASIBLE if milp.is_bounded else Status.FAILED
    x = np.array(columns.X, dtype=np.float64) if model.SolCount else None
    status = unsure if said == "INF_OR_UNBD" else _STATUS.get(said, ended(x is not None))
    bound = model.ObjBound if model.IsMIP else model.ObjVal if status is Status.OPTIMAL else None
    return Outcome(
        status=status,
        x=x,
        objective=finite(model.ObjVal) if x is not None else None,
        bound=finite(bound),
        nodes=int(model.NodeCount) if model.IsMIP else 0,
        seconds=link.seconds,
        solver="Gurobi " + ".".join(map(str, gurobi.version())),
        reason="" if status is Status.OPTIMAL else f"Gurobi ended with {_WORDS.get(said, said)}",
    )
