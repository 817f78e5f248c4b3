"""Slopes of the loss by the latent numbers, from the outputs down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bdnnlang.search.meanfield.forward import PHI, LayerPass, second_moments
from bdnnlang.search.meanfield.grid import Singles
from bdnnlang.search.meanfield.latent import LatentNumbers
from bdnnlang.search.meanfield.layers import TrainedLayer


def backward(
    layers: Sequence[TrainedLayer], latent: LatentNumbers, passes: Sequence[LayerPass], slope: Singles, into: LatentNumbers
) -> Singles:
    """Write the slopes of the layers that were passed into `into`; `slope` (B, K) is that of the loss by the scores.

    Returns those by the means of the lowest of these layers, (B, d_low).
    """
    low = len(layers) - len(passes)
    for k in range(len(layers) - 1, low - 1, -1):
        here = passes[k - low]
        by_mean, by_variance = _by_moments(here, slope)
        _by_weights(layers[k], latent.weights[k], here, by_mean, by_variance, into.weights[k])
        _by_biases(layers[k], by_mean, into.biases[k])
        if k > low:
            slope = _by_scores_below(layers[k], latent.weights[k], here, by_mean, by_variance)
    return by_mean


def by_first_scores(
    layers: Sequence[TrainedLayer], latent: LatentNumbers, passes: Sequence[LayerPass], slope: Singles
) -> Singles:
    """Slopes by the scores of the lowest layer that was passed, (B, d_low)."""
    low = len(layers) - len(passes)
    for k in range(len(layers) - 1, low, -1):
        slope = _by_scores_below(layers[k], latent.weights[k], passes[k - low], *_by_moments(passes[k - low], slope))
    return slope


def by_first_inputs(
    layers: Sequence[TrainedLayer], latent: LatentNumbers, passes: Sequence[LayerPass], slope: Singles
) -> Singles:
    """Slopes by the inputs of the lowest layer that was passed, (B, d_low - 1)."""
    low = len(layers) - len(passes)
    by_scores = by_first_scores(layers, latent, passes, slope)
    return _by_inputs(layers[low], latent.weights[low], passes[0], *_by_moments(passes[0], by_scores))


def _by_moments(here: LayerPass, slope: Singles) -> tuple[Singles, Singles]:
    """By means and variances, both (B, d_k)."""
    by_mean = slope * PHI
    by_mean /= here.root
    by_variance = slope * here.scores
    by_variance /= here.root
    by_variance /= here.root
    by_variance *= np.float32(-0.5)
    return by_mean, by_variance


def _by_scores_below(layer: TrainedLayer, weights: Singles, here: LayerPass, by_mean: Singles, by_variance: Singles) -> Singles:
    slope = _by_inputs(layer, weights, here, by_mean, by_variance)
    q = here.inputs + np.float32(layer.centre[0])
    slope *= q * (1 - q)
    return slope


def _by_weights(
    layer: TrainedLayer, weights: Singles, here: LayerPass, by_mean: Singles, by_variance: Singles, out: Singles
) -> None:
    np.matmul(by_mean.T, here.inputs, out=out)
    by_squares = by_variance.T @ here.squares  # of L², negative
    if here.is_sure:
        out += by_squares * (here.weights_slope - 2 * weights)
        return
    below = second_moments(layer, here.inputs)
    by_second = by_variance.T @ below if len(below) > 1 or len(by_variance) == 1 else by_variance.sum(axis=0)[:, None] * below
    out += by_second * here.weights_slope
    out -= by_squares * (2 * weights)


def _by_biases(layer: TrainedLayer, by_mean: Singles, out: Singles) -> None:
    if layer.biases:
        out[:] = by_mean.sum() if layer.shared else by_mean.sum(axis=0)
        out *= np.float32(layer.scale)


def _by_inputs(layer: TrainedLayer, weights: Singles, here: LayerPass, by_mean: Singles, by_variance: Singles) -> Singles:
    """Of the means of the inputs, (B, d_{k-1})."""
    slope = by_mean @ weights - 2 * here.inputs * (by_variance @ (weights * weights))
    if not layer.centre[0]:
        slope += by_variance @ here.weights_square
    return np.asarray(slope)
