"""`npz`: the rows in whole numbers as arrays, for programs that have numpy (docs/device.md lists the keys)."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from bdnnlang.data.exact import decimal
from bdnnlang.device.formats.form import Exported, Form
from bdnnlang.device.whole import Level, Neuron
from bdnnlang.device.width import widths

MOST_BITS = 60  # so that rows, thresholds and sums are int64 whatever is shifted


def files(exported: Exported) -> dict[str, bytes]:
    """One file."""
    stream = io.BytesIO()
    np.savez(stream, **arrays(exported))
    return {f"{exported.name}.npz": stream.getvalue()}


def arrays(exported: Exported) -> dict[str, Any]:
    """By name; a shape is n readings, s signals, d_k neurons of layer k."""
    network = exported.network
    bounds = [signal.bounds if isinstance(signal, Level) else () for signal in network.signals]
    numbers = [getattr(signal, "bound", getattr(signal, "value", 0)) for signal in network.signals]
    found = {
        "name": np.array(exported.name),
        "sha256": np.array(exported.sha256),
        "classes": np.array(network.classes),
        "column": np.array([one.column for one in network.readings]),
        "lower": np.array([one.lower for one in network.readings], dtype=np.int64),
        "upper": np.array([one.upper for one in network.readings], dtype=np.int64),
        "unit": np.array([decimal(one.unit) for one in network.readings]),
        "offset": np.array([decimal(one.offset) for one in network.readings]),
        "can_miss": np.array([one.missing is not None for one in network.readings]),
        "missing": np.array([one.missing or 0 for one in network.readings], dtype=np.int64),
        "signal": np.array([type(signal).__name__ for signal in network.signals], dtype="U7"),
        "signal_reading": np.array([signal.reading for signal in network.signals], dtype=np.int64),
        "signal_number": np.array(numbers, dtype=np.int64),
        "level_bounds": np.array([bound for one in bounds for bound in one], dtype=np.int64),
        "level_counts": np.array([len(one) for one in bounds], dtype=np.int64),
    }
    for place, reading in enumerate(network.readings):
        if reading.categories:
            found[f"categories_{place}"] = np.array(reading.categories)
    below = len(network.signals)
    for k, (layer, bits) in enumerate(zip(network.layers, widths(network), strict=True), 1):
        found[f"weights_{k}"] = _weights(layer, below)
        found[f"thresholds_{k}"] = np.array([neuron.threshold for neuron in layer], dtype=np.int64)
        found[f"bits_{k}"] = np.array(bits, dtype=np.int64)
        below = len(layer)
    if exported.rounding is not None:
        found["rounding"] = np.array(exported.rounding.lines())
    return found


def _weights(layer: tuple[Neuron, ...], below: int) -> Any:
    """(d_k, inputs)."""
    rows = np.zeros((len(layer), below), dtype=np.int64)
    for row, neuron in zip(rows, layer, strict=True):
        for place, weight in neuron.weights:
            row[place] = weight
    return rows


FORM = Form(files=files, most_bits=MOST_BITS)
