"""The memory that models need on a device, by the same rules for all (docs/comparison.md, section 2).

Numbers are packed: each takes the bits that its kind needs, and a model is rounded up to whole bytes once.
"""

from __future__ import annotations

import math

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.language.spec import Integers, NetworkSpec, Values, WeightDomain
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import exact
from bdnnlang.problem.lattice import lattice_unit

FLOAT64, FLOAT32, INT8 = 64, 32, 8  # bits
EXPONENT = 8  # bits of the unit of a layer's numbers, a power of two


def network_bytes(network: Network, spec: NetworkSpec) -> int:
    """A weight takes the bits of its domain, a bias those that the biases of its layer need.

    A finite domain of c numbers takes ⌈log2 c⌉ bits, at least one. Numbers of another one, and biases, are whole numbers in
    two's complement, or multiples of a power of two, which takes a byte; where they are no such multiples, or these take more
    than 64 bits, each is a float64. A bias that a layer shares is stored once, one that must be 0 not at all.
    """
    bits = 0
    for layer, own in zip(network.layers, spec.layers, strict=True):
        bits += _weight_bits(layer.weights, own.weights)
        if spec.thresholds != "zero":
            bits += _fixed_point_bits(layer.biases[:1] if spec.thresholds == "per_layer" else layer.biases)
    return whole_bytes(bits)


def float32_bytes(parameters: int) -> int:
    """A float32 for each parameter."""
    return whole_bytes(FLOAT32 * parameters)


def int8_bytes(parameters: int, arrays: int) -> int:
    """A byte for each parameter, and a float32, the scale, for each array of them."""
    return whole_bytes(INT8 * parameters + FLOAT32 * arrays)


def tree_bytes(questions: int, features: int, classes: int) -> int:
    """A bit for each node says whether it is a question (float32 threshold, feature, place of its right child) or a class.

    A node's left child follows it. There is a leaf more than there are questions.
    """
    nodes, leaves = 2 * questions + 1, questions + 1
    return whole_bytes(nodes + questions * (FLOAT32 + _bits_of(features) + _bits_of(nodes)) + leaves * _bits_of(classes))


def class_bytes(classes: int) -> int:
    """One class."""
    return whole_bytes(_bits_of(classes))


def preprocessing_bytes(recipe: Recipe) -> int:
    """A float32 for each fitted number of the data steps."""
    return float32_bytes(recipe.fitted_numbers)


def whole_bytes(bits: int) -> int:
    return math.ceil(bits / 8)


def _weight_bits(weights: Floats, domain: WeightDomain) -> int:
    match domain:
        case Integers(lower, upper):
            return weights.size * _bits_of(upper - lower + 1)
        case Values(members):
            return weights.size * _bits_of(len(members))
        case _:
            return _fixed_point_bits(weights)


def _fixed_point_bits(values: Floats) -> int:
    """Of all of them, as multiples of 1 / q in two's complement."""
    distinct = tuple(np.unique(values).tolist())
    q = lattice_unit(distinct).denominator
    bits = max(_signed_bits(int(exact(end) * q)) for end in (distinct[0], distinct[-1]))
    if q & (q - 1) or bits > FLOAT64:
        return values.size * FLOAT64
    return values.size * bits + (EXPONENT if q > 1 else 0)


def _signed_bits(number: int) -> int:
    """Two's complement: −2^(b − 1) … 2^(b − 1) − 1 are b bits."""
    return 1 + (number if number >= 0 else -number - 1).bit_length()


def _bits_of(count: int) -> int:
    """Of one of so many things."""
    return max(1, (count - 1).bit_length())
