"""A problem with the rows of all requirements."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.model.blocks import Problem
from bdnnlang.model.growing import Growing
from bdnnlang.model.requirement import predictions, signs, sizes
from bdnnlang.problem.requirement.gaps import Gap
from bdnnlang.problem.requirement.predictions import Rate
from bdnnlang.problem.requirement.signs import Monotone, Never
from bdnnlang.problem.requirement.sizes import Size
from bdnnlang.problem.training import TrainingProblem


def required(problem: Problem, training: TrainingProblem, groups: Ints) -> Problem:
    """The networks that satisfy the requirements, and no others; `groups` (m,): the row of outputs of each.

    Rows that a pass looks at are `Linear` ones, so what they need of output bits is known to `error_bits` and `polarity`, and
    `unit_rows` and `fix_output` leave problems alone whose rows speak of weights.
    """
    growing, monotone, inequalities = Growing(problem), list[Monotone](), []
    for number, one in enumerate(training.requirements.all):
        match one:
            case Rate() | Gap():
                inequalities += [(number, inequality) for inequality in one.inequalities(training.samples)]
            case Size():
                sizes.add(growing, number, one)
            case Monotone():
                monotone.append(one)
            case Never():
                growing.problem = signs.without(growing.problem, np.array(one.features))
            case _:
                assert_never(one)
    predictions.add(growing, inequalities, groups)
    signs.add(growing, monotone)
    return growing.problem
