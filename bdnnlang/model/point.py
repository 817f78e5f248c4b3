"""The point of a problem as built that a network is, the network of such a point, and the columns that follow from others."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from bdnnlang.arrays import Bits, Floats
from bdnnlang.model.activation_bounds import bound_bits
from bdnnlang.model.blocks import CHOICES, Columns, Extreme, Linear, Margin, MarginKind, Problem, Product
from bdnnlang.network.exact import activations, layer_bits
from bdnnlang.network.network import Layer, Network, Samples
from bdnnlang.problem.sure_and_possible import Pair


def encode_built(problem: Problem, network: Network, samples: Samples) -> Floats:
    """The point of a problem as built that a network is, (columns,).

    Feasible whenever the weights lie in their domains, no pre-activation is in (−threshold, 0), samples of a group agree on
    layer 1, and under method `pattern` no first-layer neuron changes within the set; under `certified` whatever samples and
    neurons do. A bias on a lattice is rounded down to it, and one beyond its box cut off, which changes no activation.
    """
    x = np.zeros(problem.size)
    for k, (layer, bits) in enumerate(zip(network.layers, _bits(problem, network, samples), strict=True), start=1):
        x[problem.weights(k).index] = problem.weights(k).encode(layer.weights)
        if (biases := problem.biases(k)) is not None:
            x[biases.index] = biases.encode(layer.biases[: biases.size])
        x[problem.activations(k).index], x[problem.possible(k).index] = bits
    return completed(problem, x)


def decode_built(problem: Problem, point: Floats) -> Network:
    """The network of a point (columns,) of a problem as built: integer columns rounded, values in the user's units."""
    return Network(tuple(_layer(problem, point, k) for k in range(1, problem.depth + 1)))


def _layer(problem: Problem, point: Floats, k: int) -> Layer:
    weights, biases = _values(problem.weights(k), point), problem.biases(k)
    values = np.zeros(1) if biases is None else _values(biases, point)
    return Layer(weights, np.broadcast_to(values, (len(weights),)).copy())


def _values(family: Columns, point: Floats) -> Floats:
    return family.decode(np.clip(point[family.index], family.lower, family.upper))


def read_activations(problem: Problem, point: Floats) -> tuple[Pair, ...]:
    """What a point claims of each layer: what is surely on, and what is possibly on; both (groups, d_k)."""

    def bits(family: Columns) -> Bits:
        return np.rint(point[family.index]).astype(np.int8)

    return tuple((bits(problem.activations(k)), bits(problem.possible(k))) for k in range(1, problem.depth + 1))


def _bits(problem: Problem, network: Network, samples: Samples) -> list[Pair]:
    """The activations of every layer, (groups, d_k); a group has those of its last row."""
    if problem.perturbation is not None:
        return bound_bits(problem, network, samples)
    first = activations(Network(network.layers[:1]), samples)[0][problem.samples]
    last = np.zeros(problem.activations(1).shape[0], dtype=np.int64)
    last[problem.groups] = np.arange(len(problem.groups))
    bits = [first[last]]
    for layer in network.layers[1:]:
        bits.append(layer_bits(layer, bits[-1]))
    return [(layer, layer) for layer in bits]


# ---- columns that follow from others


def completed(problem: Problem, point: Floats) -> Floats:
    """The point of these weights, biases and activations, cut off at their boxes, and of all that follows from them."""
    x = np.clip(point, *problem.box())
    for family in problem.columns:
        choices = problem.find(CHOICES[family.role], family.layer) if family.points is not None else None
        if choices is not None:
            x[choices.index] = x[family.index][..., None] == family.points
    for block in problem.blocks:
        if isinstance(block, Margin):
            set_margin(block, x)
    _set_products([block for block in problem.blocks if isinstance(block, Product)], x)
    for block in problem.blocks:
        if isinstance(block, Linear) and block.least is not None:
            _set_least(block, block.least, problem, x)
    return np.asarray(np.clip(x, *problem.box()))


def set_margin(margin: Margin, x: Floats) -> None:
    """The least columns of a margin that the weights in x allow."""
    sizes = np.abs(x[margin.weights]) * margin.factor  # (d_k, n')
    match margin.kind:
        case MarginKind.SUM:
            x[margin.parts], x[margin.rho] = sizes, sizes.sum(axis=1, keepdims=True)
        case MarginKind.MAX:
            x[margin.rho] = sizes.max(axis=1, keepdims=True)
        case MarginKind.LARGEST:
            ordered = np.sort(sizes, axis=1)[:, ::-1]
            theta = ordered[:, margin.gamma - 1 : margin.gamma] if margin.gamma <= sizes.shape[1] else np.zeros((len(sizes), 1))
            x[margin.theta], x[margin.parts] = theta, np.maximum(sizes - theta, 0.0)
            x[margin.rho] = ordered[:, : margin.gamma].sum(axis=1, keepdims=True)
        case MarginKind.CONE:
            x[margin.rho] = np.sqrt((sizes**2).sum(axis=1, keepdims=True))
        case MarginKind.PART:
            x[margin.parts] = np.maximum(x[margin.weights], 0.0)
        case _:
            assert_never(margin.kind)


def _set_products(blocks: list[Product], x: Floats) -> None:
    """Products themselves, or of the several that bound a column the one that binds."""
    for block in blocks:
        x[block.products] = {Extreme.ALL: 0.0, Extreme.LEAST: np.inf, Extreme.GREATEST: -np.inf}[block.extreme]
    for block in blocks:
        value = x[block.weights] * x[block.activations][:, None, :]
        match block.extreme:
            case Extreme.ALL:
                x[block.products] = value
            case Extreme.LEAST:
                x[block.products] = np.minimum(value, x[block.products])
            case Extreme.GREATEST:
                x[block.products] = np.maximum(value, x[block.products])
            case _:
                assert_never(block.extreme)


def _set_least(block: Linear, least: np.ndarray, problem: Problem, x: Floats) -> None:
    """Columns as small as the rows let them be; rows that would have one small, with a factor below 0, ask for nothing."""
    affine = block.affine
    is_least = np.isin(affine.column, least)
    rest = np.bincount(affine.row, weights=np.where(is_least, 0.0, affine.value * x[affine.column]), minlength=affine.rows)
    is_least &= affine.value > 0
    column = affine.column[is_least]
    needed = (block.lower - rest)[affine.row[is_least]] / affine.value[is_least]
    x[least] = 0.0
    np.maximum.at(x, column, np.where(problem.integer[column], np.ceil(needed), needed))
