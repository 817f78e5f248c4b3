"""`python`: a module of one file, `standalone.py` with another network in it."""

from __future__ import annotations

from importlib.resources import files as resources
from typing import Any

from bdnnlang.data.exact import decimal
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.device.formats.form import Exported, Form
from bdnnlang.device.whole import Reading, Signal, WholeNetwork
from bdnnlang.device.width import turns
from bdnnlang.files import encoded

BEGIN, END = "# ---- the network", "# ---- what it does"
WIDE = 1 << 62


def files(exported: Exported) -> dict[str, bytes]:
    """One file."""
    text = resources("bdnnlang.device.formats").joinpath("standalone.py").read_text(encoding="utf-8")
    head, rest = text.split(BEGIN, 1)
    return {f"{exported.name}.py": encoded(f"{head}{BEGIN}\n\n{_constants(exported)}\n{END}{rest.split(END, 1)[1]}")}


def _constants(exported: Exported) -> str:
    network, recipe = exported.network, Recipe.from_json(exported.file.preprocessing)
    categories = {column.name: column.categories for column in recipe.columns}
    kinds = [_signal(signal) for signal in network.signals]
    neurons = [tuple((neuron.weights, neuron.threshold) for neuron in layer) for layer in network.layers]
    lines = [
        f"NAME = {exported.name!r}",
        f"SHA256 = {exported.sha256!r}  # of the network.json that it comes from",
        f"CLASSES: tuple[str, ...] = {network.classes!r}",
        "READINGS: tuple[tuple[Any, ...], ...] = (  # column, least, greatest, unit, offset, missing, categories",
        *(f"    {_reading(reading, categories[reading.column])!r}," for reading in network.readings),
        ")",
        "SIGNALS: tuple[tuple[str, int, Any], ...] = (  # kind, place of the reading, number or numbers",
        *(f"    {kind!r}," for kind in kinds),
        ")",
        "LAYERS: tuple[tuple[Any, ...], ...] = (  # of each neuron (place of an input, weight) …, and the threshold",
        *(line for layer in neurons for line in ("    (", *(f"        {neuron!r}," for neuron in layer), "    ),")),
        ")",
        f"IS_WIDE = {is_wide(network)}  # sums leave 64 bits: Python's whole numbers, which have no end",
    ]
    return "\n".join([*lines, *_about_rounding(exported), ""])


def _about_rounding(exported: Exported) -> list[str]:
    """What rounding may have changed, as comments."""
    return [] if exported.rounding is None else [f"# {line}" for line in exported.rounding.lines()]


def _reading(reading: Reading, categories: tuple[str | float, ...]) -> tuple[Any, ...]:
    unit, offset = decimal(reading.unit), decimal(reading.offset)
    return (reading.column, reading.lower, reading.upper, unit, offset, reading.missing, categories)


def _signal(signal: Signal) -> tuple[str, int, Any]:
    numbers = next((getattr(signal, name) for name in ("bound", "value", "bounds") if hasattr(signal, name)), 0)
    return type(signal).__name__, signal.reading, numbers


def is_wide(network: WholeNetwork) -> bool:
    """Whether a sum, in whatever order it is added, may leave 64 bits."""
    largest = [
        max(abs(network.value(signal, r)) for r in turns(network.readings[signal.reading], [signal]))
        for signal in network.signals
    ]
    for layer in network.layers:
        if any(abs(n.threshold) + sum(abs(w) * largest[place] for place, w in n.weights) >= WIDE for n in layer):
            return True
        largest = [1] * len(layer)
    return False


FORM = Form(files=files)
