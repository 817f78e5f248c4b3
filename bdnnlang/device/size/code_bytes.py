"""`bytes`: about how much flash the C code of a network takes on an 8-bit device, by what of the network is used.

It is the lesser of two sums, so that a program can minimise it and hold to it (docs/code_size.md has the numbers, and how they
were measured). The prediction from the code itself is nearer, but no function of which weights are 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from bdnnlang.arrays import Mask
from bdnnlang.language.spec import Integers, NetworkSpec, Values, WeightDomain
from bdnnlang.network.network import Network


@dataclass(frozen=True, slots=True)
class Uses:
    """What of a network is used: whole numbers, or arrays of one shape for many networks.

    `features`: with a weight of layer 1 that is not 0; `weights`: of each layer, those that are not 0; `neurons`: of each hidden
    layer, those with a weight from below and one to above, both not 0. `outputs` are all.
    """

    features: Any
    weights: tuple[Any, ...]
    neurons: tuple[Any, ...]
    outputs: int


@dataclass(frozen=True, slots=True)
class CodeStyle:
    """Bytes of one way to write the code: for each thing that is used, and for what is always there."""

    base: int
    feature: int
    weights: tuple[int, ...]  # of each layer
    neurons: tuple[int, ...]  # of each hidden layer
    output: int

    def total(self, uses: Uses) -> Any:
        """The sum."""
        weights = sum(price * count for price, count in zip(self.weights, uses.weights, strict=True))
        neurons = sum(price * count for price, count in zip(self.neurons, uses.neurons, strict=True))
        return self.base + self.feature * uses.features + weights + neurons + self.output * uses.outputs


@dataclass(frozen=True, slots=True)
class CodeBytes:
    """The bytes of the style that takes fewer."""

    straight: CodeStyle
    tables: CodeStyle

    def of(self, uses: Uses) -> Any:
        return np.minimum(self.straight.total(uses), self.tables.total(uses))

    def of_network(self, network: Network) -> int:
        return int(self.of(uses_of([layer.weights != 0 for layer in network.layers])))

    def per_weight(self, widths: Sequence[int]) -> float:
        """How many bytes a weight stands for on the average, from no weight to all of a network of these widths d_0, …, d_L."""
        shapes = list(zip(widths[1:], widths, strict=False))
        none, every = (self.of(uses_of([np.full(shape, full) for shape in shapes])) for full in (False, True))
        return float(every - none) / sum(above * below for above, below in shapes)


def uses_of(used: Sequence[Mask]) -> Uses:
    """Of a network by which of its weights are not 0, (d_k, d_{k-1}) each."""
    neurons = tuple(int((below.any(axis=1) & above.any(axis=0)).sum()) for below, above in pairwise(used))
    return Uses(int(used[0].any(axis=0).sum()), tuple(int(layer.sum()) for layer in used), neurons, len(used[-1]))


# ---- what the parts of code take: whole numbers near to what avr-gcc 5.4 made of 40 networks (docs/code_size.md)


STRAIGHT_BASE, STRAIGHT_FEATURE, STRAIGHT_SIGN, STRAIGHT_FACTOR, STRAIGHT_ABOVE, STRAIGHT_NEURON = 4, 1, 5, 7, 4, 4
TABLE_BASE, TABLE_FACTOR, TABLE_NEURON, TABLE_OUTPUT = 54, 2, 2, 20


def code_bytes(network: NetworkSpec, features: int) -> CodeBytes:
    """Of the networks of a spec with so many features: straight-line code, and tables that a loop walks."""
    widths = [features, *(layer.width for layer in network.layers[:-1] if layer.width)]
    signs = [_are_signs(layer.weights) for layer in network.layers]
    first, hidden = STRAIGHT_SIGN if signs[0] else STRAIGHT_FACTOR, len(network.layers) - 1
    straight = (first, *(STRAIGHT_ABOVE,) * hidden)
    tables = tuple(0 if only else TABLE_FACTOR for only in signs)
    masks = tuple(TABLE_NEURON + (2 * math.ceil(n / 8) if only else 0) for n, only in zip(widths, signs[:-1], strict=False))
    return CodeBytes(
        CodeStyle(STRAIGHT_BASE, STRAIGHT_FEATURE, straight, (STRAIGHT_NEURON,) * hidden, 0),
        CodeStyle(TABLE_BASE, 0, tables, masks, TABLE_OUTPUT),
    )


def _are_signs(domain: WeightDomain) -> bool:
    """Are all weights -1, 0 or 1: added or subtracted?"""
    match domain:
        case Integers(lower, upper):
            return lower >= -1 and upper <= 1
        case Values(values):
            return set(values) <= {-1.0, 0.0, 1.0}
        case _:
            return False
