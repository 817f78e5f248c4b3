"""Networks with names, for pages and drawings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bdnnlang.data.dataset import Dataset
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.network import Layer, Network

Layers = Sequence[tuple[Sequence[Sequence[float]], Sequence[float]]]


def file_of(layers: Layers, features: Sequence[str] | None = None, classes: Sequence[str] = ("no", "yes")) -> NetworkFile:
    """A network with weights and biases of each layer, on columns that are taken as they are."""
    network = Network(tuple(Layer(np.array(w, dtype=float), np.array(b, dtype=float)) for w, b in layers))
    inputs = network.widths[0]
    x = np.arange(2.0 * inputs).reshape(2, inputs)
    data = Dataset.from_arrays(x, np.array([0, 1]), features or [f"x{j}" for j in range(inputs)], ["a", "b"])
    return NetworkFile(network, data.features, tuple(classes), data.recipe.to_json())
