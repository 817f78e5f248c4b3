"""The table of data steps. A column goes through them from top to bottom, whatever their order in the spec."""

from __future__ import annotations

from bdnnlang.data.preprocessing import binarize, drop, impute, onehot, quantize, sample, scale, thermometer, units
from bdnnlang.data.preprocessing.step import Plan, StepKind
from bdnnlang.language.spec import DataStep

STEPS: tuple[StepKind, ...] = (
    sample.STEP,  # before anything else is read: a file may be large
    drop.STEP,
    impute.STEP,
    units.STEP,  # how cells are read: what it does comes before any value is filled in
    quantize.STEP,  # what was filled in is a level as well, …
    binarize.STEP,  # … or 0 or 1, …
    thermometer.STEP,  # … or several of them
    onehot.STEP,
    scale.STEP,  # of features, not of columns
)
KINDS: dict[type[DataStep], StepKind] = {kind.spec: kind for kind in STEPS}


def fills_missing(plan: Plan) -> bool:
    """Whether missing values are filled in."""
    return any(KINDS[type(planned.step)].fills_missing for planned in plan.steps)


def makes_numbers(plan: Plan, column: str) -> bool:
    """Whether a step takes the column as numbers."""
    return any(plan.names(kind.spec, column) for kind in STEPS if kind.makes_numbers)


def makes_categories(plan: Plan, column: str) -> bool:
    """Whether a step takes the column as categories."""
    return any(plan.names(kind.spec, column) for kind in STEPS if kind.makes_categories)
