"""What the model's objective is counted in."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bdnnlang.language.spec import Penalty
from bdnnlang.problem.costs import Costs

NEARLY_THIRD = Fraction(333_333_333_333, 10**12)


@pytest.mark.parametrize(
    ("costs", "scale"),
    [
        (Costs(), 1),
        (Costs((Fraction(1, 2), Fraction(3))), Fraction(1, 2)),
        (Costs((NEARLY_THIRD, Fraction(2))), 1),  # no unit that solvers can tell, and no cost near their tolerances
        (Costs((Fraction(1, 10**12), Fraction(2))), Fraction(1, 10**12)),
        (Costs(penalties=(Penalty("l1", 0.001),)), Fraction(1, 1000)),
    ],
)
def test_scale(costs: Costs, scale: Fraction) -> None:
    assert costs.scale == scale
