"""Straight-line code: every neuron a comparison of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bdnnlang.device.c.straight.conditions import condition, inside
from bdnnlang.device.c.straight.inputs import Input, signal_inputs
from bdnnlang.device.c.straight.rest import answer
from bdnnlang.device.c.straight.truth import classes_of
from bdnnlang.device.c.text.numbers import IntType, smallest
from bdnnlang.device.c.text.pieces import Code
from bdnnlang.device.whole import Level, WholeNetwork

_CONSTANT = re.compile(r"const \w+ (\w+) = ")
TABLED = 8  # neurons at most behind which all else is a table


def unroll(network: WholeNetwork, name: str, *, fast: bool) -> Code:
    """The body of the function: layer by layer until few enough neurons are left for a table of what follows."""
    code = _layers(network, name, fast=fast)
    return replace(code, lines=_without_unread(code.lines))


def _layers(network: WholeNetwork, name: str, *, fast: bool) -> Code:
    code, inputs = _signals(network)
    for place, layer in enumerate(network.layers):
        behind = network.layers[place + 1 :]
        conditions = [condition(neuron, inputs) for neuron in layer]
        if len(layer) <= TABLED:
            return code.then(answer(classes_of(behind, len(layer)), conditions, name, fast=fast))
        if not behind:
            return code.then(first_that_is_on(conditions))
        names = [f"h{place + 1}_{k + 1}" for k in range(len(layer))]
        code = code.then(Code(tuple(map(_kept, names, conditions))))
        inputs = [Input(text, 0, 1, IntType(8)) for text in names]
    raise AssertionError("a network has a layer")


def _signals(network: WholeNetwork) -> tuple[Code, list[Input]]:
    """The signals, those that take more than a comparison and that several neurons read computed once."""
    inputs, lines = signal_inputs(network), []
    uses = Counter(place for neuron in network.layers[0] for place, _ in neuron.weights)
    for place, (signal, value) in enumerate(zip(network.signals, inputs, strict=True)):
        if uses[place] > 1 and value.lower < value.upper and isinstance(signal, Level) and len(signal.bounds) > 1:
            kind = smallest([value.upper])
            inputs[place] = replace(value, text=f"s{place}", type=kind)
            lines.append(f"const {kind.sum} s{place} = ({kind.sum}){value.text};")
    return Code(tuple(lines)), inputs


def first_that_is_on(conditions: Sequence[str]) -> Code:
    """The number of the first condition that is true, 0 if none is."""
    tests = [(f"if ({inside(on)}) {{", f"    return {place}u;", "}") for place, on in enumerate(conditions)]
    return Code((*(line for test in tests for line in test), "return 0u;"))


def _without_unread(lines: Sequence[str]) -> tuple[str, ...]:
    """Without constants that nothing below reads, as a compiler warns of them: what reads them may be always the same."""
    kept: list[str] = []
    for line in reversed(lines):
        found = _CONSTANT.match(line)
        if found is None or any(re.search(rf"\b{found[1]}\b", below) for below in kept):
            kept.append(line)
    return tuple(reversed(kept))


def _kept(name: str, on: str) -> str:
    return f"const uint_fast8_t {name} = (uint_fast8_t)(({inside(on)}) ? 1u : 0u);"
