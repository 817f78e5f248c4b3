"""The same network with its hidden neurons turned and sorted as a problem demands, and its activations with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bdnnlang.ir.blocks import Linear, Problem
from bdnnlang.milp import Floats, Ints
from bdnnlang.network import Bits, Layer, Network, exact

ORDER = "order"  # and the number of a layer: the rows that put its neurons in order


def sort_key(problem: Problem, k: int) -> Ints:
    """The columns that the neurons of hidden layer k are sorted by, descending, (d_k,)."""
    return np.asarray(problem[f"W{k + 1}"].index[0])


def arranged(problem: Problem, network: Network, inputs: Floats, bits: Sequence[Bits]) -> tuple[Network, list[Bits]]:
    """An equal network that satisfies the boxes and orders of `problem`, as far as turning and sorting can do it.

    `inputs` (rows, n) are the features of the rows of layer 1, `bits[k - 1]` (rows, d_k) the activations there.
    """
    layers, bits = list(network.layers), list(bits)
    last = problem.depth - 1
    if last and (problem[f"W{problem.depth}"].lower >= 0).all():
        below = inputs if last == 1 else bits[last - 2].astype(np.float64)
        for j in np.flatnonzero(layers[last].weights[0] < 0):
            _turn(problem, layers, bits, below, int(j))
    ordered = {b.families[0].name for b in problem.blocks if isinstance(b, Linear)}
    for k in range(last, 0, -1):
        if f"{ORDER}{k}" in ordered:
            order = np.argsort(-layers[k].weights[0], kind="stable")
            layers[k - 1] = Layer(layers[k - 1].weights[order], layers[k - 1].biases[order])
            layers[k] = replace(layers[k], weights=layers[k].weights[:, order])
            bits[k - 1] = bits[k - 1][:, order]
    return Network(tuple(layers)), bits


def _turn(problem: Problem, layers: list[Layer], bits: list[Bits], below: Floats, j: int) -> None:
    """Neuron j of the last hidden layer becomes its own negation."""
    last = problem.depth - 1
    hidden, out = layers[last - 1], layers[last]
    weights, biases = hidden.weights.copy(), hidden.biases.copy()
    biases[j] = _turned_bias(problem, hidden, below, bits[last - 1][:, j] == 1, j)
    weights[j] = -weights[j] + 0.0
    outgoing = out.weights.copy()
    outgoing[:, j] = -outgoing[:, j]
    layers[last] = Layer(outgoing, out.biases + out.weights[:, j])
    layers[last - 1] = Layer(weights, biases)
    bits[last - 1] = bits[last - 1].copy()
    bits[last - 1][:, j] = 1 - bits[last - 1][:, j]


def _turned_bias(problem: Problem, layer: Layer, below: Floats, fires: np.ndarray, j: int) -> float:
    """On a lattice −b − δ; else the middle of the biases that separate the same samples."""
    family = problem[f"b{problem.depth - 1}"]
    if family.integer:
        return float((-math.floor(exact(float(layer.biases[j])) / family.unit) - 1) * family.unit)
    dots = below @ layer.weights[j]
    if fires.all() or not fires.any():
        beyond = float(np.abs(dots).max(initial=0.0)) + abs(float(layer.biases[j])) + 1.0
        return -beyond if fires.all() else beyond
    return float((dots[fires].min() + dots[~fires].max()) / 2)
