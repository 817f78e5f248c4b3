"""Which solver, and its own parameters: `solver = …` of the block `train`, `solver_options { … }` there and in its stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bdnnlang.language.kinds import Parameters
from bdnnlang.language.spec.row import setting
from bdnnlang.source import Span

Solver = Literal["auto", "scip", "highs", "cpsat", "exact", "cbc", "glpk", "gurobi", "cplex", "copt", "xpress"]
SOLVER_WORDS = {
    "auto": "CP-SAT where it applies and is installed, else SCIP",
    "scip": "SCIP: any network",
    "highs": "HiGHS: any network",
    "cpsat": "CP-SAT: integer weights on integer data only",
    "exact": "Exact: integer weights on integer data only, in exact arithmetic; its licence is the AGPL",
    "cbc": "CBC, the program: any network",
    "gurobi": "Gurobi: any network that its licence takes; the one of its package ends at 2,000 columns or rows",
    "cplex": "CPLEX: the same; 1,000 columns or rows",
    "copt": "COPT: the same; 2,000 columns or rows",
    "xpress": "Xpress: the same; 5,000 columns and rows together",
    "glpk": "GLPK, the program: any network, in formulation `tight`; slow",
}
RACERS = {name: text for name, text in SOLVER_WORDS.items() if name != "auto"}


@dataclass(frozen=True, slots=True)
class SolverOption:
    """A parameter of a solver, under its own name."""

    name: str
    value: bool | int | float | str
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


SolverOptions = tuple[SolverOption, ...]
OPTIONS = "solver_options"


def options(where: str, also: str = "") -> SolverOptions:
    """The field of a stage, or of the block, that holds parameters of the solver."""
    return setting(
        Parameters(),
        f"Parameters of the solver, {where}, as its own manual names and values them",
        (),
        shown="none",
        example=also + 'solver_options { "limits/bestsol" = 3 }',
        aliases=("options", "parameters", "solver_parameters", "solver_params"),
    )
