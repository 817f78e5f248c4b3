"""SCIP, through PySCIPOpt. Conditional rows become indicator constraints, cones quadratic ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Family, Milp
from bdnnlang.solve.files import text
from bdnnlang.solve.heuristic import add_heuristic
from bdnnlang.solve.options import GAP, NODES, PROOF, SEED, TIME, set_options
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, ended, finite

SEEDS = 2**31  # SCIP's are 32 bits wide
OURS = {
    "limits/time": TIME,
    **dict.fromkeys(("limits/gap", "limits/absgap"), GAP),
    **dict.fromkeys(("limits/totalnodes", "limits/nodes"), NODES),
    **dict.fromkeys(("randomization/randomseedshift", "randomization/permutationseed"), SEED),
    **dict.fromkeys(("numerics/feastol", "numerics/epsilon", "numerics/sumepsilon", "misc/catchctrlc"), PROOF),
}


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as first solution if SCIP agrees. One thread: `optimize` knows no other way."""
    built = _Built(milp, link.raise_if_stopped)
    model = built.model
    model.hideOutput(False)  # the process writes it to its log
    _set_limits(model, limits)
    set_options(limits.options, model.setParam, OURS)
    if start is not None:
        _add_start(built, milp, start)
    watch = _watch(built, link, limits.gap)
    heuristic = None
    if link.improve is not None:
        heuristic = add_heuristic(
            model, built.variables, milp.nonzeros, lambda heuristic, point: _as_solution(built, milp, point, heuristic), link
        )
    if (remaining := link.remaining) is not None:
        model.setParam("limits/time", remaining)
    with link.interrupting(model.interruptSolve):
        model.optimizeNogil()
    for error in (watch.error, heuristic and heuristic.error):
        if error is not None:
            raise error
    return _outcome(built, link, watch.enough)


def write(milp: Milp, stream: BinaryIO, *, names: text.Naming = "long", comments: Sequence[str] = ()) -> None:
    """Write SCIP's own format, conditional rows included; its numbers keep 15 digits, its rows are two-sided as they are."""
    if names == "short":
        milp = replace(milp, col_families=(Family("x", (milp.columns,)),), row_families=(Family("r", (milp.rows,)),))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.cip"
        _Built(milp, lambda: None).model.writeProblem(str(file), verbose=False)
        stream.write(text.remarks(milp, comments, "#") + file.read_bytes())


class _Built:
    """A SCIP model and its variables, in our order."""

    def __init__(self, milp: Milp, raise_if_stopped: Callable[[], None]) -> None:
        from pyscipopt import Model

        self.model: Any = Model(milp.name)
        self.model.hideOutput()
        self.model.setParam("misc/catchctrlc", False)
        self.model.addObjoffset(milp.offset)
        kinds = np.where(milp.binary, "B", np.where(milp.integrality == 1, "I", "C")).tolist()
        bounds = zip(_or_none(milp.col_lower), _or_none(milp.col_upper), strict=True)
        names = [name.decode() for name in milp.col_names().tolist()]
        self.variables = [
            self.model.addVar(name, kind, lower, upper, cost)
            for name, kind, (lower, upper), cost in zip(names, kinds, bounds, milp.col_cost.tolist(), strict=True)
        ]
        self.squares: Any = None if milp.col_square is None else self._add_squares(milp.col_square)
        self.slacks: list[tuple[int, Any]] = []  # (row, slack variable) of each indicator constraint
        self._add_rows(milp, raise_if_stopped)
        for cone in milp.cones:
            members = zip(cone.factor.tolist(), cone.members.tolist(), strict=True)
            squares = sum((f * self.variables[j]) * (f * self.variables[j]) for f, j in members)
            self.model.addCons(squares <= self.variables[cone.bound] * self.variables[cone.bound])

    def _add_squares(self, square: Floats) -> Any:
        """SCIP wants a linear objective: the variable above Σ square · x², which stands in it."""
        from pyscipopt import quicksum

        above = self.model.addVar("squares", "C", 0.0, None, 1.0)
        terms = (float(square[j]) * self.variables[j] * self.variables[j] for j in np.flatnonzero(square).tolist())
        self.model.addCons(quicksum(terms) <= above, "squares_least")
        return above

    def _add_rows(self, milp: Milp, raise_if_stopped: Callable[[], None]) -> None:
        """One constraint per row, from a dict of terms: half the time of the overloaded operators."""
        from pyscipopt.scip import Expr, ExprCons

        terms = [next(iter(variable)) for variable in self.variables]
        first, column, value = milp.by_row()
        ends, columns, values = first.tolist(), column.tolist(), value.tolist()
        condition = milp.condition if milp.condition is not None else np.full(milp.rows, -1, dtype=np.int64)
        sides = zip(_or_none(milp.row_lower), _or_none(milp.row_upper), condition.tolist(), strict=True)
        for row, (lower, upper, literal) in enumerate(sides):
            raise_if_stopped()
            if lower is None and upper is None:
                continue
            here = slice(ends[row], ends[row + 1])
            left = {terms[j]: a for j, a in zip(columns[here], values[here], strict=True)}
            if literal < 0:
                self.model.addCons(ExprCons(Expr(left), lower, upper))
                continue
            for low, high in ((lower, None), (None, upper)):
                if low is not None or high is not None:
                    self._add_conditional(milp, row, literal, ExprCons(Expr(dict(left)), low, high))

    def _add_conditional(self, milp: Milp, row: int, literal: int, side: Any) -> None:
        assert milp.condition_value is not None
        active = bool(milp.condition_value[row] == 1)
        constraint = self.model.addConsIndicator(side, self.variables[literal], activeone=active)
        self.slacks.append((row, self.model.getSlackVarIndicator(constraint)))

    def values(self, solution: Any) -> Floats:
        """A solution as an array, shape (columns,): it dies with the model, the array does not."""
        value = self.model.getSolVal
        return np.array([value(solution, variable) for variable in self.variables], dtype=np.float64)


