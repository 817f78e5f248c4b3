"""Networks drawn at random, for searches to start from."""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import uniform
from bdnnlang.model.blocks import Columns, Problem
from bdnnlang.network.exact import activations, layer_bits
from bdnnlang.network.losses import label_bits
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import TrainingProblem


def redraw_layers(
    problem: Problem, training: TrainingProblem, network: Network, layers: Container[int], seed: tuple[int, ...]
) -> Network:
    """`network` with new weights in some of its layers (numbered from 1), each drawn evenly from its domain.

    Biases are such that a neuron fires for about half of the samples, an output for as many as its class has: a neuron
    that is constant teaches a search nothing.
    """
    train = training.data.train
    below, made = train.x, list[Layer]()
    for k, layer in enumerate(network.layers, start=1):
        if k in layers:
            weights = _weights(problem.weights(k), (*seed, k))
            layer = Layer(weights, _biases(problem, k, below @ weights.T, _shares(training, k, len(weights), problem.depth)))
        made.append(layer)
        bits = activations(Network((layer,)), train)[0] if k == 1 else layer_bits(layer, below.astype(np.int8))
        below = bits.astype(np.float64)
    return Network(tuple(made))


def _weights(family: Columns, seed: tuple[int, ...]) -> Floats:
    share = uniform(seed, family.shape)
    if family.points is not None:
        return family.decode(family.points[(share * len(family.points)).astype(np.int64)])
    if family.integer:
        return family.decode(family.lower + np.floor(share * (family.upper - family.lower + 1)))
    return family.decode(family.lower + share * (family.upper - family.lower))


def _shares(training: TrainingProblem, k: int, width: int, depth: int) -> Floats:
    """The part of the samples that each neuron is to fire for, (width,)."""
    return np.full(width, 0.5) if k < depth else label_bits(training.data.train.y, width).mean(axis=0)


def _biases(problem: Problem, k: int, dots: Floats, shares: Floats) -> Floats:
    """Members of the biases' domain near those that let neuron j fire for `shares[j]` of the rows of `dots` (m, width)."""
    family = problem.biases(k)
    if family is None:
        return np.zeros(len(shares))
    wish = -np.array([np.quantile(dot, 1 - share) for dot, share in zip(dots.T, shares, strict=True)])
    wish = wish if family.size > 1 else wish.mean(keepdims=True)
    column = np.clip(wish / float(family.unit), family.lower, family.upper)
    if family.points is not None:
        column = family.points[np.abs(column[:, None] - family.points).argmin(axis=1)]
    return np.broadcast_to(family.decode(column), shares.shape).copy()
