"""The same network with its hidden neurons turned and sorted as a problem demands, and its activations with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bdnnlang.arrays import Bits, Floats, Ints
from bdnnlang.model.activation_bounds import negated, sum_bounds
from bdnnlang.model.blocks import Linear, Problem
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import exact

ORDER = "order"  # and the number of a layer: the rows that put its neurons in order


def sort_key(problem: Problem, k: int) -> Ints:
    """The columns that the neurons of hidden layer k are sorted by, descending, (d_k,)."""
    return np.asarray(problem[f"W{k + 1}"].index[0])


def canonicalized(problem: Problem, network: Network, inputs: Floats, bits: Sequence[Bits]) -> tuple[Network, list[Bits]]:
    """An equal network that satisfies the boxes and orders of `problem`, as far as turning and sorting can do it.

    `inputs` (rows, n) are the features of the rows of layer 1, `bits[k - 1]` (rows, d_k) the activations there, or twins of them.
    """
    layers, bits = list(network.layers), list(bits)
    last = problem.depth - 1
    if last and (problem[f"W{problem.depth}"].lower >= 0).all():
        for j in np.flatnonzero(layers[last].weights[0] < 0):
            _negate(problem, layers, bits, inputs, int(j))
    ordered = {b.families[0].name for b in problem.blocks if isinstance(b, Linear)}
    for k in range(last, 0, -1):
        if f"{ORDER}{k}" in ordered:
            order = np.argsort(-layers[k].weights[0], kind="stable")
            layers[k - 1] = Layer(layers[k - 1].weights[order], layers[k - 1].biases[order])
            layers[k] = replace(layers[k], weights=layers[k].weights[:, order])
            bits[k - 1] = bits[k - 1][:, order]
    return Network(tuple(layers)), bits


def _negate(problem: Problem, layers: list[Layer], bits: list[Bits], inputs: Floats, j: int) -> None:
    """Neuron j of the last hidden layer becomes its own negation."""
    last = problem.depth - 1
    hidden, out = layers[last - 1], layers[last]
    weights, biases = hidden.weights.copy(), hidden.biases.copy()
    sums = _sums(problem, hidden.weights[j], inputs, bits)
    biases[j] = _negated_bias(problem, hidden, sums, bits[last - 1][:, j] == 1, j)
    weights[j] = -weights[j] + 0.0
    outgoing = out.weights.copy()
    outgoing[:, j] = -outgoing[:, j]
    layers[last] = Layer(outgoing, out.biases + out.weights[:, j])
    layers[last - 1] = Layer(weights, biases)
    bits[last - 1] = bits[last - 1].copy()
    own = bits[last - 1][:, j]
    bits[last - 1][:, j] = 1 - own if problem.perturbation is None else negated(own)


def _sums(problem: Problem, weights: Floats, inputs: Floats, bits: Sequence[Bits]) -> Floats:
    """The weighted inputs of a neuron of the last hidden layer, each (rows,); of twins the least and then the greatest."""
    below = None if problem.depth == 2 else bits[problem.depth - 3]
    if problem.perturbation is not None:
        return sum_bounds(problem, weights, inputs, below)
    return (inputs if below is None else below.astype(np.float64)) @ weights


def _negated_bias(problem: Problem, layer: Layer, dots: Floats, fires: np.ndarray, j: int) -> float:
    """On a lattice −b − δ; else the middle of the biases that separate the same samples."""
    family = problem[f"b{problem.depth - 1}"]
    if family.integer:
        return float((-math.floor(exact(float(layer.biases[j])) / family.unit) - 1) * family.unit)
    if fires.all() or not fires.any():
        beyond = float(np.abs(dots).max(initial=0.0)) + abs(float(layer.biases[j])) + 1.0
        return -beyond if fires.all() else beyond
    return float((dots[fires].min() + dots[~fires].max()) / 2)
