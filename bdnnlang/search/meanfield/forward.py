"""Means and variances of pre-activations, layer by layer, and the probabilities of ones.

With weights rounded at random (grid.py) and inputs that are 1 with given probabilities, a pre-activation is about normal: with
mean μ and variance ν it is positive with probability Φ(μ / √ν) ≈ σ(1.702 μ / √ν).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bdnnlang.search.meanfield.grid import Singles
from bdnnlang.search.meanfield.latent import LatentNumbers
from bdnnlang.search.meanfield.layers import TrainedLayer
from bdnnlang.search.meanfield.losses import probabilities

PHI = np.float32(1.702)  # Φ(x) ≈ σ(1.702 x), within 0.01


@dataclass(frozen=True, eq=False)
class LayerPass:
    """One layer on a minibatch: what the way back needs of it."""

    inputs: Singles  # (B, d_{k-1}), means without the centre
    squares: Singles  # of these
    weights_square: Singles  # (d_k, d_{k-1}), E w²
    weights_slope: Singles | np.float32  # its slope
    is_sure: bool  # are the inputs numbers, and not probabilities?
    scores: Singles  # (B, d_k), 1.702 μ / √ν
    root: Singles  # √ν


def forward(
    layers: Sequence[TrainedLayer], latent: LatentNumbers, inputs: Singles, low: int = 0, progress: float = 0.0
) -> list[LayerPass]:
    """Layers `low`, … on inputs (B, d_low) without their centre; `progress`: of layer `low` on the way to its rounding."""
    least = layers[low].variance(progress)
    first = _layer_pass(layers[low], latent.weights[low], latent.biases[low], inputs, least, is_sure=True)
    return forward_from(layers, latent, [first], low)


def forward_from(layers: Sequence[TrainedLayer], latent: LatentNumbers, passes: list[LayerPass], low: int) -> list[LayerPass]:
    """The layers above those that were passed, of which the first is `low`."""
    for k in range(low + len(passes), len(layers)):
        inputs = probabilities(passes[-1].scores)
        inputs -= np.float32(layers[k].centre[0])
        least = layers[k].variance(0.0)
        passes.append(_layer_pass(layers[k], latent.weights[k], latent.biases[k], inputs, least, is_sure=False))
    return passes


def _layer_pass(
    layer: TrainedLayer, weights: Singles, biases: Singles, inputs: Singles, least: np.float32, *, is_sure: bool
) -> LayerPass:
    square, slope = layer.grid.square(weights)
    squares = inputs * inputs
    variance = _variance(layer, weights, square, inputs, squares, is_sure=is_sure)
    variance += least
    np.maximum(variance, least, out=variance)  # roundings
    root = np.sqrt(variance, out=variance)
    scores = inputs @ weights.T
    scores += biases * np.float32(layer.scale) if layer.biases else layer.shift
    scores *= PHI
    scores /= root
    return LayerPass(inputs, squares, square, slope, is_sure, scores, root)


def _variance(
    layer: TrainedLayer, weights: Singles, square: Singles, inputs: Singles, squares: Singles, *, is_sure: bool
) -> Singles:
    """Of the pre-activations (B, d_k)."""
    if is_sure:
        return np.asarray(squares @ (square - weights * weights).T)
    below = second_moments(layer, inputs)
    return np.asarray(below @ square.T - squares @ (weights * weights).T)


def second_moments(layer: TrainedLayer, inputs: Singles) -> Singles:
    """E (u − c)² of activations with mean `inputs` + c, (B or 1, d): ¼ for c = ½, else the mean."""
    centre = np.float32(layer.centre[0])
    return np.full((1, inputs.shape[1]), 0.25, dtype=np.float32) if centre else inputs
