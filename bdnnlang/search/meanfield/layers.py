"""What does not change in training: of each layer its grid, its biases, and the units in which it counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import LayerSpec, Thresholds, Values, WeightDomain
from bdnnlang.problem.lattice import domain_unit
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield.grid import Grid, grid_of
from bdnnlang.search.meanfield.inputs import InputScale, layer_parts, makes_up_for
from bdnnlang.search.moves import WeightRange

BLUR = 0.01  # of the variance of a pre-activation of weights at their ends: at first no step is steeper …
SHARPENED = 0.01  # … and what is left of it when the layer is rounded
FLOOR_HIDDEN, FLOOR_OUTPUT = 0.25, 0.5  # of a squared grid step
DEAD = 2.0**-6  # of the largest weight: what is as good as 0 where a weight that is not has its price
COARSE = 0.25  # of half a range, the least step that counts there


@dataclass(frozen=True, eq=False)
class TrainedLayer:
    """A pre-activation is W · input + b; in units of `unit` it is L · (input − centre) + β, where β = (b + W · centre) / unit.

    So a bias moves the hyperplane through the middle of the data, and rounding W turns it there: b makes up for it.
    """

    grid: Grid
    inputs: int  # d_{k-1}
    width: int  # d_k
    bias: WeightRange | None  # None: it is 0
    shared: bool  # by all neurons
    centre: Floats  # (d_{k-1},), 0 where the biases cannot make up for it
    unit: float
    scale: float  # of β: what its latent numbers are multiples of
    floor: float  # variance that no weight takes away, in squared units …
    blur: float  # … and what is added to it at the beginning
    lattice: Fraction | None  # pre-activations without the bias are multiples of it
    dead: float = 0.0  # real weights that are nearer to 0 become 0, as each has its price

    def variance(self, progress: float) -> np.float32:
        """What no weight takes away, for a layer that has gone this part of the way to its rounding."""
        return np.float32(self.floor + self.blur * SHARPENED**progress)

    @property
    def is_bounded(self) -> bool:
        """Can a bias run into an end of its range?"""
        return self.bias is not None and bool(np.isfinite([self.bias.lower, self.bias.upper]).any())

    @property
    def shift(self) -> np.float32:
        """Of means, where no bias can make up for it: on a lattice a ≥ 0 is as likely as a normal number ≥ minus half a unit."""
        return np.float32(0.0 if self.lattice is None or self.bias is not None else float(self.lattice) / (2 * self.unit))

    @property
    def biases(self) -> int:
        """How many there are."""
        return 0 if self.bias is None else 1 if self.shared else self.width


def trained_layers(training: TrainingProblem, scale: InputScale) -> tuple[TrainedLayer, ...]:
    """Of each layer of a problem."""
    network, widths = training.spec.network, training.widths
    deep = [
        _deeper_layer(layer, network.thresholds, widths[k], widths[k + 1], is_last=k == len(widths) - 2)
        for k, layer in enumerate(network.layers)
        if k > 0
    ]
    layers = (_first_layer(training, scale), *deep)
    if all(penalty.kind not in ("sparsity", "bytes") for penalty in training.costs.penalties):
        return layers
    return tuple(replace(layer, dead=DEAD * layer.grid.largest) if layer.grid.is_real else layer for layer in layers)


def _first_layer(training: TrainingProblem, scale: InputScale) -> TrainedLayer:
    layer, thresholds = training.spec.network.layers[0], training.spec.network.thresholds
    inputs, width, *_ = training.widths
    grid, bias, shared = layer_parts(layer, thresholds, width)
    features = training.data.lattice
    unit = domain_unit(layer.weights)
    return TrainedLayer(
        grid=grid,
        inputs=inputs,
        width=width,
        bias=bias,
        shared=shared,
        centre=scale.centre,
        unit=scale.size,
        scale=grid.half * float(np.sqrt(inputs / 3)),
        floor=_bias_spread(layer.biases, bias) / scale.size**2,
        blur=BLUR * inputs * grid.half**2,
        lattice=None if features is None or unit is None else features.unit * unit,
    )


def _deeper_layer(layer: LayerSpec, thresholds: Thresholds, inputs: int, width: int, *, is_last: bool) -> TrainedLayer:
    grid, bias, shared = layer_parts(layer, thresholds, width)
    half = np.full(inputs, 0.5)
    step = max(grid.step, COARSE * grid.half)
    return TrainedLayer(
        grid=grid,
        inputs=inputs,
        width=width,
        bias=bias,
        shared=shared,
        centre=half if makes_up_for(grid, bias, half, shared=shared) else np.zeros(inputs),
        unit=1.0,
        scale=grid.half * 0.5 * float(np.sqrt(inputs / 3)),
        floor=(FLOOR_OUTPUT if is_last else FLOOR_HIDDEN) * step**2,
        blur=0.0,
        lattice=domain_unit(layer.weights),
    )


def _bias_spread(domain: WeightDomain | None, bias: WeightRange | None) -> float:
    """The mean square error of rounding a bias into its domain."""
    if bias is None or bias.is_real:
        return 0.0
    return grid_of(domain).spread if isinstance(domain, Values) else 1 / 12
