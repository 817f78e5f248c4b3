"""Parameters of the solver that the spec sets: tried on a program of one column, so that a mistake costs no run."""

from __future__ import annotations

import numpy as np

from bdnnlang import solve
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Spec
from bdnnlang.language.spec.solver_spec import SolverOptions
from bdnnlang.language.spec.train_spec import asks_solver
from bdnnlang.model.milp import Family, Milp
from bdnnlang.run.errors import SolverOptionRefused
from bdnnlang.solve.outcome import Limits

SECONDS = 10.0  # for the one column


def check_options(spec: Spec, solver: str) -> None:
    """Raise Rejected (E234) for parameters that the solver does not know or take. Where none is set nothing is solved."""
    sets = dict.fromkeys(spec.train.options_of(stage) for stage in spec.train.stages if asks_solver(stage))
    refused = [error for options in sets if options and (error := _refused(solver, options)) is not None]
    if refused:
        raise Rejected(list(dict.fromkeys(refused)))


def _refused(solver: str, options: SolverOptions) -> SolverOptionRefused | None:
    limits = Limits(seconds=SECONDS, options=tuple((one.name, one.value) for one in options))
    try:
        solve.solve(solver, _one_column(), limits, None, lambda event: None, lambda: False)
    except solve.OptionRefusedError as error:
        said = error.option.lower()
        named = next((one for one in options if one.name.lower() == said), None)
        named = named or next((one for one in options if said.startswith(one.name.lower())), options[0])
        return SolverOptionRefused(span=named.span, solver=solver, name=named.name, said=error.why)
    return None


def _one_column() -> Milp:
    """The least x in {0, 1} with x ≥ 0."""
    zero, one = np.zeros(1), np.ones(1)
    start, index, integer = np.array([0, 1]), np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.int8)
    families = (Family("x", (1,)),), (Family("r", (1,)),)
    return Milp("one", one, zero, one, integer, zero, np.array([np.inf]), start, index, one, 0.0, *families)
