"""How much of a network there may be, as rows over bits that say which weights are not 0."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from bdnnlang.language.spec import Bytes, Features, Inputs, Neurons, Nonzeros
from bdnnlang.model.growing import Growing
from bdnnlang.model.objectives.code_size import code_size, used_features, used_neurons, uses_bits
from bdnnlang.problem.requirement.sizes import Size


def add(growing: Growing, number: int, size: Size) -> None:
    match size.statement:
        case Features(most=most):
            growing.at_most(f"require{number}", used_features(growing)[None, :], most)
        case Inputs(most=most):
            growing.at_most(f"require{number}", uses_bits(growing, 1), most)
        case Nonzeros(most=most):
            layers = [uses_bits(growing, k).ravel() for k in range(1, growing.problem.depth + 1)]
            growing.at_most(f"require{number}", np.concatenate(layers)[None, :], most)
        case Neurons(most=most):
            hidden = np.concatenate([np.zeros(0, dtype=np.int64), *used_neurons(growing)])
            growing.at_most(f"require{number}", hidden[None, :], most)
        case Bytes(most=most):
            growing.at_most(f"require{number}", code_size(growing, size.code).index[None, :], most)
        case _:
            assert_never(size.statement)
