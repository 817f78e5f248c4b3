"""HiGHS, through highspy: the arrays are passed as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.options import GAP, LOG, NODES, PROOF, SEED, THREADS, TIME, set_options
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, Value, ended, finite

SEEDS = 2**31  # HiGHS's are 32 bits wide
COLUMN_WISE, MINIMISE = 1, 1
OURS = {
    "time_limit": TIME,
    **dict.fromkeys(("mip_rel_gap", "mip_abs_gap"), GAP),
    "mip_max_nodes": NODES,
    "random_seed": SEED,
    "threads": THREADS,
    **dict.fromkeys(("mip_feasibility_tolerance", "primal_feasibility_tolerance", "objective_bound"), PROOF),
    **dict.fromkeys(("output_flag", "log_to_console", "log_file", "solution_file", "write_model_file"), LOG),
}


class _Fault(Enum):
    """What a version of HiGHS must not be trusted with, in words for the report."""

    START = "solved without a start, after which this version states false objectives"
    PRESOLVE = "solved without presolve, which makes this version miss optima"


# Shown by tests/solve/test_highs.py. A version that is not here is given starts, and found out where its claim is not that of
# its solution: then `worker` solves again without one.
FAULTS = {
    "1.14.0": _Fault.PRESOLVE,  # HiGHS issue 3094
    "1.16.0": _Fault.START,
}


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as first solution. Raises RuntimeError where HiGHS refuses what it is given."""
    from highspy import Highs

    highs: Any = Highs()  # type: ignore[no-untyped-call]
    limits, start, withheld = _as_trusted(highs.version(), limits, start)
    _set_options(highs, limits)
    set_options(limits.options, lambda name, value: _put(highs, name, value), OURS)
    _pass(highs, milp)
    if start is not None:
        _check(highs.setSolution(milp.columns, np.arange(milp.columns, dtype=np.int32), start), "start")
    if (remaining := link.remaining) is not None:
        _check(highs.setOptionValue("time_limit", remaining), "time_limit")
    watch = _Watch(highs, link)
    with link.interrupting(highs.cancelSolve):
        status = highs.run()
    if watch.error is not None:
        raise watch.error
    return replace(_outcome(highs, milp, status, link), notes=withheld)


def _as_trusted(version: str, limits: Limits, start: Floats | None) -> tuple[Limits, Floats | None, tuple[str, ...]]:
    """Limits and start without what this version must not be trusted with, and notes that say so."""
    fault = FAULTS.get(version)
    notes = () if fault is None else (f"HiGHS {version}: {fault.value}",)
    if fault is _Fault.START and start is not None:
        return limits, None, notes
    if fault is _Fault.PRESOLVE and limits.presolve:
        return replace(limits, presolve=False), start, notes
    return limits, start, ()


def _check(status: Any, what: str) -> None:
    """HiGHS drops what it dislikes with a mere warning: that is an error here."""
    from highspy import HighsStatus

    if status != HighsStatus.kOk:
        raise RuntimeError(f"HiGHS refused the {what}")


def _set_options(highs: Any, limits: Limits) -> None:
    options: dict[str, object] = {
        "output_flag": True,
        "presolve": "choose" if limits.presolve else "off",
        "mip_rel_gap": limits.gap,
        "mip_abs_gap": 1e-9,  # the default, 1e-6, would end a solve that was asked for gap 0
        "threads": limits.threads,
        "random_seed": limits.seed % SEEDS,
        "mip_feasibility_tolerance": limits.feasibility,
        "primal_feasibility_tolerance": min(limits.feasibility, 1e-7),
    }
    if limits.nodes is not None:
        options["mip_max_nodes"] = limits.nodes
    for name, value in options.items():
        _check(highs.setOptionValue(name, value), f"option {name}")


def _put(highs: Any, name: str, value: Value) -> None:
    """Set an option of the user's: a number that is whole may be one of an option that takes any."""
    from highspy import HighsOptionType, HighsStatus

    status, kind = highs.getOptionType(name)
    if status != HighsStatus.kOk:
        raise ValueError(f"HiGHS has no option `{name}`")
    words = {HighsOptionType.kBool: "true or false", HighsOptionType.kInt: "a whole number", HighsOptionType.kDouble: "a number"}
    if kind == HighsOptionType.kDouble and type(value) is int:
        value = float(value)
    fits = isinstance(value, str) == (kind == HighsOptionType.kString)
    if not fits or highs.setOptionValue(name, value) != HighsStatus.kOk:
        raise ValueError(f"HiGHS takes {words.get(kind, 'a word')} for `{name}`, within its range")


