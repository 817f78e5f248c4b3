"""Which neurons surely fire within a perturbation set, and which possibly: decided exactly, whatever a solver said.

In the first layer a neuron that fires keeps firing iff the greatest fall of its pre-activation is at most a; one that does not
stays silent iff the greatest rise is below −a. Floating point decides where its error bound allows, rational arithmetic the
rest; for the Euclidean ball by comparing squares. Above it, intervals: the layers there see bits only.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Bits, Mask
from bdnnlang.network.exact import activations, layer_bits
from bdnnlang.network.network import Layer, Network, Samples
from bdnnlang.network.numbers import HALF_ULP, exact
from bdnnlang.problem.perturbation import PerturbationSet

Pair = tuple[Bits, Bits]  # surely on, possibly on: both (rows, d_k), the first at most the second


def sure_and_possible(network: Network, delta: PerturbationSet, samples: Samples) -> tuple[Pair, ...]:
    """Of each layer the neurons that fire for every change within the set, and no fewer than those that do for some.

    Of the first layer exactly those; above, as if each neuron below changed on its own: sound, but not the last word.
    """
    first, *deeper = network.layers
    pairs = [first_pair(first, delta, samples)]
    for layer in deeper:
        pairs.append(pair_above(layer, pairs[-1]))
    return tuple(pairs)


def first_pair(layer: Layer, delta: PerturbationSet, samples: Samples) -> Pair:
    """Of the first layer, on samples (m, n)."""
    bits = activations(Network((layer,)), samples)[0]
    steady = keeps(layer, delta, samples, bits)
    return bits & steady, bits | ~steady


def pair_above(layer: Layer, below: Pair) -> Pair:
    """Least a = W⁺u − W⁻z + b and greatest a = W⁺z − W⁻u + b, with u surely and z possibly on below."""
    sure, possible = below
    ends = Layer(np.concatenate([np.maximum(layer.weights, 0.0), np.minimum(layer.weights, 0.0)], axis=1), layer.biases)
    least, greatest = np.concatenate([sure, possible], axis=1), np.concatenate([possible, sure], axis=1)
    return layer_bits(ends, least), layer_bits(ends, greatest)


def keeps(layer: Layer, delta: PerturbationSet, samples: Samples, bits: Bits) -> Mask:
    """Whether each neuron keeps its activation for every change within the set, (m, d); `bits` (m, d) are the activations."""
    a = samples.x @ layer.weights.T + layer.biases
    fall, rise = delta.preactivation_change(layer.weights, samples.x)
    slack = np.where(bits == 1, a - fall, -a - rise)
    size = np.abs(samples.x) @ np.abs(layer.weights).T + np.abs(layer.biases) + fall + rise
    # the roundings of a sum of n products, of as many again for the margin, and of the inputs themselves
    doubtful = ~(np.abs(slack) > 4 * (samples.x.shape[1] + 8) * HALF_ULP * size + 1e-290)
    result = slack > 0
    neurons = exact_neurons(layer) if doubtful.any() else []
    for i in np.flatnonzero(doubtful.any(axis=1)):
        row = tuple(samples.exact_row(int(i)))
        for k in np.flatnonzero(doubtful[i]):
            result[i, k] = _keeps(delta, *neurons[k], row, bool(bits[i, k]))
    return np.asarray(result)


def exact_neurons(layer: Layer) -> list[tuple[list[Fraction], Fraction]]:
    """Weights and bias of each neuron."""
    pairs = zip(layer.weights, layer.biases, strict=True)
    return [([exact(w) for w in weights], exact(bias)) for weights, bias in pairs]


def _keeps(delta: PerturbationSet, weights: list[Fraction], bias: Fraction, row: tuple[Fraction, ...], fires: bool) -> bool:
    a = bias + sum(w * v for w, v in zip(weights, row, strict=True) if w)
    if fires:
        return delta.compare([-w for w in weights], row, a) <= 0
    return delta.compare(weights, row, -a) < 0
