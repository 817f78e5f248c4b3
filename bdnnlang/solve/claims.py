"""What a solver claims, beside the program and the solutions that are known. No exact arithmetic here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.outcome import Outcome, Status

SLACK = 1e-6  # relative, and absolute below 1


def is_point(x: Floats | None, milp: Milp) -> bool:
    """Whether a solver's solution is one at all: a finite number for each column."""
    return x is not None and x.shape == (milp.columns,) and bool(np.isfinite(x).all())


def misstated(outcome: Outcome, milp: Milp) -> str | None:
    """The objective that the solver claims for its own solution although that has another one, in words."""
    x, claimed = outcome.x, outcome.objective
    if x is None or claimed is None or not is_point(x, milp):
        return None
    objective = milp.objective(x)
    if abs(claimed - objective) <= _slack(milp, x, objective):
        return None
    return f"an objective of {claimed:.9g} for a solution of {objective:.9g}"


def _slack(milp: Milp, x: Floats, objective: float) -> float:
    """How far a right claim may be off: by rounding, of integer columns too, and by the tolerance of a cut-off for squares."""
    relative = SLACK if milp.col_square is None else 10 * SLACK
    unrounded = np.abs(milp.col_cost) @ np.where(milp.integrality == 1, np.abs(x - np.rint(x)), 0.0)
    return relative * max(1.0, abs(objective)) + float(unrounded)


def corrected(outcome: Outcome, milp: Milp) -> Outcome:
    """The outcome with nothing in it that its own solution refutes; what is no solution is left out."""
    if outcome.x is None or outcome.objective is None or not is_point(outcome.x, milp):
        return replace(outcome, x=None, objective=None)
    if (claim := misstated(outcome, milp)) is None:
        return outcome
    return _disbelieved(replace(outcome, objective=milp.objective(outcome.x)), f"{outcome.solver} claims {claim}")


def without_refuted(outcome: Outcome, known: float, gap: float) -> Outcome:
    """The outcome without a claim that a solution of objective `known` refutes."""
    if (claim := _refuted(outcome, known, gap)) is None:
        return outcome
    return _disbelieved(outcome, f"{outcome.solver} claims {claim}, but a solution of {known:.9g} is known")


def _disbelieved(outcome: Outcome, refuted: str) -> Outcome:
    status = Status.FEASIBLE if outcome.status in (Status.OPTIMAL, Status.INFEASIBLE) else outcome.status
    return replace(outcome, status=status, bound=None, refuted=refuted)


def _refuted(outcome: Outcome, known: float, gap: float) -> str | None:
    if outcome.status is Status.INFEASIBLE:
        return "infeasibility"
    slack = SLACK * max(1.0, abs(known))
    if outcome.bound is not None and outcome.bound > known + slack:
        return f"a bound of {outcome.bound:.9g}"
    claimed = outcome.objective
    if outcome.status is Status.OPTIMAL and (claimed is None or claimed > known + slack + gap * abs(claimed)):
        return f"an optimum of {claimed}"
    return None
