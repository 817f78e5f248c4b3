"""Network → point: every column of a problem, worked out from a network; and back by slicing."""

from __future__ import annotations

import math
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Bits, Floats
from bdnnlang.model.activation_bounds import bound_bits, set_activation_bounds
from bdnnlang.model.arrange import canonicalized
from bdnnlang.model.blocks import Columns, Linear, Margin, Problem, Product
from bdnnlang.model.frame import from_columns, to_columns
from bdnnlang.network.exact import activations, layer_bits
from bdnnlang.network.network import Layer, Network, Samples
from bdnnlang.network.numbers import exact


def complete(problem: Problem, network: Network, samples: Samples) -> Floats:
    """The point of a `problem` (as built, or before its steps become rows) that a network stands for, shape (columns,).

    Feasible for every pipeline whenever the weights lie in their domains, no pre-activation is in (−gap, 0), the samples of
    each group agree on layer 1, and in robust training no first-layer neuron changes within the set; with twins whatever the
    samples and neurons do. A bias on a lattice is rounded down to it, and one beyond its box cut off, which changes no
    activation on the data.
    """
    x = np.zeros(problem.size)
    bits = (_bits if problem.perturbation is None else bound_bits)(problem, network, samples)
    network, bits = canonicalized(problem, network, samples.x[problem.samples], bits)
    for k, (layer, own) in enumerate(zip(network.layers, bits, strict=True), start=1):
        _set_layer(problem, x, k, layer)
        _set_penalties(problem, x, problem[f"W{k}"])
        if problem.perturbation is None:
            x[problem[f"u{k}"].index[problem.groups]] = own
        else:
            set_activation_bounds(problem, x, k, own)
    for block in problem.blocks:
        match block:
            case Product():
                _set_product(block, x)
            case Margin():
                set_margin(block, x)
            case Linear() if "e" in problem and block.families[0].name == "miss":
                _set_errors(problem["e"], block, x)
            case _:
                pass
    return np.asarray(np.clip(x, *problem.box()))


def _bits(problem: Problem, network: Network, samples: Samples) -> list[Bits]:
    """The activations of every layer on the rows of layer 1, each (rows, d_k); a group has those of its last row."""
    first = activations(Network(network.layers[:1]), samples)[0][problem.samples]
    last = np.zeros(problem["u1"].shape[0], dtype=np.int64)
    last[problem.groups] = np.arange(len(problem.groups))
    bits = [first[last]]
    for layer in network.layers[1:]:
        bits.append(layer_bits(layer, bits[-1]))
    return [own[problem.groups] for own in bits]


def _set_layer(problem: Problem, x: Floats, k: int, layer: Layer) -> None:
    biases = problem.families.get(f"b{k}")
    own = None if biases is None else layer.biases[: biases.size]
    weights = layer.weights
    if k == 1 and problem.input_scaling is not None:
        weights, own = to_columns(problem.input_scaling, weights, own)
    _set_domain(problem, x, f"W{k}", weights)
    if own is not None:
        _set_domain(problem, x, f"b{k}", own)


def _set_product(block: Product, x: Floats) -> None:
    """Products themselves, or where a block bounds a column from one side only, the tightest of all its blocks."""
    value = x[block.weights] * x[block.activations][:, None, :]
    if block.name == "sz":
        value = np.minimum(value, x[block.products])
    elif block.name == "tz":
        value = np.maximum(value, x[block.products])
    x[block.products] = value


def _set_domain(problem: Problem, x: Floats, name: str, values: Floats) -> None:
    """A family of weights or biases, and the choice columns of its values if it has some."""
    family = problem[name]
    if not family.integer:
        x[family.index] = values
        return
    points = np.vectorize(lambda v: math.floor(exact(v) / family.unit), otypes=[np.float64])(values)
    x[family.index] = points
    if f"y{name}" in problem:
        choice = problem[f"y{name}"]
        x[choice.index] = points[..., None] == family.points


def set_margin(margin: Margin, x: Floats) -> None:
    """The least columns of a margin that the weights in x allow."""
    sizes = np.abs(x[margin.weights]) * margin.factor  # (d_k, n')
    match margin.kind:
        case "sum":
            x[margin.parts], x[margin.rho] = sizes, sizes.sum(axis=1, keepdims=True)
        case "max":
            x[margin.rho] = sizes.max(axis=1, keepdims=True)
        case "largest":
            ordered = np.sort(sizes, axis=1)[:, ::-1]
            theta = ordered[:, margin.gamma - 1 : margin.gamma] if margin.gamma <= sizes.shape[1] else np.zeros((len(sizes), 1))
            x[margin.theta], x[margin.parts] = theta, np.maximum(sizes - theta, 0.0)
            x[margin.rho] = ordered[:, : margin.gamma].sum(axis=1, keepdims=True)
        case "cone":
            x[margin.rho] = np.sqrt((sizes**2).sum(axis=1, keepdims=True))
        case "part":
            x[margin.parts] = np.maximum(x[margin.weights], 0.0)
        case _:
            assert_never(margin.kind)


def _set_penalties(problem: Problem, x: Floats, weights: Columns) -> None:
    w = x[weights.index]
    for name, value in ((f"l1_{weights.name}", np.abs(w)), (f"nz_{weights.name}", w != 0)):
        if name in problem:
            x[problem[name].index] = value


def _set_errors(errors: Columns, block: Linear, x: Floats) -> None:
    """The least error bits that the rows e + … ≥ lower allow."""
    affine = block.affine
    own = affine.column >= errors.first
    rest = np.bincount(affine.row, weights=np.where(own, 0.0, affine.value * x[affine.column]), minlength=affine.rows)
    np.maximum.at(x, affine.column[own], (block.lower - rest)[affine.row[own]])


def read_network(problem: Problem, x: Floats) -> Network:
    """The network in a solution vector: integer columns rounded, values in the user's units."""
    layers = []
    for k in range(1, problem.depth + 1):
        weights = _values(problem[f"W{k}"], x)
        biases = _values(problem[f"b{k}"], x) if f"b{k}" in problem else None
        if k == 1 and problem.input_scaling is not None:
            weights, biases = from_columns(problem.input_scaling, weights, biases)
        biases = np.zeros(1) if biases is None else biases
        layers.append(Layer(weights, np.broadcast_to(biases, (weights.shape[0],)).copy()))
    return Network(tuple(layers))


def _values(family: Columns, x: Floats) -> Floats:
    return family.decode(np.clip(x[family.index], family.lower, family.upper))


def read_activations(problem: Problem, x: Floats, letter: str = "u") -> tuple[Bits, ...]:
    """The activation patterns u^1, …, u^L (or z^1, …, z^L) that a solution vector claims, each (groups, d_k)."""
    return tuple(np.rint(x[problem[f"{letter}{k}"].index]).astype(np.int8) for k in range(1, problem.depth + 1))
