"""Smooth probabilities against networks that are rounded at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bdnnlang.language.spec import Integers, Thresholds, Values, WeightDomain
from bdnnlang.search.meanfield.forward import forward
from bdnnlang.search.meanfield.grid import Grid
from bdnnlang.search.meanfield.losses import probabilities
from search.meanfield.smooth import in_doubles, problem

DRAWS = 2_000


def rounded(grid: Grid, latent: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """DRAWS times, up or down at random so that the mean is `latent`."""
    at = np.clip(np.searchsorted(grid.nodes, latent, side="right") - 1, 0, len(grid.nodes) - 2)
    a, b = grid.nodes[at], grid.nodes[at + 1]
    return np.where(rng.random((DRAWS, *latent.shape)) < (latent - a) / (b - a), b, a)


@pytest.mark.parametrize("thresholds", ["per_neuron", "zero"])
@pytest.mark.parametrize(
    "weights", [Integers(-1, 1), Integers(0, 1), Values((-1.0, 1.0)), Values((-2.0, -0.5, 0.0, 2.0))], ids=str
)
def test_probabilities_of_ones(weights: WeightDomain, thresholds: Thresholds) -> None:
    """Of the first layer, and of outputs on its activations; the normal approximation and σ are off by some hundredths."""
    layers, latent, batch = in_doubles(problem((40,), 2, None, weights, thresholds, features=40))
    layers = tuple(replace(layer, floor=1e-9, blur=0.0) for layer in layers)
    rng = np.random.default_rng(0)
    first, last = (rounded(layer.grid, values, rng) for layer, values in zip(layers, latent.weights, strict=True))
    jitter = [rng.random((DRAWS, 12, layer.width)) - 0.5 if layer.biases else 0.0 for layer in layers]  # as a rounded bias has it
    betas = [biases * layer.scale if layer.biases else 0.0 for layer, biases in zip(layers, latent.biases, strict=True)]
    hidden = np.einsum("rij,sj->rsi", first, batch.inputs) + betas[0] + jitter[0] / layers[0].unit >= 0
    output = (
        np.einsum("rij,rsj->rsi", last, hidden - layers[1].centre[0]) + betas[1] + jitter[1] * float(layers[1].lattice or 0) >= 0
    )
    passes = forward(layers, latent, batch.inputs)
    for found, drawn in zip(passes, (hidden, output), strict=True):
        gap = np.abs(probabilities(found.scores) - drawn.mean(axis=0))
        assert gap.mean() < 0.03
        assert gap.max() < 0.1


def test_means_and_variances_are_exact() -> None:
    layers, latent, batch = in_doubles(problem((30,), 2))
    layers = tuple(replace(layer, floor=1e-9, blur=0.0) for layer in layers)
    first, _ = forward(layers, latent, batch.inputs)
    sums = np.einsum("rij,sj->rsi", rounded(layers[0].grid, latent.weights[0], np.random.default_rng(0)), batch.inputs)
    assert np.allclose(first.root, sums.std(axis=0), rtol=0.1)
    mean = sums.mean(axis=0) + latent.biases[0] * layers[0].scale
    assert np.allclose(first.scores * first.root / 1.702, mean, atol=0.1 * first.root.max())
