"""Network → point: every column of a problem, worked out from a network; and back by slicing."""

from __future__ import annotations

import math
from typing import assert_never

import numpy as np

from bdnnlang.ir.blocks import Columns, Linear, Margin, Problem, Product, Step
from bdnnlang.ir.twins import twin_bits
from bdnnlang.milp import Floats
from bdnnlang.network import Bits, Layer, Network, Samples, activations, exact, layer_bits


def complete(problem: Problem, network: Network, samples: Samples) -> Floats:
    """The point of a built `problem` (before its passes) that a network stands for, shape (columns,).

    Feasible for every pipeline whenever the weights lie in their domains, no pre-activation is in (−gap, 0), the samples of
    each group agree on layer 1, and in robust training no first-layer neuron changes within the set; with twins whatever the
    samples and neurons do. A bias on a lattice is rounded down to it, which changes no activation on the data.
    """
    x = np.zeros(problem.size)
    if problem.within is not None:
        _set_twins(problem, x, network, samples)
    for k, layer in enumerate(network.layers, start=1):
        _set_domain(problem, x, f"W{k}", layer.weights)
        if f"b{k}" in problem:
            _set_domain(problem, x, f"b{k}", layer.biases[: problem[f"b{k}"].size])
        _set_penalties(problem, x, problem[f"W{k}"])
    for block in problem.blocks:
        match block:
            case Product():
                _set_product(block, x)
            case Step() if problem.within is not None:
                pass
            case Step(layer=1):
                x[block.activations] = activations(Network(network.layers[:1]), samples)[0]
            case Step():
                below = x[problem[f"u{block.layer - 1}"].index].astype(np.int8)
                x[block.activations] = layer_bits(network.layers[block.layer - 1], below)
            case Margin():
                set_margin(block, x)
            case Linear() if "e" in problem and block.families[0].name == "miss":
                _set_errors(problem["e"], block, x)
    return x


def _set_twins(problem: Problem, x: Floats, network: Network, samples: Samples) -> None:
    (first,) = (b for b in problem.blocks if isinstance(b, Step) and b.layer == 1)
    groups = (first.activations[:, 0] - problem["u1"].first) // first.on.shape[1]
    for k, (sure, possible) in enumerate(twin_bits(problem, network, samples, groups), start=1):
        x[problem[f"u{k}"].index], x[problem[f"z{k}"].index] = sure, possible


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
        biases = _values(problem[f"b{k}"], x) if f"b{k}" in problem else np.zeros(1)
        layers.append(Layer(weights, np.broadcast_to(biases, (weights.shape[0],)).copy()))
    return Network(tuple(layers))


def _values(family: Columns, x: Floats) -> Floats:
    return family.meant(np.clip(x[family.index], family.lower, family.upper))


def read_activations(problem: Problem, x: Floats, letter: str = "u") -> tuple[Bits, ...]:
    """The activation patterns u^1, …, u^L (or z^1, …, z^L) that a solution vector claims, each (groups, d_k)."""
    return tuple(np.rint(x[problem[f"{letter}{k}"].index]).astype(np.int8) for k in range(1, problem.depth + 1))
