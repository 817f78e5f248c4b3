"""SciPy's `milp`, which brings a HiGHS of its own: no start, and no news before the end."""

from __future__ import annotations

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.outcome import Limits, Link, Outcome, Status, ended


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve; `start` (columns,) is only what there is if nothing better is found."""
    from scipy import optimize, sparse

    matrix = sparse.csc_array((milp.value, milp.index, milp.start), shape=(milp.rows, milp.columns))
    found = optimize.milp(
        milp.col_cost,
        integrality=milp.integrality,
        bounds=optimize.Bounds(milp.col_lower, milp.col_upper),
        constraints=optimize.LinearConstraint(matrix, milp.row_lower, milp.row_upper),
        options={} if link.remaining is None else {"time_limit": link.remaining},
    )
    x = start if found.x is None else np.asarray(found.x)
    status = {0: Status.OPTIMAL, 2: Status.INFEASIBLE}.get(found.status, ended(x is not None))
    bound = None if found.mip_dual_bound is None else float(found.mip_dual_bound) + milp.offset
    objective = None if x is None else milp.objective(x)
    return Outcome(status, x, objective, bound, found.mip_node_count, link.seconds, "SciPy")
