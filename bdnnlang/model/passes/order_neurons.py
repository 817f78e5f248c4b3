"""Pass `order_neurons`: hidden neurons of a layer in one order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Linear, Pass, Problem
from bdnnlang.model.milp import Family
from bdnnlang.model.point import completed


@dataclass(frozen=True, slots=True)
class OrderNeurons(Pass):
    """v_1 ≥ v_2 ≥ … ≥ v_d, for the weights v from the neurons of a hidden layer to the first neuron above it; where those of
    layer 1 are known and alike, for its weights to the first feature.

    Takes   every hidden layer of more than one neuron.
    Makes   `Linear` rows `order<k>`, one a pair of neighbours.
    Source  docs/models.md 3.8. Exact: exchanging two neurons of a layer, with all their weights, changes no output. The layers
            are put in order from the top down, so that sorting one does not move the weights another was sorted by.
    """

    def __call__(self, problem: Problem) -> Problem:
        return problem.with_blocks((*problem.blocks, *(_rows(problem, k) for k in _layers(problem))))

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """The neurons of each layer sorted, with all that belongs to them."""
        x = point.copy()
        for k in _layers(before):
            order = np.argsort(-x[_key(before, k)], kind="stable")
            biases, above = before.biases(k), before.weights(k + 1)
            columns = [before.weights(k).index.T, above.index, before.activations(k).index, before.possible(k).index]
            columns += [] if biases is None or biases.size == 1 else [biases.index]
            moved = [x[index[..., order]] for index in columns]
            for index, values in zip(columns, moved, strict=True):
                x[index] = values
        return completed(after, x)


def _layers(problem: Problem) -> list[int]:
    """The hidden layers of more than one neuron, from the top down."""
    return [k for k in range(problem.depth - 1, 0, -1) if problem.weights(k).shape[0] > 1]


def _key(problem: Problem, k: int) -> Ints:
    """The columns that the neurons of hidden layer k are sorted by, (d_k,)."""
    above = problem.weights(k + 1)
    are_alike = k == 1 and bool((above.lower == above.upper[:, :1]).all() and (above.upper == above.upper[:, :1]).all())
    return np.asarray(problem.weights(k).index[:, 0] if are_alike else above.index[0])


def _rows(problem: Problem, k: int) -> Linear:
    key = _key(problem, k)
    count = len(key) - 1
    row = np.tile(np.arange(count), 2)
    column, value = np.concatenate([key[:-1], key[1:]]), np.repeat([1.0, -1.0], count)
    affine = Affine.of(count, row, column, value)
    return Linear((Family(f"order{k}", (count,)),), affine, np.zeros(count), np.full(count, np.inf))
