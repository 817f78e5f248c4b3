"""What the difference of two specs does to the model, as `bdnnc plan` sizes it up."""

from __future__ import annotations

from collections.abc import Mapping

from bdnnlang.language.printing import duration
from bdnnlang.report.differences.change import Change, Value, changes
from bdnnlang.report.plan import Plan

SIZES = ("columns", "binaries", "rows", "nonzeros")


def model_changes(a: Plan, b: Plan) -> tuple[Change, ...]:
    """Samples, features, sizes of the exact model, its solver, and the time of the schedule."""
    return tuple(changes(_sizes(a), _sizes(b)))


def _sizes(plan: Plan) -> Mapping[str, Value]:
    program = plan.program
    return {
        "samples": plan.samples,
        "features": plan.features,
        "classes": plan.classes,
        **{name: None if program is None else getattr(program, name) for name in SIZES},
        "solver": plan.solver,
        "time": "no limit" if plan.seconds is None else duration(plan.seconds),
    }
