"""Between the weights of layer 1 and the columns that stand for them in a `Frame`."""

from __future__ import annotations

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.blocks import InputScaling


def to_columns(input_scaling: InputScaling, weights: Floats, biases: Floats | None) -> tuple[Floats, Floats | None]:
    """Columns of weights (d, n) and biases (d or 1,), every neuron as large as the box [−1, 1] of its weights lets it be."""
    columns = weights * input_scaling.scale
    largest = np.abs(columns).max(axis=1, initial=0.0)
    if input_scaling.shared:
        largest = np.full_like(largest, largest.max(initial=0.0))
    factor = 1 / np.where(largest > 0, largest, 1.0)
    columns = columns * factor[:, None]
    if biases is None:
        return columns, None
    return columns, (biases + weights @ input_scaling.centre if not input_scaling.shared else biases) * factor[: len(biases)]


def from_columns(input_scaling: InputScaling, columns: Floats, biases: Floats | None) -> tuple[Floats, Floats | None]:
    """Weights and biases within the user's boxes: the greatest multiple of each neuron by a power of two."""
    weights = columns / input_scaling.scale
    moved = np.zeros(1) if biases is None else biases if input_scaling.shared else biases - weights @ input_scaling.centre
    over = _over(weights, input_scaling.weights).max(axis=1, initial=0.0)
    beyond = _over(moved, input_scaling.biases)
    over = np.full_like(over, max(over.max(initial=0.0), beyond.max())) if input_scaling.shared else np.maximum(over, beyond)
    factor = 2.0 ** -np.ceil(np.log2(np.where(over > 0, over, 1.0)))
    return weights * factor[:, None] + 0.0, None if biases is None else moved * factor[: len(moved)] + 0.0


def _over(values: Floats, box: tuple[float, float]) -> Floats:
    """How many times as large as its box each value is."""
    return np.maximum(values / box[1], values / box[0])
