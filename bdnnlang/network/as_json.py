"""Networks as plain data, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.network.network import Layer, Network
from bdnnlang.strict_json import Malformed, read


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
