"""`json`: the network as it was trained, and beside it in whole numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bdnnlang.data.exact import decimal
from bdnnlang.device.formats.form import Exported, Form
from bdnnlang.device.whole import Neuron, Reading, Signal
from bdnnlang.device.width import sides
from bdnnlang.files import encoded
from bdnnlang.network.export.network_json import as_text
from bdnnlang.network.export.network_json import content as trained

READS = "a column is read as the whole number r, which stands for r * unit + offset; a category as its place, from 0"
MOST_WHOLE = 2**53
NEURON = (
    "1 if the sum of weight * input >= threshold, else 0; weights are [place of the input, weight], numbers beyond 2^53 as texts"
)


def files(exported: Exported) -> dict[str, bytes]:
    """One file."""
    return {f"{exported.name}.json": encoded(as_text(content(exported)) + "\n")}


def content(exported: Exported) -> dict[str, Any]:
    """`trained` is `network.json`; `whole` the same network in whole numbers."""
    network = exported.network
    layers = [[_neuron(neuron, sides(network, k, neuron).bits) for neuron in layer] for k, layer in enumerate(network.layers)]
    return {
        "schema": 1,
        "name": exported.name,
        "sha256": exported.sha256,
        "whole": {
            "reads": READS,
            "readings": [_reading(reading) for reading in network.readings],
            "signals": [_signal(signal) for signal in network.signals],
            "neuron": NEURON,
            "layers": layers,
            "classes": list(network.classes),
            "decision": trained(exported.file)["decision"],
            "rounding": None if exported.rounding is None else exported.rounding.to_json(),
        },
        "trained": trained(exported.file),
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "column": reading.column,
        "lower": reading.lower,
        "upper": reading.upper,
        "unit": decimal(reading.unit),
        "offset": decimal(reading.offset),
        "missing": reading.missing,
        "categories": list(reading.categories),
    }


def _signal(signal: Signal) -> dict[str, Any]:
    return {"kind": type(signal).__name__, **asdict(signal)}


def _neuron(neuron: Neuron, bits: int) -> dict[str, Any]:
    weights = [[place, _number(weight)] for place, weight in neuron.weights]
    return {"weights": weights, "threshold": _number(neuron.threshold), "bits": bits}


def _number(value: int) -> int | str:
    """As a text where other readers of JSON would round it."""
    return value if abs(value) <= MOST_WHOLE else str(value)


FORM = Form(files=files)
