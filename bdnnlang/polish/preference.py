"""What a network comes to in what is preferred among networks of one objective (docs/models.md 9)."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Bits, Floats
from bdnnlang.language.spec import Interval, PreferenceKind, Thresholds, WeightDomain
from bdnnlang.network.exact import activations
from bdnnlang.network.margin import layer_margins
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import Rational, total
from bdnnlang.problem.training import TrainingProblem


def preference_value(training: TrainingProblem, network: Network, kind: PreferenceKind) -> Rational:
    """The margin of a network, or how many of its weights are not 0."""
    match kind:
        case "margin":
            return total(margins(training, network))
        case "sparsity":
            return sum(int((layer.weights != 0).sum()) for layer in network.layers)
        case _:
            assert_never(kind)


def margins(training: TrainingProblem, network: Network) -> tuple[Rational, ...]:
    """Of its layers, on the training samples."""
    spec = training.spec.network
    free = [layer.biases is None and spec.thresholds != "zero" for layer in spec.layers]
    return layer_margins(network, training.samples, free)


def centred(training: TrainingProblem, network: Network) -> Network:
    """The network with each real bias in the middle of those that leave its activations as they are, on the training samples."""
    spec, samples = training.spec.network, training.samples
    bits = activations(network, samples)
    inputs: list[Floats] = [samples.x, *(below.astype(np.float64) for below in bits[:-1])]
    parts = zip(network.layers, spec.layers, inputs, bits, strict=True)
    return Network(tuple(_centred(layer, own.biases, spec.thresholds, x, on) for layer, own, x, on in parts))


def _centred(layer: Layer, biases: WeightDomain | None, thresholds: Thresholds, x: Floats, bits: Bits) -> Layer:
    if thresholds == "zero" or not isinstance(biases, Interval | None):
        return layer
    sums = x @ layer.weights.T + layer.biases
    least_on = np.where(bits == 1, sums, np.inf).min(axis=0)
    most_off = np.where(bits == 0, sums, -np.inf).max(axis=0)
    if thresholds == "per_layer":
        least_on, most_off = np.full_like(least_on, least_on.min()), np.full_like(most_off, most_off.max())
    changes = np.isfinite(least_on) & np.isfinite(most_off)
    middle = np.where(
        changes, layer.biases - (np.where(changes, least_on, 0.0) + np.where(changes, most_off, 0.0)) / 2, layer.biases
    )
    return replace(layer, biases=middle if biases is None else np.clip(middle, biases.lower, biases.upper))