def _or_none(bounds: Floats) -> list[float | None]:
    return [bound if np.isfinite(bound) else None for bound in bounds.tolist()]


def _set_limits(model: Any, limits: Limits) -> None:
    from pyscipopt.scip import PY_SCIP_PARAMSETTING as SETTING

    model.setParam("numerics/feastol", limits.feasibility)
    model.setParam("randomization/randomseedshift", limits.seed % SEEDS)
    if not limits.cuts:
        model.setSeparating(SETTING.OFF)
    if not limits.presolve:
        model.setPresolve(SETTING.OFF)
    if limits.nodes is not None:
        model.setParam("limits/totalnodes", limits.nodes)
    if limits.memory is not None:
        model.setParam("limits/memory", limits.memory / 2**20)


def _add_start(built: _Built, milp: Milp, start: Floats) -> None:
    """Offer the start. `addSol` accepts anything before the solve, so it is checked first."""
    solution = _as_solution(built, milp, start, None)
    if built.model.checkSol(solution, printreason=False, original=True):
        built.model.addSol(solution)
    else:
        built.model.freeSol(solution)


def _as_solution(built: _Built, milp: Milp, start: Floats, heuristic: Any) -> Any:
    """A point (columns,) as SCIP's own kind of solution, with all that SCIP has added to the model.

    SCIP crashes on solutions of nobody while it solves, so `heuristic` says whose it is then.
    """
    model = built.model
    solution = model.createSol() if heuristic is None else model.createOrigSol(heuristic)
    for j in np.flatnonzero(start).tolist():
        model.setSolVal(solution, built.variables[j], float(start[j]))
    if milp.col_square is not None:
        model.setSolVal(solution, built.squares, float(milp.col_square @ start**2))
    activity = milp.activity(start)
    below, above = milp.row_lower - activity, activity - milp.row_upper
    for row, slack in built.slacks:
        model.setSolVal(solution, slack, max(0.0, float(below[row]), float(above[row])))
    return solution


def _watch(built: _Built, link: Link, gap: float) -> Any:
    """An event handler that reports solutions and bounds, and ends the solve at the gap.

    SCIP's own gap is relative to the lesser of objective and bound, hence infinite while the bound is 0. An exception
    in a callback would become "SCIP: unspecified error!": it is kept, and the solve interrupted.
    """
    from pyscipopt import Eventhdlr
    from pyscipopt.scip import PY_SCIP_EVENTTYPE as SCIP_EVENTTYPE

    kinds = (SCIP_EVENTTYPE.BESTSOLFOUND, SCIP_EVENTTYPE.NODESOLVED)

    class Watch(Eventhdlr):
        error: BaseException | None = None
        enough = False

        def eventinit(self) -> None:
            for kind in kinds:
                self.model.catchEvent(kind, self)

        def eventexec(self, event: Any) -> None:
            try:
                if event.getType() == SCIP_EVENTTYPE.BESTSOLFOUND:
                    link.found(built.values(self.model.getBestSol()))
                bound, objective = self.model.getDualbound(), self.model.getPrimalbound()
                link.bounded(bound, self.model.getNTotalNodes())
                if gap > 0 and finite(objective) is not None and objective - bound <= gap * max(1.0, abs(objective)):
                    self.enough = True
                    self.model.interruptSolve()
            except BaseException as error:
                self.error = error
                self.model.interruptSolve()

    watch = Watch()
    built.model.includeEventhdlr(watch, "bdnnlang", "reports solutions and bounds")
    return watch


_STATUS = {
    "optimal": Status.OPTIMAL,
    "infeasible": Status.INFEASIBLE,
    "unbounded": Status.UNBOUNDED,
    "userinterrupt": Status.INTERRUPTED,
    "inforunbd": Status.FAILED,
    "unknown": Status.FAILED,
}
_REASON = {"inforunbd": "infeasible or unbounded: SCIP cannot tell which", "unknown": "SCIP does not know how it ended"}
_NOTES = {"memlimit": ("SCIP ended because it had reached the limit of memory",)}


def _outcome(built: _Built, link: Link, enough: bool) -> Outcome:
    model = built.model
    said = "optimal" if enough else model.getStatus()
    found = model.getNSols() > 0 and said != "infeasible"
    best = model.getBestSol() if found else None
    return Outcome(
        status=_STATUS.get(said, ended(found)),
        x=built.values(best) if found else None,
        objective=finite(model.getSolObjVal(best)) if found else None,
        bound=finite(model.getDualbound()),
        nodes=model.getNTotalNodes(),
        seconds=link.seconds,
        solver=f"SCIP {model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}",
        reason=_REASON.get(said, "" if said in _STATUS else said),
        notes=_NOTES.get(said, ()),
    )
