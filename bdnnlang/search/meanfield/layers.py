"""What does not change in training: of each layer its grid, its biases, and the units in which it counts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import LayerSpec, Thresholds, Values, WeightDomain
from bdnnlang.problem.lattice import domain_unit
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield.grid import Grid, grid_of
from bdnnlang.search.meanfield.inputs import InputScale
from bdnnlang.search.moves import WeightRange, weight_range

FLOOR_INPUT = 0.01  # of the variance of a pre-activation of weights at their ends: no step is steeper
FLOOR_HIDDEN, FLOOR_OUTPUT = 0.25, 0.5  # of a squared grid step
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
    floor: float  # variance that no weight takes away, in squared units
    lattice: Fraction | None  # pre-activations without the bias are multiples of it

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
    return (_first_layer(training, scale), *deep)


def _first_layer(training: TrainingProblem, scale: InputScale) -> TrainedLayer:
    layer, thresholds = training.spec.network.layers[0], training.spec.network.thresholds
    inputs, width, *_ = training.widths
    grid, bias, shared = _parts(layer, thresholds, width)
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
        floor=FLOOR_INPUT * inputs * grid.half**2 + _bias_spread(layer.biases, bias) / scale.size**2,
        lattice=None if features is None or unit is None else features.unit * unit,
    )


def _deeper_layer(layer: LayerSpec, thresholds: Thresholds, inputs: int, width: int, *, is_last: bool) -> TrainedLayer:
    grid, bias, shared = _parts(layer, thresholds, width)
    step = max(grid.step, COARSE * grid.half)
    return TrainedLayer(
        grid=grid,
        inputs=inputs,
        width=width,
        bias=bias,
        shared=shared,
        centre=np.full(inputs, 0.5 if bias is not None and not shared else 0.0),
        unit=1.0,
        scale=grid.half * 0.5 * float(np.sqrt(inputs / 3)),
        floor=(FLOOR_OUTPUT if is_last else FLOOR_HIDDEN) * step**2,
        lattice=domain_unit(layer.weights),
    )


def _parts(layer: LayerSpec, thresholds: Thresholds, width: int) -> tuple[Grid, WeightRange | None, bool]:
    bias = None if thresholds == "zero" else weight_range(np.zeros(1, dtype=np.int64), layer.biases)
    return grid_of(layer.weights), bias, thresholds == "per_layer" and width > 1


def _bias_spread(domain: WeightDomain | None, bias: WeightRange | None) -> float:
    """The mean square error of rounding a bias into its domain."""
    if bias is None or bias.is_real:
        return 0.0
    return grid_of(domain).spread if isinstance(domain, Values) else 1 / 12
