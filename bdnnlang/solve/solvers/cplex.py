"""CPLEX, through its Python package: the wheel brings a licence for programs of 1,000 columns or rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.library import Calls, kinds, row_senses, too_small
from bdnnlang.solve.options import GAP, NODES, PROOF, SEED, THREADS, TIME, set_options
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, Value, ended, finite

SEEDS = 2**31
TOO_LARGE = 1016  # of a program, for the licence
OURS = {
    "timelimit": TIME,
    "threads": THREADS,
    "randomseed": SEED,
    "mip.limits.nodes": NODES,
    **dict.fromkeys(("mip.tolerances.mipgap", "mip.tolerances.absmipgap"), GAP),
    **dict.fromkeys(
        (
            "mip.tolerances.integrality",
            "mip.tolerances.uppercutoff",
            "mip.tolerances.lowercutoff",
            "mip.tolerances.objdifference",
            "mip.tolerances.relobjdifference",
            "simplex.tolerances.feasibility",
        ),
        PROOF,
    ),
}


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as first solution."""
    import cplex
    from cplex.exceptions import CplexSolverError

    with cplex.Cplex() as model:
        _build(model, milp)
        _set_limits(model, limits)
        set_options(limits.options, lambda name, value: _put(model, name, value), OURS)
        if start is not None:
            point = cplex.SparsePair(list(range(milp.columns)), start.tolist())
            model.MIP_starts.add(point, model.MIP_starts.effort_level.check_feasibility)
        if (remaining := link.remaining) is not None:
            model.parameters.timelimit.set(remaining)
        aborter = model.use_aborter(cplex.Aborter())
        calls = Calls(aborter.abort)
        watch = _Watch(calls, link, limits.gap)
        if milp.integrality.any():
            model.set_callback(watch, cplex.callbacks.Context.id.global_progress)
        try:
            with link.interrupting(aborter.abort):
                model.solve()
        except CplexSolverError as error:
            raise too_small("cplex", milp) if TOO_LARGE in error.args else error from error
        calls.raise_error()
        return _outcome(model, milp, link, watch.enough)


def _build(model: Any, milp: Milp) -> None:
    columns = {"obj": milp.col_cost, "lb": np.maximum(milp.col_lower, -1e20), "ub": np.minimum(milp.col_upper, 1e20)}
    letters = {"types": kinds(milp)} if milp.integrality.any() else {}
    model.variables.add(**{name: part.tolist() for name, part in columns.items()}, **letters)
    senses, side, width = row_senses(milp)
    model.linear_constraints.add(senses=senses, rhs=side.tolist(), range_values=(-width).tolist())
    entries = zip(milp.index.tolist(), milp.column_of.tolist(), milp.value.tolist(), strict=True)
    model.linear_constraints.set_coefficients(entries)
    model.objective.set_offset(milp.offset)


def _set_limits(model: Any, limits: Limits) -> None:
    own = model.parameters
    own.mip.tolerances.mipgap.set(min(limits.gap, 1.0))  # more it does not take
    own.mip.tolerances.absmipgap.set(0.0)
    own.mip.tolerances.integrality.set(0.0)  # at 1e-5, the default, it has called lesser networks optimal
    own.simplex.tolerances.feasibility.set(max(1e-9, limits.feasibility))
    own.threads.set(limits.threads)
    own.randomseed.set(limits.seed % SEEDS)
    if not limits.presolve:
        own.preprocessing.presolve.set(0)
    if limits.nodes is not None:
        own.mip.limits.nodes.set(limits.nodes)
    if limits.memory is not None:
        own.mip.limits.treememory.set(limits.memory / 2**20)


def _put(model: Any, name: str, value: Value) -> None:
    """Set a parameter by its path, as `mip.strategy.heuristiceffort`."""
    place = model.parameters
    for part in name.split("."):
        if part.startswith("_"):
            raise AttributeError(f"no parameter `{name}`")
        place = getattr(place, part)
    place.set(value)


class _Watch:
    """A callback that reports solutions and bounds, and ends the solve at a gap of more than 1."""

    def __init__(self, calls: Calls, link: Link, gap: float) -> None:
        self.enough = False
        self._calls, self._link, self._gap = calls, link, gap

    def invoke(self, context: Any) -> None:
        self._calls(lambda: self._report(context))

    def _report(self, context: Any) -> None:
        info = context.info
        objective, bound = context.get_double_info(info.best_solution), context.get_double_info(info.best_bound)
        if finite(objective) is not None:
            self._link.found(np.array(context.get_incumbent(), dtype=np.float64))
            self.enough = self._gap > 1 and objective - bound <= self._gap * max(1.0, abs(objective))
        self._link.bounded(bound, context.get_int_info(info.node_count))
        if self.enough:
            context.abort()


_WORDS = {"infeasible": Status.INFEASIBLE, "unbounded": Status.UNBOUNDED, "abort": Status.INTERRUPTED}


def _outcome(model: Any, milp: Milp, link: Link, enough: bool) -> Outcome:
    answer = model.solution
    said, words = answer.get_status(), answer.get_status_string()
    kinds_of_end = answer.status
    x = np.array(answer.get_values(), dtype=np.float64) if answer.is_primal_feasible() else None
    status = ended(x is not None)
    if enough or said in (kinds_of_end.optimal, kinds_of_end.MIP_optimal, kinds_of_end.optimal_tolerance):
        status = Status.OPTIMAL
    elif "or unbounded" in words:
        status = Status.INFEASIBLE if milp.is_bounded else Status.FAILED
    elif x is None or "abort" in words:
        status = next((one for word, one in _WORDS.items() if word in words and "limit" not in words), status)
    is_mixed = bool(milp.integrality.any())
    objective = finite(answer.get_objective_value()) if x is not None else None
    return Outcome(
        status=status,
        x=x,
        objective=objective,
        bound=_bound(answer) if is_mixed else objective if status is Status.OPTIMAL else None,
        nodes=int(answer.progress.get_num_nodes_processed()),
        seconds=link.seconds,
        solver=f"CPLEX {model.get_version()}",
        reason="" if status is Status.OPTIMAL else words,
    )


def _bound(answer: Any) -> float | None:
    from cplex.exceptions import CplexError

    try:
        return finite(answer.MIP.get_best_objective())
    except CplexError:  # there is none
        return None
