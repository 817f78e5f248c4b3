"""A program as whole numbers, for solvers and files that know nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.milp import Milp
from bdnnlang.solve.outcome import UnsupportedModelError

LARGEST = 2**62  # of a sum of products: such solvers count in 64 bits and want room
LARGEST_EXACT = 2**53  # integers that a float has
NO_LOWER, NO_UPPER = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class IntegralProgram:
    """A program in integers: the objective is `(cost · x + offset) / scale`."""

    cost: Ints  # (columns,)
    offset: float
    scale: float
    col_lower: Ints
    col_upper: Ints
    row_lower: list[int]
    row_upper: list[int]
    value: Ints  # (nonzeros,), by row
    column: NDArray[np.int32]
    first: Ints  # (rows + 1,)


def refusal(milp: Milp, who: str) -> str | None:
    """Why `who` must not have this program, or None."""
    try:
        integral(milp, who)
    except UnsupportedModelError as refused:
        return str(refused)
    return None


def integral(milp: Milp, who: str) -> IntegralProgram:
    """The program in whole numbers, for `who`. Raises UnsupportedModelError for one that is none."""
    if not (milp.integrality == 1).all():
        raise UnsupportedModelError(f"{who} takes integer columns only")
    if not (np.abs([milp.col_lower, milp.col_upper]) <= LARGEST_EXACT).all():
        raise UnsupportedModelError(f"{who} takes columns with finite bounds only")
    if not (np.rint(milp.value) == milp.value).all():
        raise UnsupportedModelError(f"{who} takes integral coefficients only")
    first, column, value = milp.by_row()
    largest = np.maximum(np.abs(milp.col_lower), np.abs(milp.col_upper))
    weight = np.abs(milp.value) * largest[milp.column_of]
    reach = np.bincount(milp.index, weights=weight, minlength=milp.rows)
    scale = _scale(np.append(milp.col_cost, milp.offset))
    if max(reach.max(initial=0.0), float(np.abs(milp.col_cost * scale) @ largest)) >= LARGEST:
        raise UnsupportedModelError("a row or the objective may exceed 64 bits")
    return IntegralProgram(
        cost=(milp.col_cost * scale).astype(np.int64),
        offset=milp.offset * scale,
        scale=scale,
        col_lower=np.ceil(milp.col_lower).astype(np.int64),
        col_upper=np.floor(milp.col_upper).astype(np.int64),
        # A side that no activity reaches is as good as none, and need not fit into 64 bits.
        row_lower=_sides(np.ceil(milp.row_lower), milp.row_lower < -reach, NO_LOWER),
        row_upper=_sides(np.floor(milp.row_upper), milp.row_upper > reach, NO_UPPER),
        value=value.astype(np.int64),
        column=column,
        first=first,
    )


def _sides(sides: Floats, idle: NDArray[np.bool_], instead: int) -> list[int]:
    kept = np.clip(np.where(idle, 0.0, sides), -float(LARGEST), float(LARGEST)).astype(np.int64)
    return [int(side) for side in np.where(idle, instead, kept)]


def _scale(costs: Floats) -> float:
    """The power of two that makes all costs integers."""
    for power in range(63):
        scaled = costs * 2.0**power
        if (np.rint(scaled) == scaled).all():
            return 2.0**power
    raise UnsupportedModelError("the objective has no exact integral multiple")
