"""Networks with step activations, and their forward pass in exact arithmetic.

A weight, a bias and a feature are the decimals that Python prints for them, so a network file says exactly what is
evaluated. Floating point is used only where its error bound proves the sign of a pre-activation (RELIABILITY.md,
section 1); every other sign is decided in rational arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from bdnnlang.strict_json import Malformed, read

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bits = NDArray[np.int8]
Loss = Literal["zero_one", "hamming", "pattern"]
Rational = int | Fraction

HALF_ULP = 2.0**-53
MOST_WHOLE = 1e15  # 15 digits, and room below 2^53
MOST_PLACES = 6
SMALLEST = 2.0**-1074


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
    """Layers 1..L; the last one's outputs are the label bits (MODELS.md, section 1)."""

    layers: tuple[Layer, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """d_0, d_1, …, d_L."""
        return (self.layers[0].weights.shape[1], *(layer.weights.shape[0] for layer in self.layers))


def exact(value: float) -> Fraction:
    """The decimal that Python prints for a float, as a fraction."""
    return Fraction(repr(float(value)))


def simple(value: Fraction) -> Rational:
    """As an integer, if it is one."""
    return value.numerator if value.denominator == 1 else value


def shown(value: Rational) -> int | float:
    """As a number that prints and is stored as the shortest decimal."""
    return value if isinstance(value, int) else float(value)


def activations(network: Network, samples: Samples) -> tuple[Bits, ...]:
    """u^1, …, u^L of every sample, each (m, d_k), exactly."""
    first, *deeper = network.layers
    result = [_first_layer(first, samples)]
    for layer in deeper:
        result.append(layer_bits(layer, result[-1]))
    return tuple(result)


def outputs(network: Network, samples: Samples) -> Bits:
    """Output bits u^L, (m, K), exactly."""
    return activations(network, samples)[-1]


def _first_layer(layer: Layer, samples: Samples) -> Bits:
    known = _decimal_bits(layer, samples.x) if getattr(samples, "is_as_written", False) else None
    if known is not None:
        return known
    a, doubtful = _signs(layer, samples.x)
    doubtful[:, ~layer.weights.any(axis=1)] = False  # the sum is the bias
    bits = (a >= 0).astype(np.int8)
    neurons = _Exact(layer)
    for i in np.flatnonzero(doubtful.any(axis=1)):
        row = _integers(samples.exact_row(int(i)))
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
    """Pre-activations in float64, and where their rounding error could change the sign.

    Inputs, weights and biases are each within half a unit in the last place of their exact values, which adds three
    roundings to the n + 3 of RELIABILITY.md; the rest of the factor covers the rounding of the bound itself. Next to 0
    that half a unit is no longer small against the number: hence `tiny`, and 1e-290 for products that underflow.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow makes the bound inf or nan: doubtful, settled exactly
        a = x @ layer.weights.T + layer.biases
        size = np.abs(x) @ np.abs(layer.weights).T + np.abs(layer.biases)
        tiny = SMALLEST * (np.abs(x).sum(axis=1)[:, None] + np.abs(layer.weights).sum(axis=1))
        sure = np.abs(a) > (x.shape[1] + 8) * HALF_ULP * size + tiny + 1e-290
    return a, ~sure


def _decimal_bits(layer: Layer, x: Floats) -> Bits | None:
    """Activations where inputs, weights and biases are decimals of few places: in whole numbers, which float64 adds exactly.

    None where there are more places than that, or sums too large.
    """
    grids = [_whole_numbers(values) for values in (x, layer.weights, layer.biases)]
    if any(grid is None for grid in grids):
        return None
    (x, places), (w, w_places), (b, b_places) = (grid for grid in grids if grid is not None)
    most = max(places + w_places, b_places)
    up, b = 10.0 ** (most - places - w_places), b * 10.0 ** (most - b_places)
    size = np.abs(x) @ np.abs(w).T * up + np.abs(b)
    return np.asarray(x @ w.T * up + b >= 0, dtype=np.int8) if size.max(initial=0.0) < MOST_WHOLE else None


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


# ---- as plain data


def to_json(network: Network) -> list[dict[str, Any]]:
    """Layers as lists of numbers; whole numbers without a point, all as the shortest decimals."""
    return [{"weights": [_numbers(row) for row in layer.weights], "biases": _numbers(layer.biases)} for layer in network.layers]


@dataclass(frozen=True, slots=True)
class _LayerFile:
    weights: tuple[tuple[float, ...], ...]
    biases: tuple[float, ...]


def from_json(layers: Any) -> Network:
    """The inverse of `to_json`. Raises Malformed when the layers do not form a network."""
    stated: tuple[_LayerFile, ...] = read(tuple[_LayerFile, ...], layers, "layers")
    if not stated:
        raise Malformed("there is no layer")
    width = None
    for number, layer in enumerate(stated):
        inputs = len(layer.weights[0]) if layer.weights and width is None else width
        width = len(layer.biases)
        if not inputs or not width or [len(row) for row in layer.weights] != [inputs] * width:
            raise Malformed(f"`layers[{number}]` has no {inputs or 1} weights for each of its {width} biases")
    return Network(tuple(Layer(np.array(layer.weights), np.array(layer.biases)) for layer in stated))


def _numbers(values: Floats) -> list[float | int]:
    return [int(v) if v.is_integer() and abs(v) < 2**53 else v for v in values.tolist()]


# ---- from output bits to classes and losses


def label_bits(y: Ints, outputs: int) -> Bits:
    """Label bits t, (m, K): the class itself for one output, one-hot otherwise."""
    return np.asarray(y[:, None] == (np.arange(outputs) if outputs > 1 else 1), dtype=np.int8)


def classify(bits: Bits) -> Ints:
    """Class of each row of output bits: one output: its bit; more: the first that is 1, or class 0 when none is."""
    return bits[:, 0].astype(np.int64) if bits.shape[1] == 1 else np.argmax(bits, axis=1).astype(np.int64)


def sample_losses(bits: Bits, y: Ints, loss: Loss) -> Ints:
    """Loss of each sample, (m,): wrong class, number of wrong output bits, or pattern other than the class's code."""
    if loss == "zero_one":
        return np.asarray(classify(bits) != y, dtype=np.int64)
    wrong = bits != label_bits(y, bits.shape[1])
    return np.asarray(wrong.sum(axis=1) if loss == "hamming" else wrong.any(axis=1), dtype=np.int64)


def accuracy(bits: Bits, y: Ints) -> float:
    """Share of samples whose class is right."""
    return float(np.mean(classify(bits) == y))
