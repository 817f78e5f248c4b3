"""`onnx_model`: readings in, numbers of classes out, in whole numbers; in floats only where they hold every sum exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import assert_never

import numpy as np

from bdnnlang.device.onnx.graph import Graph, Numbers
from bdnnlang.device.onnx.spread import spread
from bdnnlang.device.onnx.widths import FLOAT_LIMIT, WHOLE_LIMIT, Arithmetic, Extent, extents, within
from bdnnlang.device.whole import AtLeast, Count, Equals, Neuron, Reading, WholeNetwork

INPUT, OUTPUT = "readings", "class"


class TooLarge(Exception):  # noqa: N818  (it says what happened)
    """A reading or a sum may become larger than the numbers of the graph are exact; the message says which."""


def onnx_model(network: WholeNetwork, about: Mapping[str, str] | None = None, *, in_floats: bool = False) -> bytes:
    """The file: from `readings` (samples × columns, whole numbers r) to `class` (samples, numbers of classes from 0).

    It answers as `WholeNetwork.predict` for all readings within the declared ranges. `about`: what else the file says of it, by
    keys. The same network becomes the same bytes.

    Raises:
        TooLarge: A reading or a sum may lie beyond 2⁶³ - 1, or beyond 2²⁴ in floats.
    """
    flat = spread(network)
    layers = extents(flat)
    _check(network, layers, FLOAT_LIMIT if in_floats else WHOLE_LIMIT)
    numbers: Numbers = np.float32 if in_floats else np.int64
    graph, kinds = Graph(), [Arithmetic.FLOAT if in_floats else layer.arithmetic for layer in layers]
    value = _signals(graph, flat, numbers, _input_type(kinds[0], layers[0]))
    for k, (neurons, extent, kind) in enumerate(zip(flat.layers, layers, kinds, strict=True)):
        bits = _layer(graph, value, neurons, extent, kind)
        if k + 1 < len(kinds):
            value = graph.cast(bits, _input_type(kinds[k + 1], layers[k + 1]))
    _class(graph, bits, len(flat.layers[-1]))
    metadata = {**_metadata(network), **(about or {})}
    return graph.model((INPUT, numbers, len(network.readings)), OUTPUT, metadata, _text(network))


def _check(network: WholeNetwork, layers: tuple[Extent, ...], limit: int) -> None:
    """A threshold lies at most 1 beyond its sum, a bound at most 1 beyond its reading."""
    for reading in network.readings:
        if (largest := max(-reading.lower, reading.upper)) >= limit:
            raise TooLarge(f"the column `{reading.column}` is read as numbers up to {largest:,}, {_of_which(limit)}")
    for number, layer in enumerate(layers, 1):
        if layer.reach >= limit:
            raise TooLarge(f"the sums of layer {number} may come to {layer.reach:,}, {_of_which(limit)}")


def _of_which(limit: int) -> str:
    numbers = "whole numbers of 64 bits" if limit == WHOLE_LIMIT else "floats of 32 bits"
    return f"and {numbers} are exact up to {limit:,}"


def _input_type(kind: Arithmetic, extent: Extent) -> Numbers:
    match kind:
        case Arithmetic.BYTES:
            return np.uint8 if extent.is_unsigned else np.int8
        case Arithmetic.LONG:
            return np.int64
        case Arithmetic.FLOAT:
            return np.float32
    assert_never(kind)


def _signals(graph: Graph, network: WholeNetwork, numbers: Numbers, to: Numbers) -> str:
    """Samples × signals."""
    parts = []
    if counts := [signal for signal in network.signals if isinstance(signal, Count)]:
        parts.append(_present(graph, network, counts, numbers, numbers(0)))
    if bits := [signal for signal in network.signals if isinstance(signal, AtLeast)]:
        bounds = [_near(network.readings[signal.reading], signal.bound) for signal in bits]
        present = _present(graph, network, bits, numbers, _least(numbers))
        parts.append(graph.node("GreaterOrEqual", present, graph.constant(np.array(bounds, numbers))))
    if equals := [signal for signal in network.signals if isinstance(signal, Equals)]:
        values = [_near(network.readings[signal.reading], signal.value) for signal in equals]
        parts.append(graph.node("Equal", _columns(graph, equals), graph.constant(np.array(values, numbers))))
    cast = [graph.cast(part, to) for part in parts]
    return cast[0] if len(cast) == 1 else graph.node("Concat", *cast, axis=1)


def _columns(graph: Graph, signals: list[Count] | list[AtLeast] | list[Equals]) -> str:
    """The readings that the signals are of, in their order."""
    return graph.node("Gather", INPUT, graph.constant(np.array([s.reading for s in signals], np.int64)), axis=1)


def _present(
    graph: Graph, network: WholeNetwork, signals: list[Count] | list[AtLeast], numbers: Numbers, otherwise: np.generic
) -> str:
    """The readings that the signals are of; where one is missing, `otherwise`."""
    columns = _columns(graph, signals)
    missing = [network.readings[signal.reading].missing for signal in signals]
    if all(code is None for code in missing):
        return columns
    never = _least(numbers)  # which nothing delivers
    codes = np.array([never if code is None else code for code in missing], numbers)
    is_missing = graph.node("Equal", columns, graph.constant(codes))
    return graph.node("Where", is_missing, graph.constant(np.array(otherwise)), columns)


def _least(numbers: Numbers) -> np.generic:
    """Below every reading and every bound."""
    return np.float32(-np.inf) if numbers is np.float32 else np.int64(-(2**63))


def _near(reading: Reading, number: int) -> int:
    """At most 1 beyond the range of the reading, with which it compares as the number does."""
    return min(max(number, reading.lower - 1), reading.upper + 1)


def _layer(graph: Graph, inputs: str, neurons: tuple[Neuron, ...], extent: Extent, kind: Arithmetic) -> str:
    """Samples × neurons, true where a neuron is 1."""
    operator, weights, sums = _types(kind)
    matrix = np.zeros((len(extent.inputs), len(neurons)), weights)
    for k, neuron in enumerate(neurons):
        for place, weight in neuron.weights:
            matrix[place, k] = weight
    total = graph.node(operator, inputs, graph.constant(matrix))
    thresholds = np.array([within(neuron, extent.inputs) for neuron in neurons], sums)
    return graph.node("GreaterOrEqual", total, graph.constant(thresholds))


def _types(kind: Arithmetic) -> tuple[str, Numbers, Numbers]:
    """The operator, the types of weights and of sums."""
    match kind:
        case Arithmetic.BYTES:
            return "MatMulInteger", np.int8, np.int32
        case Arithmetic.LONG:
            return "MatMul", np.int64, np.int64
        case Arithmetic.FLOAT:
            return "MatMul", np.float32, np.float32
    assert_never(kind)


def _class(graph: Graph, bits: str, outputs: int) -> None:
    """Of one output the number it is; of several the first that is 1, and ArgMax takes the first of equal ones, 0 if none is."""
    if outputs == 1:
        graph.node("Squeeze", graph.cast(bits, np.int64), graph.constant(np.array([1], np.int64)), output=OUTPUT)
    else:
        graph.node("ArgMax", graph.cast(bits, np.int32), axis=1, keepdims=0, output=OUTPUT)


def _metadata(network: WholeNetwork) -> dict[str, str]:
    """Classes by their numbers; of each column of the input what it is to be."""
    readings = [{**asdict(reading), "unit": str(reading.unit), "offset": str(reading.offset)} for reading in network.readings]
    return {"classes": json.dumps(network.classes), "readings": json.dumps(readings)}


def _text(network: WholeNetwork) -> str:
    return (
        f"{INPUT}: for each sample {len(network.readings)} whole numbers r, which stand for r * unit + offset; the property "
        f"`readings` says of which columns, and in which ranges. {OUTPUT}: for each sample the place of its class in the "
        "property `classes`, from 0."
    )
