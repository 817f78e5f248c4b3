"""How far a network's pre-activations stay from 0, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Floats, Mask
from bdnnlang.network.exact import activations, sums_within
from bdnnlang.network.network import Layer, Network, Samples
from bdnnlang.network.numbers import Rational, exact, simple


def layer_margins(network: Network, samples: Samples, free: Sequence[bool]) -> tuple[Rational, ...]:
    """Of each layer the least |pre-activation| over its neurons and the samples, as an exact number.

    `free`: where biases have no limits, a neuron that never changes may have any margin, and does not count; a layer in which no
    other is left has none, 0.
    """
    bits = activations(network, samples)
    inputs: list[tuple[Floats, Callable[[int], Sequence[Fraction | int]]]] = [(samples.x, samples.exact_row)]
    inputs += [(below.astype(np.float64), lambda i, rows=below: rows[i].tolist()) for below in bits[:-1]]  # type: ignore[misc]
    return tuple(
        _least(layer, x, row, _counted(own, is_free))
        for layer, own, is_free, (x, row) in zip(network.layers, bits, free, inputs, strict=True)
    )


def _counted(bits: Floats | np.ndarray, is_free: bool) -> Mask:
    """The neurons that count, (d_k,)."""
    changes = (bits != bits[:1]).any(axis=0)
    return np.asarray(changes if is_free else np.ones_like(changes))


def _least(layer: Layer, x: Floats, row: Callable[[int], Sequence[Fraction | int]], counted: Mask) -> Rational:
    """The least |w_j · x_i + b_j| over the samples and the neurons that count: settled exactly among those that may be it."""
    if not counted.any() or not len(x):
        return 0
    a, error = sums_within(layer, x)
    size = np.where(counted, np.abs(a), np.inf)
    some, of = np.nonzero(size - error <= (size + error).min())
    weights = {j: [exact(w) for w in layer.weights[j]] for j in set(of.tolist())}
    biases = {j: exact(layer.biases[j]) for j in weights}
    rows = {i: row(i) for i in set(some.tolist())}
    pairs = zip(some.tolist(), of.tolist(), strict=True)
    return simple(min(abs(_dot(weights[j], rows[i]) + biases[j]) for i, j in pairs))


def _dot(weights: Sequence[Fraction], row: Sequence[Fraction | int]) -> Fraction:
    return sum((w * x for w, x in zip(weights, row, strict=True) if w and x), Fraction(0))
