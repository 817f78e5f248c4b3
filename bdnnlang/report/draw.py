"""A network as lines of text, small enough to read."""

from __future__ import annotations

import numpy as np

from bdnnlang.milp import Floats
from bdnnlang.network import Network

MOST_TERMS = 6
MOST_NEURONS = 12


def draw(network: Network, features: tuple[str, ...], classes: tuple[str, ...]) -> list[str]:
    """One line a neuron: `h1 = 1 if 0.5 age - 2 income >= 0.25`; the heaviest terms only, and what is left out is said."""
    lines = []
    inputs = list(features)
    for k, layer in enumerate(network.layers, start=1):
        last = k == len(network.layers)
        names = _output_names(classes, len(layer.biases)) if last else _hidden_names(k, network)
        pairs = list(zip(names, layer.weights, layer.biases, strict=True))
        lines += [f"{name} {_rule(w, float(b), inputs)}" for name, w, b in pairs[:MOST_NEURONS]]
        if len(pairs) > MOST_NEURONS:
            lines.append(f"… {len(pairs) - MOST_NEURONS} more neurons in layer {k}")
        inputs = names
    return lines


def _hidden_names(k: int, network: Network) -> list[str]:
    prefix = "h" if len(network.layers) == 2 else f"h{k}."
    return [f"{prefix}{j + 1}" for j in range(network.widths[k])]


def _output_names(classes: tuple[str, ...], width: int) -> list[str]:
    return [classes[1]] if width == 1 else list(classes)


def _rule(weights: Floats, bias: float, inputs: list[str]) -> str:
    used = np.flatnonzero(weights)
    if not len(used):
        return "always" if bias >= 0 else "never"
    heavy = used[np.argsort(-np.abs(weights[used]), kind="stable")][:MOST_TERMS]
    terms = " ".join(_term(float(weights[j]), inputs[j]) for j in heavy).removeprefix("+ ")
    rest = f" + {len(used) - len(heavy)} more" if len(used) > len(heavy) else ""
    return f"if {terms}{rest} >= {_number(-bias)}"


def _term(weight: float, name: str) -> str:
    size = _number(abs(weight))
    return f"{'-' if weight < 0 else '+'} {name if size == '1' else f'{size} {name}'}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value) + 0.0)