def _pass(highs: Any, milp: Milp) -> None:
    status = highs.passModel(
        *(milp.columns, milp.rows, milp.nonzeros, COLUMN_WISE, MINIMISE, milp.offset),
        *(milp.col_cost, milp.col_lower, milp.col_upper, milp.row_lower, milp.row_upper),
        *(milp.start.astype(np.int32), milp.index, milp.value, milp.integrality.astype(np.int32)),
    )
    _check(status, "program")
    if highs.getNumNz() != milp.nonzeros:  # it deletes coefficients below 1e-9
        raise RuntimeError("HiGHS dropped coefficients")


class _Watch:
    """Reports solutions and bounds.

    What becomes of an exception in a callback depends on the version of HiGHS: it is kept, and the solve cancelled.
    """

    def __init__(self, highs: Any, link: Link) -> None:
        self.error: BaseException | None = None
        self._highs, self._link = highs, link
        highs.cbMipImprovingSolution.subscribe(self._guarded(self._found))
        highs.cbMipLogging.subscribe(self._guarded(self._bounded))
        highs.cbMipInterrupt.subscribe(self._guarded(self._bounded))
        highs.HandleUserInterrupt = True  # makes `cancelSolve` work

    def _guarded(self, report: Callable[[Any], None]) -> Callable[[Any], None]:
        def call(event: Any) -> None:
            if self.error is not None:
                return
            try:
                report(event.data_out)
            except BaseException as error:
                self.error = error
                self._highs.cancelSolve()

        return call

    def _found(self, out: Any) -> None:
        numbers = out.mip_solution
        if not hasattr(numbers, "__len__"):  # HiGHS 1.10 has a bare pointer
            numbers = [numbers[j] for j in range(self._highs.getNumCol())]
        self._link.found(_values(numbers))

    def _bounded(self, out: Any) -> None:
        self._link.bounded(float(out.mip_dual_bound), int(out.mip_node_count))


def _values(numbers: Any) -> Floats:
    """A copy of a solution, shape (columns,), without HiGHS's negative zeros."""
    return np.array(numbers, dtype=np.float64) + 0.0


# By name, because older versions of HiGHS have fewer of them; where a limit ended the solve, `ended` says the status.
_STATUS = {
    "kOptimal": Status.OPTIMAL,
    "kModelEmpty": Status.OPTIMAL,
    "kInfeasible": Status.INFEASIBLE,
    "kUnbounded": Status.UNBOUNDED,
    "kInterrupt": Status.INTERRUPTED,
    "kHighsInterrupt": Status.INTERRUPTED,
}
_LIMITS = ("kTimeLimit", "kIterationLimit", "kSolutionLimit")


def _outcome(highs: Any, milp: Milp, run_status: Any, link: Link) -> Outcome:
    from highspy import HighsStatus, SolutionStatus

    said, info, solution = highs.getModelStatus(), highs.getInfo(), highs.getSolution()
    found = solution.value_valid and info.primal_solution_status == int(SolutionStatus.kSolutionStatusFeasible)
    status = ended(found) if said.name in _LIMITS else _STATUS.get(said.name, Status.FAILED)
    if run_status == HighsStatus.kError:
        status = Status.FAILED
    mixed = bool(milp.integrality.any())
    bound = info.mip_dual_bound if mixed else info.objective_function_value if status is Status.OPTIMAL else None
    return Outcome(
        status=status,
        x=_values(solution.col_value) if found else None,
        objective=finite(info.objective_function_value) if found else None,
        bound=finite(bound),
        nodes=max(0, int(info.mip_node_count)) if mixed else 0,
        seconds=link.seconds,
        solver=f"HiGHS {highs.version()}",
        reason="" if status is Status.OPTIMAL else highs.modelStatusToString(said),
    )
