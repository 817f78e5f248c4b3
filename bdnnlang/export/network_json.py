"""`network.json`: everything that is needed to predict from a raw row, readable in a diff."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bdnnlang.network import Network, from_json, to_json

SINGLE = "one output: the second class if it is 1, else the first"
ONE_HOT = "one output a class: the class of the first output that is 1, the first class if none is"


@dataclass(frozen=True)
class NetworkFile:
    """A network with what stands around it. `preprocessing` is the recipe's own JSON form."""

    network: Network
    features: tuple[str, ...]
    classes: tuple[str, ...]
    preprocessing: Any


def dump(file: NetworkFile) -> str:
    """The text of `network.json`."""
    content = {
        "schema": 1,
        "classes": list(file.classes),
        "decision": SINGLE if file.network.widths[-1] == 1 else ONE_HOT,
        "neuron": "1 if weights · inputs + bias >= 0, else 0; every number is the decimal written here",
        "layers": to_json(file.network),
        "features": list(file.features),
        "preprocessing": file.preprocessing,
    }
    return _text(content) + "\n"


def load(text: str) -> NetworkFile:
    """Read `network.json`. Raises ValueError saying what is wrong with it."""
    try:
        content = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(content, dict) or content.get("schema") != 1:
        raise ValueError("it has no `schema` 1")
    missing = [key for key in ("layers", "features", "classes", "preprocessing") if key not in content]
    if missing:
        raise ValueError(f"it has no `{missing[0]}`")
    network = from_json(content["layers"])
    features, classes = _texts(content, "features"), _texts(content, "classes")
    if network.widths[0] != len(features):
        raise ValueError(f"the first layer has {network.widths[0]} inputs for {len(features)} features")
    if network.widths[-1] not in (1, len(classes)) or (network.widths[-1] == 1 and len(classes) != 2):
        raise ValueError(f"the last layer has {network.widths[-1]} outputs for {len(classes)} classes")
    return NetworkFile(network, features, classes, content["preprocessing"])


def _texts(content: dict[str, Any], key: str) -> tuple[str, ...]:
    texts = content[key]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"`{key}` is not a list of names")
    return tuple(texts)


def _text(value: Any, indent: str = "") -> str:
    """JSON with one line for each list of plain values, so that a changed weight is a changed line."""
    deeper = indent + "  "
    if isinstance(value, dict) and value:
        inner = ",\n".join(f"{deeper}{json.dumps(key)}: {_text(item, deeper)}" for key, item in value.items())
        return f"{{\n{inner}\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, list | dict) for item in value):
        inner = ",\n".join(f"{deeper}{_text(item, deeper)}" for item in value)
        return f"[\n{inner}\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
