"""Pass `lattice_gap`: count pre-activations in whole units where they lie on a lattice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from bdnnlang.model.blocks import Pass, Problem, Step


@dataclass(frozen=True, slots=True)
class LatticeGap(Pass):
    """a ∈ δℤ: divide the row by δ, so that u = 0 ⇔ a/δ ≤ −1.

    Takes   every `Step` whose pre-activations are multiples of a known unit δ (integer weights, biases in the same unit, and
            features on a common lattice, all found by exact arithmetic on the decimals of the data).
    Makes   the same `Step` with integer coefficients, threshold 1 and unit 1; there is no epsilon left in it.
    Source  docs/models.md 3.5. Exact: a multiple of δ below 0 is at most −δ. The float coefficients are within rounding of
            integer multiples of δ, and the nearest integers are those multiples.
    """

    def __call__(self, problem: Problem) -> Problem:
        return problem.with_blocks(tuple(_scaled(b) if isinstance(b, Step) else b for b in problem.blocks))


def _scaled(step: Step) -> Step:
    if step.unit is None:
        return step
    unit = float(step.unit)
    whole = [a.mapped(lambda value: np.rint(value / unit)) for a in (step.affine, step.least, step.greatest)]
    worst = None if step.worst is None else (whole[1], whole[2])
    return replace(step, affine=whole[0], threshold=1.0, unit=Fraction(1), worst=worst)
