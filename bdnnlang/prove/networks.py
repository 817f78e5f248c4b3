"""From neurons that an oracle names to a network of the spec, which still has to be evaluated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Integers, Interval, LayerSpec, WeightDomain
from bdnnlang.network.network import Layer, Network
from bdnnlang.prove.functions import OutputFunction
from bdnnlang.prove.problem import output_sizes, values_of

Neuron = tuple[Floats, float]  # weights (n,) and bias on the scaled features


@dataclass(frozen=True, slots=True)
class _Output:
    weights: tuple[Fraction, ...]
    bias: Fraction
    turned: tuple[bool, ...]  # the neurons whose outgoing weight is negative


def network(function: OutputFunction, neurons: Sequence[Neuron], layers: Sequence[LayerSpec]) -> Network:
    """With the activations that `neurons` have, and the output `function` of them, as near to the domains as can be.

    Neurons that the function does not depend on are off. Where a domain has only -v in place of an output weight v, the neuron
    is turned: so it is on where it was off, except on its boundary.
    """
    first, last = layers
    output = _output(function, last)
    idle = [(np.zeros_like(neurons[0][0]), -1.0)] * (function.neurons - len(neurons))
    own = [(-w, -b) if turned else (w, b) for (w, b), turned in zip([*neurons, *idle], output.turned, strict=True)]
    hidden = [_in_domain(w, b, first) for w, b in own]
    return Network(
        (
            Layer(np.stack([w for w, _ in hidden]) + 0.0, np.array([b for _, b in hidden])),
            Layer(np.array([[float(w) for w in output.weights]]), np.array([float(output.bias)])),
        )
    )


def _output(function: OutputFunction, spec: LayerSpec) -> _Output:
    sizes, values = output_sizes(spec.weights), values_of(spec.weights)
    unit = Fraction(1) if sizes is None else sizes[1]
    v = [weight * unit for weight in function.weights]
    sums = [sum(w for w, on in zip(function.weights, p, strict=True) if on) for p in product((False, True), repeat=len(v))]
    most_off, least_on = (pick(group) * unit for pick, group in zip((max, min), _parted(sums, function.threshold), strict=True))
    if isinstance(spec.weights, Interval):
        turned = (spec.weights.upper <= 0,) * len(v)
    else:
        turned = tuple(values is not None and size not in values for size in v)
    lifted = sum((size for size, t in zip(v, turned, strict=True) if t), Fraction(0))
    low, high = lifted - least_on, lifted - most_off
    bias = Fraction(math.ceil(low)) if isinstance(spec.biases, Integers) else (low + high) / 2
    factor = _factor(max(v), spec.weights, abs(bias), spec.biases) if isinstance(spec.weights, Interval) else Fraction(1)
    return _Output(
        tuple(-size * factor if t else size * factor for size, t in zip(v, turned, strict=True)), bias * factor, turned
    )


def _parted(sums: list[int], threshold: int) -> tuple[list[int], list[int]]:
    """Those below it, and the others."""
    return [s for s in sums if s < threshold], [s for s in sums if s >= threshold]


def _in_domain(w: Floats, b: float, spec: LayerSpec) -> Neuron:
    if isinstance(spec.biases, Integers):
        return w, math.floor(b)
    if not isinstance(spec.weights, Interval):
        return w, b
    factor = float(_factor(float(np.abs(w).max()), spec.weights, abs(b), spec.biases))
    return w * factor, b * factor


def _factor(weight: Fraction | float, weights: WeightDomain, bias: Fraction | float, biases: WeightDomain | None) -> Fraction:
    """The greatest power of two that brings sizes into their intervals; where these do not hold 0, there may be none."""
    ratios = [room / size for size, domain in ((weight, weights), (bias, biases)) if size and (room := _room(domain))]
    return Fraction(2) ** math.floor(math.log2(min(ratios))) if ratios else Fraction(1)


def _room(domain: WeightDomain | None) -> float | None:
    """How large a number of the domain may be, whatever its sign; where it has one sign only, with that."""
    if not isinstance(domain, Interval):
        return None
    return min(-domain.lower, domain.upper) if domain.lower < 0 < domain.upper else max(-domain.lower, domain.upper)
