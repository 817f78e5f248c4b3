"""Pass `steps_to_big_m`: step activations as linear rows with one M a row and direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.affine import merge
from bdnnlang.model.blocks import Linear, Pass, Problem, Step
from bdnnlang.model.milp import Family


@dataclass(frozen=True, slots=True)
class StepsToBigM(Pass):
    """u = 1 ⇒ a ≥ 0:  a ≥ −M⁻(1 − u);   u = 0 ⇒ a ≤ −g:  a ≤ −g + (M⁺ + g) u.

    Takes   every `Step`.
    Makes   plain `Linear` rows `on<k>` (where its mask `on` is set) and `off<k>` (where `off` is).
    Source  [KB], docs/models.md 2.1, with M⁻ = −min a and M⁺ = max a over the box of the columns, plus `slack`. The paper's
            M_i = ‖x_i‖₁ + B + 1 is slack 1. In robust training a is the least or greatest a within the set, so M covers the
            margin; the authors' does not. Exact: a row whose activation goes the other way is met by every point of the box.
    """

    slack: float = 0.0

    def __call__(self, problem: Problem) -> Problem:
        box = problem.box()
        blocks = (self._rows(b, *box) if isinstance(b, Step) else b for b in problem.blocks)
        return problem.with_blocks(tuple(blocks))

    def _rows(self, step: Step, lower: Floats, upper: Floats) -> Linear:
        least, most = step.least.activity_bounds(lower, upper)
        if step.worst is not None:
            most = step.greatest.activity_bounds(lower, upper)[1]
        m_on = np.maximum(-least, 0.0) + self.slack
        m_off = np.maximum(most, 0.0) + self.slack + step.threshold
        u, z = step.activations.ravel(), step.off_columns.ravel()
        on, off = np.flatnonzero(step.on.ravel()), np.flatnonzero(step.off.ravel())
        a_on, a_off = step.least.selected(on), step.greatest.selected(off)
        rows = [a_on.with_column(u[on], -m_on[on]), a_off.with_column(z[off], -m_off[off])]
        endless = np.inf
        return Linear(
            tuple(
                Family(f"{name}{step.layer}", step.on.shape, None if mask.all() else kept)
                for name, mask, kept in (("on", step.on, on), ("off", step.off, off))
            ),
            merge(rows),
            np.concatenate([-m_on[on], np.full(len(off), -endless)]),
            np.concatenate([np.full(len(on), endless), np.full(len(off), -step.threshold)]),
        )
