"""Networks with step activations: layers of weights and biases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from bdnnlang.arrays import Floats


class Samples(Protocol):
    """What a network is evaluated on: features rounded to float64, and the exact ones row by row."""

    @property
    def x(self) -> Floats: ...  # (m, n), each the float64 nearest to the exact feature

    def exact_row(self, i: int) -> Sequence[Fraction]: ...  # (n,)


@dataclass(frozen=True, eq=False)
class Layer:
    """u = 1 iff weights · input + biases ≥ 0."""

    weights: Floats  # (d_k, d_{k-1})
    biases: Floats  # (d_k,)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Layer) and np.array_equal(self.weights, other.weights) and np.array_equal(self.biases, other.biases)
        )


@dataclass(frozen=True)
class Network:
    """Layers 1..L; the last one's outputs are the label bits (docs/models.md 1.1)."""

    layers: tuple[Layer, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """d_0, d_1, …, d_L."""
        return (self.layers[0].weights.shape[1], *(layer.weights.shape[0] for layer in self.layers))
