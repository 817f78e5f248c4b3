"""Is a network one of those that a spec stands for: its shape, and every weight and bias in its domain."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Integers, Interval, Spec, Values, WeightDomain
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import exact
from bdnnlang.problem.outputs import output_width


def belongs(network: Network, spec: Spec, data: Dataset) -> bool:
    return network.widths == shape(spec, data) and domains(spec, network) == "inside"


def shape(spec: Spec, data: Dataset) -> tuple[int, ...]:
    """d_0, …, d_L of the networks that a spec stands for."""
    hidden = (layer.width or 0 for layer in spec.network.layers[:-1])
    return (len(data.features), *hidden, output_width(spec.network, len(data.classes)))


def domains(spec: Spec, network: Network) -> str:
    """ "inside", or the first weight or bias that its domain does not contain."""
    for k, (layer, own) in enumerate(zip(network.layers, spec.network.layers, strict=False), start=1):
        if spec.network.thresholds == "zero" and layer.biases.any():
            return f"a bias of layer {k} is not 0"
        if spec.network.thresholds == "per_layer" and len(set(layer.biases.tolist())) > 1:
            return f"the biases of layer {k} differ"
        for name, values, domain in (("W", layer.weights, own.weights), ("b", layer.biases, own.biases)):
            outside = None if domain is None or (name == "b" and spec.network.thresholds == "zero") else _outside(values, domain)
            if outside is not None:
                return f"{name}{k} has {outside!r}"
    return "inside"


def _outside(values: Floats, domain: WeightDomain) -> float | None:
    return next((float(v) for v in np.unique(values) if not _member(exact(v), domain)), None)


def _member(value: Fraction, domain: WeightDomain) -> bool:
    match domain:
        case Interval(lower, upper):
            return exact(lower) <= value <= exact(upper)
        case Integers(lower, upper):
            return value.denominator == 1 and lower <= value <= upper
        case Values(values):
            return value in {exact(v) for v in values}
