"""Slopes of the penalties, as they are on the average after rounding.

Of weights on a grid, E|w|, E w² and P(w ≠ 0) are linear between neighbours: one of {-1, 0, 1} is nonzero with probability |L|. A
real weight is 0 only where it is made so (rounding.py), and its price is that of |w| in ends of its range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Penalty
from bdnnlang.search.meanfield.grid import Singles
from bdnnlang.search.meanfield.latent import LatentNumbers
from bdnnlang.search.meanfield.layers import TrainedLayer


def add_penalties(
    layers: Sequence[TrainedLayer], latent: LatentNumbers, penalties: Sequence[Penalty], share: float, into: LatentNumbers
) -> None:
    """Add `share` of the slopes of all penalties to `into`."""
    for penalty in penalties:
        for layer, weights, biases, by_weights, by_biases in zip(
            layers, latent.weights, latent.biases, into.weights, into.biases, strict=True
        ):
            factor = np.float32(share * penalty.factor)
            by_weights += factor * _slope(penalty, layer, weights)
            if penalty.kind == "l2" and layer.biases:
                _add_squared_biases(layer, weights, biases, factor, by_weights, by_biases)


def _slope(penalty: Penalty, layer: TrainedLayer, weights: Singles) -> Singles:
    grid = layer.grid
    match penalty.kind:
        case "l1":
            return np.asarray(np.sign(weights)) if grid.is_real else grid.slopes(np.abs, weights)
        case "l2":
            return np.asarray(grid.square(weights)[1] * np.ones_like(weights))
        case "sparsity" | "bytes":
            slope = np.sign(weights) / np.float32(grid.largest) if grid.is_real else grid.slopes(_is_nonzero, weights)
            return np.asarray(slope)
        case _:
            assert_never(penalty.kind)


def _is_nonzero(values: Floats) -> Floats:
    return np.asarray(values != 0, dtype=np.float64)


def _add_squared_biases(
    layer: TrainedLayer, weights: Singles, biases: Singles, factor: np.float32, by_weights: Singles, by_biases: Singles
) -> None:
    """b = β · unit − L · centre; a shared one counts for each neuron."""
    unit, centre = np.float32(layer.scale * layer.unit), layer.centre.astype(np.float32)
    both = 2 * factor * (biases * unit - (0 if layer.shared else weights @ centre))
    by_biases += both * unit * np.float32(layer.width if layer.shared else 1)
    if not layer.shared:
        by_weights -= both[:, None] * centre
