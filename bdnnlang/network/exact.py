"""The forward pass of a network in exact arithmetic.

A weight, a bias and a feature are the decimals that Python prints for them, so a network file says exactly what is
evaluated. Floating point is used only where its error bound proves the sign of a pre-activation (docs/models.md
8.1); every other sign is decided in rational arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Bits, Floats, Mask, row_blocks
from bdnnlang.network.network import Layer, Network, Samples
from bdnnlang.network.numbers import HALF_ULP, exact

MOST_WHOLE = 1e15  # 15 digits, and room below 2^53
MOST_PLACES = 6
SMALLEST = 2.0**-1074
GRID = 2.0**20


def activations(network: Network, samples: Samples) -> tuple[Bits, ...]:
    """u^1, …, u^L of every sample, each (m, d_k), exactly."""
    first, *deeper = network.layers
    result = tuple(np.empty((len(samples.x), width), dtype=np.int8) for width in network.widths[1:])
    for rows in row_blocks(len(samples.x), max(network.widths)):
        bits = _first_layer(first, samples, rows)
        for place, layer in zip(result, (*deeper, None), strict=True):
            place[rows] = bits
            bits = bits if layer is None else layer_bits(layer, bits)
    return result


def outputs(network: Network, samples: Samples) -> Bits:
    """Output bits u^L, (m, K), exactly."""
    return activations(network, samples)[-1]


def near_ties(network: Network, samples: Samples) -> tuple[Mask, ...]:
    """Of each layer, (m, d_k): may a pre-activation summed in float64, in some order, have another sign than the exact one?"""
    below: Floats | Bits = samples.x
    found: list[Mask] = []
    for layer, bits in zip(network.layers, activations(network, samples), strict=True):
        doubtful = np.empty(bits.shape, dtype=bool)
        for rows in row_blocks(*below.shape):
            doubtful[rows] = _near_ties(layer, below[rows].astype(np.float64, copy=False))
        found.append(doubtful)
        below = bits
    return tuple(found)


def _near_ties(layer: Layer, x: Floats) -> Mask:
    _, doubtful = _signs(layer, x)
    doubtful[:, ~layer.weights.any(axis=1)] = False
    return doubtful & ~_add_exactly(layer, x)[:, None]


def _add_exactly(layer: Layer, x: Floats) -> Mask:
    """The samples, (m,), of which float64 rounds no sum, as all numbers are multiples of the same small power of two."""
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow makes the size inf or nan: not exact
        is_coarse = all((values * GRID == np.rint(values * GRID)).all() for values in (layer.weights, layer.biases))
        size = (np.abs(x) @ np.abs(layer.weights).T + np.abs(layer.biases)).max(axis=1, initial=0.0)
        return np.asarray(is_coarse & (x * GRID == np.rint(x * GRID)).all(axis=1) & (size * GRID**2 < 1 / HALF_ULP))


def _first_layer(layer: Layer, samples: Samples, rows: slice) -> Bits:
    """Of some samples."""
    x = samples.x[rows]
    known = _decimal_bits(layer, x) if getattr(samples, "is_as_written", False) or not layer.weights.any() else None
    if known is not None:
        return known
    a, doubtful = _signs(layer, x)
    doubtful[:, ~layer.weights.any(axis=1)] = False  # the sum is the bias
    bits = (a >= 0).astype(np.int8)
    neurons = _Exact(layer)
    for i in np.flatnonzero(doubtful.any(axis=1)):
        row = _integers(samples.exact_row(rows.start + int(i)))
        for k in np.flatnonzero(doubtful[i]):
            bits[i, k] = neurons.fires(int(k), *row)
    return bits


def layer_bits(layer: Layer, below: Bits) -> Bits:
    """Activations (rows, d_k) of a layer on activations (rows, d_{k-1}) below it, exactly."""
    known = _decimal_bits(layer, below.astype(np.float64))
    if known is not None:
        return known
    a, doubtful = _signs(layer, below.astype(np.float64))
    doubtful[:, ~layer.weights.any(axis=1)] = False  # the sum is the bias
    bits = (a >= 0).astype(np.int8)
    neurons = _Exact(layer)
    for i, k in zip(*np.nonzero(doubtful), strict=True):
        bits[i, k] = neurons.fires(int(k), below[i].tolist(), 1)
    return bits


def _signs(layer: Layer, x: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Pre-activations in float64, and where their rounding error could change the sign."""
    a, error = sums_within(layer, x)
    with np.errstate(invalid="ignore"):
        return a, ~(np.abs(a) > error)


