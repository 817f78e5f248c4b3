"""Which neurons of the first layer cannot change within a perturbation set: decided exactly, whatever a solver said.

A neuron that fires keeps firing iff the greatest fall of its pre-activation is at most a; one that does not stays silent iff the
greatest rise is below −a. Floating point decides where its error bound allows, rational arithmetic the rest; for the
Euclidean ball by comparing squares.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bdnnlang.data.types import Part
from bdnnlang.ir.blocks import Mask
from bdnnlang.ir.delta import Delta
from bdnnlang.network import HALF_ULP, Bits, Layer, Network, activations, classify, exact


@dataclass(frozen=True, slots=True)
class Certificate:
    """Of `of` samples, `kept` keep all first-layer activations within the set, and `certified` keep a right class as well."""

    kept: int
    certified: int
    of: int

    @property
    def complete(self) -> bool:
        return self.kept == self.of


def certify(network: Network, delta: Delta, part: Part) -> Certificate:
    """The certificate of method `pattern` on the samples of `part`."""
    bits = activations(network, part)
    steady = keeps(network.layers[0], delta, part, bits[0]).all(axis=1)
    right = classify(bits[-1]) == part.y
    return Certificate(int(steady.sum()), int((steady & right).sum()), len(part.y))


def keeps(layer: Layer, delta: Delta, part: Part, bits: Bits) -> Mask:
    """Whether each neuron keeps its activation for every change within the set, (m, d); `bits` (m, d) are the activations."""
    a = part.x @ layer.weights.T + layer.biases
    fall, rise = delta.sway(layer.weights, part.x)
    slack = np.where(bits == 1, a - fall, -a - rise)
    size = np.abs(part.x) @ np.abs(layer.weights).T + np.abs(layer.biases) + fall + rise
    # the roundings of a sum of n products, of as many again for the margin, and of the inputs themselves
    doubtful = ~(np.abs(slack) > 4 * (part.x.shape[1] + 8) * HALF_ULP * size + 1e-290)
    result = slack > 0
    neurons = exact_neurons(layer) if doubtful.any() else []
    for i in np.flatnonzero(doubtful.any(axis=1)):
        row = part.exact_row(int(i))
        for k in np.flatnonzero(doubtful[i]):
            result[i, k] = _keeps(delta, *neurons[k], row, bool(bits[i, k]))
    return np.asarray(result)


def exact_neurons(layer: Layer) -> list[tuple[list[Fraction], Fraction]]:
    """Weights and bias of each neuron."""
    pairs = zip(layer.weights, layer.biases, strict=True)
    return [([exact(w) for w in weights], exact(bias)) for weights, bias in pairs]


def _keeps(delta: Delta, weights: list[Fraction], bias: Fraction, row: tuple[Fraction, ...], fires: bool) -> bool:
    a = bias + sum(w * v for w, v in zip(weights, row, strict=True) if w)
    if fires:
        return delta.compare([-w for w in weights], row, a) <= 0
    return delta.compare(weights, row, -a) < 0
