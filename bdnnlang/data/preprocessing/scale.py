"""`scale`: feature j of a row is exactly (raw_j − lower_j) / (upper_j − lower_j), in decimals.

It acts on features, not on columns, and its numbers are the bounds of the recipe. Features of 0 and 1 and levels are not scaled:
levels are spaced over the range of a feature, so they are the same however it was scaled before.
"""

from __future__ import annotations

import math

from bdnnlang.arrays import Floats
from bdnnlang.data.preprocessing.step import Plan, StepKind
from bdnnlang.language.spec import Scale
from bdnnlang.network.numbers import exact

NOT_SCALED = (0.0, 1.0)
Bounds = tuple[float, float]  # the values that become 0 and 1


def fit_bounds(plan: Plan, values: Floats) -> Bounds:
    """The bounds of a number from its training values (rows,), as the last `scale` says; without one, least and greatest."""
    scale = plan.last(Scale)
    method = "minmax" if scale is None else scale.method
    if method == "none":
        return NOT_SCALED
    lower, upper = float(values.min()), float(values.max())
    if method == "standard" and lower < upper:
        lower = _mean(values)
        upper = lower + math.sqrt(_mean((values - lower) ** 2))
    return (lower, upper) if lower < upper else (lower, _above(lower))


def _mean(values: Floats) -> float:
    return math.fsum(values.tolist()) / len(values)  # exact sum: the same on every machine


def _above(value: float) -> float:
    """The upper end for a constant column: 1 more where decimals allow it exactly, else as much more as its size."""
    return value + 1 if exact(value + 1) - exact(value) == 1 else value + abs(value)


STEP = StepKind(spec=Scale)
