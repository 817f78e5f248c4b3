"""What networks in whole numbers make of many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Bits, Ints, Mask
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Signal, WholeNetwork

Numbers = NDArray[Any]  # whole ones: int64, or Python's own where sums may be longer


def signals(network: WholeNetwork, readings: Ints) -> Ints:
    """Values (m, s) of the signals, of readings (m, n)."""
    values: Ints = np.zeros((len(readings), len(network.signals)), dtype=np.int64)
    for place, signal in enumerate(network.signals):
        values[:, place] = signal_values(network, signal, readings[:, signal.reading])
    return values


def signal_values(network: WholeNetwork, signal: Signal, r: Ints) -> Ints:
    """Values (m,) of a signal, of the readings (m,) of its column."""
    missing = network.readings[signal.reading].missing
    known = np.ones_like(r) if missing is None else (r != missing).astype(np.int64)
    match signal:
        case Count():
            return np.multiply(known, r)
        case AtLeast(_, bound):
            return np.multiply(known, r >= bound)
        case Equals(_, value):
            return np.equal(r, value).astype(np.int64)
        case Level(_, bounds):
            return np.multiply(known, np.searchsorted(np.array(bounds), r, side="right"))
        case _:
            assert_never(signal)


def sums(layer: Sequence[Neuron], inputs: Numbers) -> Numbers:
    """Σ weight · input (m, d) of each neuron."""
    longest = max((sum(abs(w) for _, w in neuron.weights) for neuron in layer), default=0)
    largest = max(abs(int(inputs.max())), abs(int(inputs.min())), 1) if inputs.size else 1
    kind: type = np.int64 if longest * largest < 1 << 62 else object
    weights: Numbers = np.zeros((inputs.shape[1], len(layer)), dtype=kind)
    for k, neuron in enumerate(layer):
        for place, weight in neuron.weights:
            weights[place, k] = weight
    return np.asarray(inputs.astype(kind) @ weights)


def reached(layer: Sequence[Neuron], total: Numbers) -> Bits:
    """Which neurons (m, d) are 1, by their sums."""
    thresholds = np.array([neuron.threshold for neuron in layer], dtype=object if total.dtype == object else None)
    on: Mask = np.asarray(total >= thresholds, dtype=bool)
    return on.astype(np.int8)


def after(layers: Sequence[Sequence[Neuron]], inputs: Numbers) -> Numbers:
    """The last of the layers (m, d), of what comes into the first."""
    for layer in layers:
        inputs = reached(layer, sums(layer, inputs))
    return inputs


def decide(outputs: Numbers) -> Ints:
    """Numbers of classes (m,): the output itself if it is the only one, else the first that is 1, or 0."""
    return (outputs[:, 0] if outputs.shape[1] == 1 else outputs.argmax(axis=1)).astype(np.int64)


def predict(network: WholeNetwork, readings: Ints) -> Ints:
    """Numbers of classes (m,), of readings (m, n)."""
    return decide(after(network.layers, signals(network, readings)))
