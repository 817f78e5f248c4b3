"""Pass `steps_to_implications`: step activations as conditional rows, without any M."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.ir.blocks import Linear, Problem, Step, merge
from bdnnlang.milp import Family


@dataclass(frozen=True, slots=True)
class StepsToImplications:
    """u = 1 ⇒ a ≥ 0;  u = 0 ⇒ a ≤ −g.

    Takes   every `Step`.
    Makes   conditional `Linear` rows `on<k>` and `off<k>`; a direction that its mask leaves out has no bound.
    Source  MODELS.md 3.9. Exact by definition; only for targets that accept conditional rows.
    """

    def __call__(self, problem: Problem) -> Problem:
        blocks = (_rows(b) if isinstance(b, Step) else b for b in problem.blocks)
        return problem.with_blocks(tuple(blocks))


def _rows(step: Step) -> Linear:
    count = step.affine.rows
    nothing = np.full(count, np.inf)
    return Linear(
        (Family(f"on{step.layer}", step.on.shape), Family(f"off{step.layer}", step.off.shape)),
        merge([step.least, step.greatest]),
        np.concatenate([np.where(step.on.ravel(), 0.0, -np.inf), -nothing]),
        np.concatenate([nothing, np.where(step.off.ravel(), -step.gap, np.inf)]),
        np.concatenate([step.activations.ravel(), step.silences.ravel()]),
        np.repeat(np.array([1, 0], dtype=np.int8), count),
    )
