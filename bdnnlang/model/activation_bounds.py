"""The columns of activations: one for each, or two of which one says surely on and the other possibly on.

Method `certified` of robust training is made of such pairs (docs/models.md 7.4). What is true of a feasible point with binary
ones: u = 1 only if the least pre-activation is at least 0, z = 0 only if the greatest is below 0; hence u ≤ z.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.blocks import Columns, Extreme, Problem, Product
from bdnnlang.network.network import Network, Samples
from bdnnlang.problem.sure_and_possible import Pair, first_pair, pair_above


@dataclass(frozen=True, eq=False)
class Bits:
    """The activations of a layer, both (groups, width); the same family twice without a perturbation set."""

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
        Product(k, family.index, weights.index, bits.index, upper, lower, f"{letter}{below_letter}", extreme)
        for letter, family, upper, lower, extreme in (
            ("s", products[0], yes, no, Extreme.LEAST),
            ("t", products[1], no, yes, Extreme.GREATEST),
        )
        for below_letter, bits in (("u", below.sure), ("z", below.possible))
    ]


# ---- of a network


def bound_bits(problem: Problem, network: Network, samples: Samples) -> list[Pair]:
    """Of each layer what is surely on for every row of a group, and what is possibly on for some; both (groups, d_k)."""
    assert problem.perturbation is not None
    sure, possible = first_pair(network.layers[0], problem.perturbation, samples)
    pairs = [_grouped((sure[problem.samples], possible[problem.samples]), problem.groups)]
    for layer in network.layers[1:]:
        pairs.append(pair_above(layer, pairs[-1]))
    return pairs


def _grouped(rows: Pair, groups: Ints) -> Pair:
    """Surely for all rows of a group, possibly for some: both (groups, width)."""
    shape = (int(groups.max()) + 1, rows[0].shape[1])
    sure, possible = np.ones(shape, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    np.minimum.at(sure, groups, rows[0])
    np.maximum.at(possible, groups, rows[1])
    return sure, possible
