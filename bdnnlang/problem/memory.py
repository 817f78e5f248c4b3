"""The memory that a network's weights and biases need on a device: bits, packed, and rounded up to bytes at the end."""

from __future__ import annotations

import math

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Integers, NetworkSpec, Values, WeightDomain
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import exact
from bdnnlang.problem.lattice import lattice_unit

FLOAT64 = 64  # bits


def network_bytes(network: Network, spec: NetworkSpec) -> int:
    """⌈log2 c⌉ bits a number, c being how many values it could have, at least one bit.

    A finite domain says c itself. For other numbers c counts the multiples of their greatest common unit, from the least to
    the greatest in the layer; where this unit is no dyadic, or it takes more than 64 bits, a number is a float64. A bias that
    a layer shares is stored once, one that must be 0 not at all.
    """
    bits = 0
    for layer, own in zip(network.layers, spec.layers, strict=True):
        bits += layer.weights.size * _bits(layer.weights, own.weights)
        if spec.thresholds != "zero":
            count = 1 if spec.thresholds == "per_layer" else layer.biases.size
            bits += count * _bits(layer.biases, own.biases)
    return math.ceil(bits / 8)


def _bits(values: Floats, domain: WeightDomain | None) -> int:
    match domain:
        case Integers(lower, upper):
            return _bits_of(upper - lower + 1)
        case Values(members):
            return _bits_of(len(members))
        case _:
            return _bits_of_reals(values)


def _bits_of_reals(values: Floats) -> int:
    distinct = tuple(np.unique(values).tolist())
    unit = lattice_unit(distinct)
    if unit.denominator & (unit.denominator - 1):
        return FLOAT64
    return min(FLOAT64, _bits_of(int((exact(distinct[-1]) - exact(distinct[0])) / unit) + 1))


def _bits_of(count: int) -> int:
    return max(1, (count - 1).bit_length())
