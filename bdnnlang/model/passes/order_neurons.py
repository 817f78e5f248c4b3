"""Pass `order_neurons`: hidden neurons of a layer in one order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.model.arrange import ORDER, sort_key
from bdnnlang.model.blocks import Affine, Linear, Problem
from bdnnlang.model.milp import Family


@dataclass(frozen=True, slots=True)
class OrderNeurons:
    """v_1 ≥ v_2 ≥ … ≥ v_d, for the weights v from the neurons of a hidden layer to the first neuron above it.

    Takes   every hidden layer of more than one neuron.
    Makes   `Linear` rows `order<k>`, one a pair of neighbours.
    Source  docs/models.md 3.8. Exact: exchanging two neurons of a layer, with all their weights, changes no output. The layers
            are put in order from the top down, so that sorting one does not move the weights another was sorted by.
    """

    def __call__(self, problem: Problem) -> Problem:
        rows = [_rows(problem, k) for k in range(problem.depth - 1, 0, -1) if problem[f"W{k}"].shape[0] > 1]
        return problem.with_blocks((*problem.blocks, *rows))


def _rows(problem: Problem, k: int) -> Linear:
    key = sort_key(problem, k)  # (d_k,)
    count = len(key) - 1
    row = np.tile(np.arange(count), 2)
    column, value = np.concatenate([key[:-1], key[1:]]), np.repeat([1.0, -1.0], count)
    affine = Affine(count, row, column, value)
    return Linear((Family(f"{ORDER}{k}", (count,)),), affine, np.zeros(count), np.full(count, np.inf))
