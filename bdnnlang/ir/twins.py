"""The columns of activations: one for each, or twins of which one says surely on and the other possibly on.

Twins are what method `certified` of robust training is made of (MODELS.md, section 7). What is true of a feasible point with
binary twins: u = 1 only if the least pre-activation is at least 0, z = 0 only if the greatest is below 0; hence u ≤ z.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.ir.blocks import Columns, Problem, Product
from bdnnlang.ir.intervals import Pair, first_pair, pair_above
from bdnnlang.milp import Floats, Ints
from bdnnlang.network import Network, Samples


@dataclass(frozen=True, eq=False)
class Bits:
    """The activations of a layer, both (groups, width); the same family twice, if there are no twins."""

    sure: Columns
    possible: Columns

    def costs(self, missing: Floats, wrong: Floats, groups: Ints) -> list[tuple[Ints, Floats]]:
        """Columns and costs of: `missing` (m, width) less for bits that are surely on, `wrong` more for such as may be."""
        gain, price = (np.zeros(self.sure.shape) for _ in range(2))
        np.add.at(gain, groups, missing)
        np.add.at(price, groups, wrong)
        if self.sure is self.possible:
            return [(self.sure.index.ravel(), (price - gain).ravel())]
        return [(family.index[cost != 0], cost[cost != 0]) for family, cost in ((self.sure, -gain), (self.possible, price))]


def twin_products(k: int, weights: Columns, products: tuple[Columns, Columns], below: Bits) -> list[Product]:
    """s ≤ w·u, s ≤ w·z and t ≥ w·u, t ≥ w·z: so Σ s is at most the least weighted input, Σ t at least the greatest."""
    rows, width, _ = products[0].shape
    yes, no = np.ones((rows, width), dtype=bool), np.zeros((rows, width), dtype=bool)
    return [
        Product(k, family.index, weights.index, bits.index, upper, lower, f"{letter}{own}")
        for letter, family, upper, lower in (("s", products[0], yes, no), ("t", products[1], no, yes))
        for own, bits in (("u", below.sure), ("z", below.possible))
    ]


def twin_bits(problem: Problem, network: Network, samples: Samples, groups: Ints) -> list[Pair]:
    """Of each layer what is surely and possibly on, both (groups, d_k): for every sample of the group, for some."""
    assert problem.within is not None
    sure, possible = first_pair(network.layers[0], problem.within, samples)
    size = (int(groups.max()) + 1, sure.shape[1])
    all_sure, any_possible = np.ones(size, dtype=np.int8), np.zeros(size, dtype=np.int8)
    np.minimum.at(all_sure, groups, sure)
    np.maximum.at(any_possible, groups, possible)
    pairs = [(all_sure, any_possible)]
    for layer in network.layers[1:]:
        pairs.append(pair_above(layer, pairs[-1]))
    return pairs
