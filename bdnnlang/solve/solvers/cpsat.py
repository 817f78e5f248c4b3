"""OR-tools' CP-SAT: exact integer arithmetic, conditional rows without any constant M.

It would scale a continuous column without a word and claim a false optimum, so all that is not integral is refused.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve import integral
from bdnnlang.solve.options import GAP, LOG, NODES, PROOF, SEED, THREADS, TIME, set_options
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, Value, ended, finite

NAME = "CP-SAT"
SEEDS = 2**31
OURS = {
    **dict.fromkeys(("max_time_in_seconds", "max_deterministic_time"), TIME),
    **dict.fromkeys(("relative_gap_limit", "absolute_gap_limit"), GAP),
    **dict.fromkeys(("max_number_of_conflicts",), NODES),
    **dict.fromkeys(("num_workers", "num_search_workers"), THREADS),
    "random_seed": SEED,
    **dict.fromkeys(("log_search_progress", "log_to_stdout", "log_to_response", "catch_sigint_signal"), LOG),
    **dict.fromkeys(("max_memory_in_mb", "enumerate_all_solutions", "debug_crash_on_bad_hint"), PROOF),
}


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as hint. `limits.nodes` limits conflicts. Raises UnsupportedModelError."""
    from ortools.sat.python import cp_model

    program = integral.integral(milp, NAME)
    model: Any = cp_model.CpModel()
    _build(model.proto, program, milp, link)
    if start is not None:
        model.proto.solution_hint.vars.extend(range(milp.columns))
        model.proto.solution_hint.values.extend(np.rint(start).astype(np.int64).tolist())
    if wrong := model.validate():
        raise RuntimeError(f"CP-SAT refused the program: {wrong}")
    solver: Any = cp_model.CpSolver()
    _set_limits(solver.parameters, limits)
    set_options(limits.options, lambda name, value: _put(solver.parameters, name, value), OURS)
    watch = _watch(milp, link)
    solver.best_bound_callback = lambda bound: link.bounded(bound, 0)
    if (remaining := link.remaining) is not None:
        solver.parameters.max_time_in_seconds = remaining
    with link.interrupting(solver.stop_search):
        status = solver.solve(model, watch)
    if watch.error is not None:
        raise watch.error
    return _outcome(solver, solver.status_name(status), milp, link)


def refusal(milp: Milp) -> str | None:
    """Why CP-SAT must not have this program, or None."""
    return integral.refusal(milp, NAME)


def _build(proto: Any, program: integral.IntegralProgram, milp: Milp, link: Link) -> None:
    """Fill the protobuf itself: five times faster than linear expressions."""
    for lower, upper in zip(program.col_lower.tolist(), program.col_upper.tolist(), strict=True):
        proto.variables.add().domain.extend((lower, upper))
    ends, columns, values = program.first.tolist(), program.column.tolist(), program.value.tolist()
    literals = _literals(milp)
    for row, (lower, upper, literal) in enumerate(zip(program.row_lower, program.row_upper, literals, strict=True)):
        link.raise_if_stopped()
        if (lower, upper) == (integral.NO_LOWER, integral.NO_UPPER):
            continue
        constraint = proto.constraints.add()
        if literal is not None:
            constraint.enforcement_literal.append(literal)
        if lower > upper:
            constraint.bool_or.literals.extend(())
            continue
        constraint.linear.vars.extend(columns[ends[row] : ends[row + 1]])
        constraint.linear.coeffs.extend(values[ends[row] : ends[row + 1]])
        constraint.linear.domain.extend((lower, upper))
    costly = np.flatnonzero(program.cost)
    if len(costly):
        proto.objective.vars.extend(costly.tolist())
        proto.objective.coeffs.extend(program.cost[costly].tolist())
        proto.objective.offset = program.offset
        proto.objective.scaling_factor = 1.0 / program.scale


def _literals(milp: Milp) -> list[int | None]:
    """The literal that enforces each row: a column, or −1 − column for its negation."""
    if milp.condition is None or milp.condition_value is None:
        return [None] * milp.rows
    signed = np.where(milp.condition_value == 1, milp.condition, -1 - milp.condition)
    return [int(s) if c >= 0 else None for c, s in zip(milp.condition.tolist(), signed.tolist(), strict=True)]


def _set_limits(parameters: Any, limits: Limits) -> None:
    parameters.num_workers = limits.threads
    parameters.random_seed = limits.seed % SEEDS
    parameters.relative_gap_limit = limits.gap
    parameters.catch_sigint_signal = False
    parameters.log_search_progress = True
    parameters.cp_model_presolve = limits.presolve
    if limits.nodes is not None:
        parameters.max_number_of_conflicts = limits.nodes
    if limits.memory is not None:
        parameters.max_memory_in_mb = max(1, limits.memory >> 20)


def _put(parameters: Any, name: str, value: Value) -> None:
    if name.startswith("_") or not hasattr(parameters, name):
        raise ValueError(f"CP-SAT has no parameter `{name}`")
    try:
        setattr(parameters, name, value)
    except TypeError as error:
        raise ValueError(f"CP-SAT takes no such value for `{name}`") from error


def _watch(milp: Milp, link: Link) -> Any:
    """A callback that reports solutions. An exception in it would be lost: it is kept, the search stopped."""
    from ortools.sat.python import cp_model

    class Watch(cp_model.CpSolverSolutionCallback):
        error: BaseException | None = None

        def on_solution_callback(self) -> None:
            try:
                x = np.array([self.SolutionIntegerValue(j) for j in range(milp.columns)], dtype=np.float64)
                link.found(x)
            except BaseException as error:
                self.error = error
                self.StopSearch()

    return Watch()


_STATUS = {"OPTIMAL": Status.OPTIMAL, "INFEASIBLE": Status.INFEASIBLE, "MODEL_INVALID": Status.FAILED}


def _outcome(solver: Any, said: str, milp: Milp, link: Link) -> Outcome:
    found = said in ("OPTIMAL", "FEASIBLE")
    stopped = Status.INTERRUPTED if link.stop.is_set() else ended(found)
    x = np.array(solver.response_proto.solution, dtype=np.float64) if found else None
    objective = milp.objective(x) if x is not None else None
    constant = not milp.col_cost.any()  # then CP-SAT has no objective, hence no bound either
    return Outcome(
        status=_STATUS.get(said, stopped),
        x=x,
        objective=objective,
        bound=milp.offset if constant else finite(solver.best_objective_bound),
        nodes=int(solver.num_conflicts),
        seconds=link.seconds,
        solver=f"CP-SAT {version('ortools')}",
        reason="" if said in _STATUS else f"CP-SAT ended with {said}",
    )