def sums_within(layer: Layer, x: Floats) -> tuple[Floats, Floats]:
    """Pre-activations in float64 of inputs (m, d_{k-1}), and bounds of their rounding errors; both (m, d_k).

    Inputs, weights and biases are each within half a unit in the last place of their exact values, which adds three
    roundings to the usual n + 3 (docs/models.md 8.1); the rest of the factor covers the rounding of the bound itself. Next to 0
    that half a unit is no longer small against the number: hence `tiny`, and 1e-290 for products that underflow.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow makes the bound inf or nan: doubtful, settled exactly
        a = x @ layer.weights.T + layer.biases
        size = np.abs(x) @ np.abs(layer.weights).T + np.abs(layer.biases)
        tiny = SMALLEST * (np.abs(x).sum(axis=1)[:, None] + np.abs(layer.weights).sum(axis=1))
        return a, (x.shape[1] + 8) * HALF_ULP * size + tiny + 1e-290


def _decimal_bits(layer: Layer, x: Floats) -> Bits | None:
    """Activations where inputs, weights and biases are decimals of few places: in whole numbers, which float64 adds exactly.

    None where there are more places than that, or sums too large.
    """
    if not layer.weights.any():
        return np.broadcast_to(layer.biases >= 0, (len(x), len(layer.biases))).astype(np.int8)
    grids = [_whole_numbers(values) for values in (x, layer.weights, layer.biases)]
    if any(grid is None for grid in grids):
        return None
    (x, places), (w, w_places), (b, b_places) = (grid for grid in grids if grid is not None)
    most = max(places + w_places, b_places)
    up, b = 10.0 ** (most - places - w_places), b * 10.0 ** (most - b_places)
    size = np.abs(x).sum(axis=1).max(initial=0.0) * np.abs(w).max(initial=0.0) * up + np.abs(b).max(initial=0.0)
    return np.asarray(x @ w.T * up + b >= 0, dtype=np.int8) if size < MOST_WHOLE else None


def _whole_numbers(values: Floats) -> tuple[Floats, int] | None:
    """Numerators n and the least p such that the decimals of `values` are n / 10^p; None if there is none up to MOST_PLACES.

    A decimal of at most 15 digits is the one that Python prints for its float64, so comparing the floats is enough.
    """
    for places in range(MOST_PLACES + 1):
        whole = np.rint(values * 10.0**places)
        if np.abs(whole).max(initial=0.0) >= MOST_WHOLE:
            return None
        if (whole / 10.0**places == values).all():
            return whole, places
    return None


class _Exact:
    """The neurons of a layer with integer weights over a common denominator each, made when first asked for."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.neurons: dict[int, tuple[list[int], int, Fraction]] = {}

    def fires(self, k: int, numerators: Sequence[int], denominator: int) -> bool:
        """Is w_k · (numerators / denominator) + b_k ≥ 0?"""
        if k not in self.neurons:
            weights, scale = _integers([exact(w) for w in self.layer.weights[k]])
            self.neurons[k] = weights, scale, exact(self.layer.biases[k])
        weights, scale, bias = self.neurons[k]
        dot = sum(w * x for w, x in zip(weights, numerators, strict=True) if w)
        return dot * bias.denominator + bias.numerator * scale * denominator >= 0


def _integers(values: Sequence[Fraction]) -> tuple[list[int], int]:
    denominator = math.lcm(*(v.denominator for v in values))
    return [v.numerator * (denominator // v.denominator) for v in values], denominator


def output_scores(network: Network, samples: Samples, of: Sequence[Bits]) -> list[list[Fraction]]:
    """Exact pre-activations of the outputs of each sample, (m, K); `of`: its activations. An output is 1 where they are ≥ 0."""
    last = network.layers[-1]
    neurons = [([exact(w) for w in weights], exact(bias)) for weights, bias in zip(last.weights, last.biases, strict=True)]
    if len(of) == 1:
        return [_sums(neurons, samples.exact_row(i)) for i in range(len(of[0]))]
    patterns, places = np.unique(of[-2], axis=0, return_inverse=True)
    sums = [_sums(neurons, pattern) for pattern in patterns.tolist()]
    return [sums[place] for place in places.reshape(-1)]


def _sums(neurons: list[tuple[list[Fraction], Fraction]], row: Sequence[int | Fraction]) -> list[Fraction]:
    return [sum((w * x for w, x in zip(weights, row, strict=True) if w and x), bias) for weights, bias in neurons]
