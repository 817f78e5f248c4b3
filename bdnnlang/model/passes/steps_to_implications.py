"""Pass `steps_to_implications`: step activations as conditional rows, without any M."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.model.affine import merge
from bdnnlang.model.blocks import Linear, Pass, Problem, Step
from bdnnlang.model.milp import Family


@dataclass(frozen=True, slots=True)
class StepsToImplications(Pass):
    """u = 1 ⇒ a ≥ 0;  u = 0 ⇒ a ≤ −g.

    Takes   every `Step`.
    Makes   conditional `Linear` rows `on<k>` (where its mask `on` is set) and `off<k>` (where `off` is).
    Source  docs/models.md 3.9. Exact by definition; only for solvers that accept conditional rows.
    """

    def __call__(self, problem: Problem) -> Problem:
        blocks = (_rows(b) if isinstance(b, Step) else b for b in problem.blocks)
        return problem.with_blocks(tuple(blocks))


def _rows(step: Step) -> Linear:
    on, off = np.flatnonzero(step.on.ravel()), np.flatnonzero(step.off.ravel())
    nothing = np.full(step.affine.rows, np.inf)
    return Linear(
        tuple(
            Family(f"{name}{step.layer}", step.on.shape, None if mask.all() else kept)
            for name, mask, kept in (("on", step.on, on), ("off", step.off, off))
        ),
        merge([step.least.selected(on), step.greatest.selected(off)]),
        np.concatenate([np.zeros(len(on)), -nothing[off]]),
        np.concatenate([nothing[on], np.full(len(off), -step.threshold)]),
        np.concatenate([step.activations.ravel()[on], step.off_columns.ravel()[off]]),
        np.repeat(np.array([1, 0], dtype=np.int8), [len(on), len(off)]),
    )
