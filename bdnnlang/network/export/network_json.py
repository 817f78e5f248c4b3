"""`network.json`: everything that is needed to predict from a raw row, readable in a diff."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bdnnlang.network.as_json import from_json, to_json
from bdnnlang.network.network import Network
from bdnnlang.strict_json import Malformed, parse, read

SINGLE = "one output: the second class if it is 1, else the first"
ONE_HOT = "one output a class: the class of the first output that is 1, the first class if none is"
NEURON = "1 if weights · inputs + bias >= 0, else 0; every number is the decimal written here"


@dataclass(frozen=True)
class NetworkFile:
    """A network with what stands around it. `preprocessing` is the recipe's own JSON form."""

    network: Network
    features: tuple[str, ...]
    classes: tuple[str, ...]
    preprocessing: Any


def dump(file: NetworkFile) -> str:
    """The text of `network.json`."""
    return as_text(content(file)) + "\n"


def content(file: NetworkFile) -> dict[str, Any]:
    """`network.json` as plain data."""
    return {
        "schema": 1,
        "classes": list(file.classes),
        "decision": _decision(file.network),
        "neuron": NEURON,
        "layers": to_json(file.network),
        "features": list(file.features),
        "preprocessing": file.preprocessing,
    }


@dataclass(frozen=True, slots=True)
class _File:
    """`network.json` as it is written; what it says in words never varies."""

    schema: int
    classes: tuple[str, ...]
    decision: str
    neuron: str
    layers: Any
    features: tuple[str, ...]
    preprocessing: Any


def load(text: str) -> NetworkFile:
    """Read `network.json`. Raises Malformed saying what is wrong with it."""
    data = parse(text)
    if not isinstance(data, dict) or data.get("schema") != 1:
        raise Malformed("it has no `schema` 1")
    stated: _File = read(_File, data)
    network, inputs, classes = from_json(stated.layers), len(stated.features), len(stated.classes)
    if network.widths[0] != inputs:
        raise Malformed(f"the first layer has {network.widths[0]} inputs for {inputs} features")
    if network.widths[-1] not in (1, classes) or (network.widths[-1] == 1 and classes != 2):
        raise Malformed(f"the last layer has {network.widths[-1]} outputs for {classes} classes")
    for name, words in (("decision", _decision(network)), ("neuron", NEURON)):
        if getattr(stated, name) != words:
            raise Malformed(f"`{name}` is not `{words}`")
    return NetworkFile(network, stated.features, stated.classes, stated.preprocessing)


def _decision(network: Network) -> str:
    return SINGLE if network.widths[-1] == 1 else ONE_HOT


def as_text(value: Any, indent: str = "") -> str:
    """JSON with one line for each list of plain values, so that a changed weight is a changed line."""
    deeper = indent + "  "
    if isinstance(value, dict) and value:
        inner = ",\n".join(f"{deeper}{json.dumps(key)}: {as_text(item, deeper)}" for key, item in value.items())
        return f"{{\n{inner}\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, list | dict) for item in value):
        inner = ",\n".join(f"{deeper}{as_text(item, deeper)}" for item in value)
        return f"[\n{inner}\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
