"""Minibatches of a problem's samples: centred, divided by one number, with noise. The samples are never copied as a whole.

Noise is in proportion to the spread of each feature: one scale for all drowns those that vary little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import LayerSpec, Thresholds
from bdnnlang.network.losses import label_bits
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield.grid import Grid, Singles, grid_of
from bdnnlang.search.moves import WeightRange, weight_range

CHUNK = 4_096  # samples that are looked at together
SIXTEEN = 2.0**-16


@dataclass(frozen=True, eq=False)
class InputScale:
    """`size`: the root of the mean square of all features around `centre`. `spread`: of each feature around its mean."""

    centre: Floats  # (n,)
    size: float
    spread: Floats  # (n,)


def layer_parts(layer: LayerSpec, thresholds: Thresholds, width: int) -> tuple[Grid, WeightRange | None, bool]:
    """The weights of a layer, its biases (None: all are 0), and whether the neurons share one."""
    bias = None if thresholds == "zero" else weight_range(np.zeros(1, dtype=np.int64), layer.biases)
    return grid_of(layer.weights), bias, thresholds == "per_layer" and width > 1


def makes_up_for(grid: Grid, bias: WeightRange | None, centre: Floats, *, shared: bool) -> bool:
    """Is −W · centre within the range of the biases, for weights as they are drawn, or a little more?"""
    if bias is None or shared:
        return False
    middle, reach = -grid.middle * centre.sum(), grid.half * float(np.sqrt((centre**2).sum()))
    return bool(bias.lower.min() <= middle - reach and middle + reach <= bias.upper.max())


def input_scale(training: TrainingProblem) -> InputScale:
    """The mean of each feature where every neuron has a bias that makes up for it, else 0; and their size around it."""
    x, network = training.samples.x, training.spec.network
    grid, bias, shared = layer_parts(network.layers[0], network.thresholds, training.widths[1])
    mean = x.mean(axis=0)
    centre = mean if makes_up_for(grid, bias, mean, shared=shared) else np.zeros(len(mean))
    square = sum((((x[i : i + CHUNK] - mean) ** 2).sum(axis=0) for i in range(0, len(x), CHUNK)), np.zeros(len(mean))) / len(x)
    return InputScale(centre, float(np.sqrt((square + (mean - centre) ** 2).mean())) or 1.0, np.sqrt(square))


@dataclass(frozen=True, eq=False)
class Batch:
    """Some samples: inputs (B, n) in units, label bits (B, K), classes (B,) and what an error on each costs (B, 1)."""

    inputs: Singles
    bits: Singles
    classes: Ints
    costs: Singles


class Minibatches:
    """All samples in random order, again and again."""

    def __init__(self, training: TrainingProblem, scale: InputScale, rng: RandomStream, noise: float, batch: int) -> None:
        self.x, self.y, self.scale, self.rng = training.samples.x, training.samples.y, scale, rng
        self.reach = (2 * np.sqrt(3) * noise / scale.size * scale.spread).astype(np.float32)  # (n,), of evenly distributed noise
        self.batch = min(batch, len(self.y))
        classes = np.arange(len(training.data.classes))
        self.codes = label_bits(classes, training.outputs).astype(np.float32)  # (classes, K)
        costs = np.array([float(w) for w in training.costs.classes or np.ones(len(classes))])
        self.costs = costs.astype(np.float32)[:, None]

    def __iter__(self) -> Iterator[Batch]:
        while True:
            order = self.rng.order(len(self.y))
            for at in range(0, len(order), self.batch):
                yield self._take(order[at : at + self.batch])

    def _take(self, rows: Ints) -> Batch:
        y = self.y[rows]
        inputs = ((self.x[rows] - self.scale.centre) * (1 / self.scale.size)).astype(np.float32)
        if self.reach.any():
            inputs += self._noise(inputs.shape)
        return Batch(np.asarray(inputs), self.codes[y], y, self.costs[y])

    def _noise(self, shape: tuple[int, ...]) -> Singles:
        """Even in ± reach / 2, in steps of 2^−16 of it."""
        noise = self.rng.uint16(shape).astype(np.float32)
        noise -= np.float32(2**15 - 0.5)
        noise *= self.reach * np.float32(SIXTEEN)
        return noise
