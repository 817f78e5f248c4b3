"""Continuous columns that a start leaves out: those of least cost beside its whole numbers, by an LP."""

from __future__ import annotations

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp


def completed(milp: Milp, x: Floats) -> Floats | None:
    """`x` (columns,) with other values in its continuous columns, so that all rows hold; None where there are none."""
    from scipy.optimize import linprog
    from scipy.sparse import csc_array, vstack

    free = np.flatnonzero(milp.integrality == 0)
    matrix = csc_array((milp.value, milp.index, milp.start), shape=(milp.rows, milp.columns))
    fixed = np.where(milp.integrality == 1, x, 0.0)
    activity = matrix @ fixed
    rows, own = np.isfinite([milp.row_upper, milp.row_lower]), matrix[:, free].tocsr()
    sides = np.r_[(milp.row_upper - activity)[rows[0]], (activity - milp.row_lower)[rows[1]]]
    box = np.column_stack([milp.col_lower[free], milp.col_upper[free]])
    found = linprog(milp.col_cost[free], A_ub=vstack([own[rows[0]], -own[rows[1]]]), b_ub=sides, bounds=box)
    if found.x is None:
        return None
    fixed[free] = found.x
    return fixed
