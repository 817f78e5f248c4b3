"""The columns of activations: one for each, or twins of which one says surely on and the other possibly on.

Twins are what method `certified` of robust training is made of (docs/models.md 7.4). What is true of a feasible point with
binary twins: u = 1 only if the least pre-activation is at least 0, z = 0 only if the greatest is below 0; hence u ≤ z.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.blocks import Columns, Problem, Product
from bdnnlang.network.network import Network, Samples
from bdnnlang.problem.sure_and_possible import Pair, first_pair, pair_above

BoundBits = NDArray[np.int8]  # (2 rows, d_k): what is surely on, and below it what is possibly on


@dataclass(frozen=True, eq=False)
class Bits:
    """The activations of a layer, both (groups, width); the same family twice, if there are no twins."""

    sure: Columns
    possible: Columns


def bound_costs(outputs: Bits, missing: Floats, wrong: Floats, groups: Ints) -> list[tuple[Ints, Floats]]:
    """Columns and costs of: `missing` (m, width) less for bits that are surely on, `wrong` more for such as may be."""
    gain, price = np.zeros(outputs.sure.shape), np.zeros(outputs.sure.shape)
    np.add.at(gain, groups, missing)
    np.add.at(price, groups, wrong)
    return [(family.index[cost != 0], cost[cost != 0]) for family, cost in ((outputs.sure, -gain), (outputs.possible, price))]


def bound_products(k: int, weights: Columns, products: tuple[Columns, Columns], below: Bits) -> list[Product]:
    """s ≤ w·u, s ≤ w·z and t ≥ w·u, t ≥ w·z: so Σ s is at most the least weighted input, Σ t at least the greatest."""
    rows, width, _ = products[0].shape
    yes, no = np.ones((rows, width), dtype=bool), np.zeros((rows, width), dtype=bool)
    return [
        Product(k, family.index, weights.index, bits.index, upper, lower, f"{letter}{own}")
        for letter, family, upper, lower in (("s", products[0], yes, no), ("t", products[1], no, yes))
        for own, bits in (("u", below.sure), ("z", below.possible))
    ]


# ---- of a network


def bound_bits(problem: Problem, network: Network, samples: Samples) -> list[BoundBits]:
    """Of each layer what is surely on, and below it what is possibly on, both for each row of layer 1.

    Of layer 1 itself row by row; above, surely for every row of a group and possibly for some.
    """
    assert problem.perturbation is not None
    first = first_pair(network.layers[0], problem.perturbation, samples)
    rows = first[0][problem.samples], first[1][problem.samples]
    pair, bits = _grouped(rows, problem.groups), [np.concatenate(rows)]
    for layer in network.layers[1:]:
        pair = pair_above(layer, pair)
        bits.append(np.concatenate([own[problem.groups] for own in pair]))
    return bits


def set_activation_bounds(problem: Problem, x: Floats, k: int, bits: BoundBits) -> None:
    """The columns of layer k for these bits."""
    sure, possible = np.split(bits, 2)
    x[problem[f"u{k}"].index], x[problem[f"z{k}"].index] = _grouped((sure, possible), problem.groups)


def _grouped(rows: Pair, groups: Ints) -> Pair:
    """Surely for all rows of a group, possibly for some: both (groups, width)."""
    shape = (int(groups.max()) + 1, rows[0].shape[1])
    sure, possible = np.ones(shape, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    np.minimum.at(sure, groups, rows[0])
    np.maximum.at(possible, groups, rows[1])
    return sure, possible


def sum_bounds(problem: Problem, weights: Floats, inputs: Floats, below: BoundBits | None) -> Floats:
    """Least weighted inputs of a neuron, and below them the greatest, (2 rows,): on features (rows, n) or the layer `below`."""
    assert problem.perturbation is not None
    if below is None:
        (fall, rise), at = problem.perturbation.preactivation_change(weights[None, :], inputs), inputs @ weights
        return np.concatenate([at - fall[:, 0], at + rise[:, 0]])
    sure, possible = np.split(below, 2)
    plus, minus = np.maximum(weights, 0.0), np.minimum(weights, 0.0)
    return np.concatenate([sure @ plus + possible @ minus, possible @ plus + sure @ minus])


def negated(bits: BoundBits) -> BoundBits:
    """Of the negations of neurons: surely on is what was not even possibly on."""
    sure, possible = np.split(bits, 2)
    return 1 - np.concatenate([possible, sure])
