"""The latent numbers of all layers, one after another in one array, so that an update is one for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bdnnlang.data.draw import RandomStream
from bdnnlang.network.network import Network
from bdnnlang.search.meanfield.grid import Singles
from bdnnlang.search.meanfield.layers import TrainedLayer

NEAR = 0.9  # how near the latent numbers of a given network are to its own, seen from the middle of the range


@dataclass(frozen=True, eq=False)
class LatentNumbers:
    """`weights[k]` (d_k, d_{k-1}) and `biases[k]` (d_k, 1 or 0) are views of `flat`, layer k from `starts[k]` on."""

    flat: Singles
    weights: list[Singles]
    biases: list[Singles]
    starts: list[int]

    @classmethod
    def zeros(cls, layers: Sequence[TrainedLayer], dtype: type[np.floating[Any]] = np.float32) -> LatentNumbers:
        sizes = [layer.width * layer.inputs + layer.biases for layer in layers]
        ends = np.cumsum([0, *sizes]).tolist()
        flat = np.zeros(ends[-1], dtype=dtype)
        weights, biases = [], []
        for layer, start, end in zip(layers, ends[:-1], ends[1:], strict=True):
            split = start + layer.width * layer.inputs
            weights.append(flat[start:split].reshape(layer.width, layer.inputs))
            biases.append(flat[split:end])
        return cls(flat, weights, biases, ends)


def drawn(layers: Sequence[TrainedLayer], first: Singles, rng: RandomStream) -> LatentNumbers:
    """Weights drawn evenly from their ranges; hyperplanes of the first layer each through one of the inputs `first` (m, n)."""
    latent = LatentNumbers.zeros(layers)
    for layer, weights in zip(layers, latent.weights, strict=True):
        weights[:] = layer.grid.middle + layer.grid.half * (2 * rng.uniform(weights.shape) - 1)
    rows = [rng.below(len(first)) for _ in range(layers[0].width)]
    values = -(first[rows] * latent.weights[0]).sum(axis=1) / layers[0].scale
    if layers[0].biases:
        latent.biases[0][:] = values.mean() if layers[0].shared else values
    return latent


def near(layers: Sequence[TrainedLayer], network: Network) -> LatentNumbers:
    """Close to the weights of a network, and able to leave them."""
    latent = LatentNumbers.zeros(layers)
    for k, (layer, own) in enumerate(zip(layers, network.layers, strict=True)):
        latent.weights[k][:] = layer.grid.middle + NEAR * (own.weights - layer.grid.middle)
        beta = (own.biases + own.weights @ layer.centre) / (layer.unit * layer.scale)
        latent.biases[k][:] = beta[: layer.biases]
    return latent


def keep_inside(layers: Sequence[TrainedLayer], latent: LatentNumbers, low: int = 0) -> None:
    """Bring weights and biases of the layers from `low` on back into their ranges."""
    for layer, weights, biases in list(zip(layers, latent.weights, latent.biases, strict=True))[low:]:
        np.clip(weights, np.float32(layer.grid.lower), np.float32(layer.grid.upper), out=weights)
        if layer.is_bounded and layer.bias is not None:
            shift = 0.0 if layer.shared else weights @ layer.centre.astype(np.float32)
            unit = layer.scale * layer.unit
            np.clip(biases, (layer.bias.lower[0] + shift) / unit, (layer.bias.upper[0] + shift) / unit, out=biases)
