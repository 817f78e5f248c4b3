"""Walks over all inputs: of each one the table has a bit or two, or its weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.device.c.tables.loops import Layer, Terms, Values, little_endian, read
from bdnnlang.device.c.text.numbers import WIDTHS, IntType, width
from bdnnlang.device.c.text.pieces import indented
from bdnnlang.device.whole import Neuron


@dataclass(frozen=True, slots=True)
class Masks:
    """Weights 1, -1 and 0: for eight inputs each a byte that says which are added, and one which are subtracted.

    `full`: none is 0, and what is not added is subtracted.
    """

    inputs: int
    full: bool
    least_bits: int = 8

    def stored(self, neuron: Neuron) -> Sequence[int]:
        weights, stored = dict(neuron.weights), []
        for first in range(0, self.inputs, 8):
            for sign in (1,) if self.full else (1, -1):
                stored.append(sum((weights.get(first + k) == sign) << k for k in range(8)))
        return stored

    def adding(self, values: Values, total: IntType, name: str) -> Sequence[str]:
        following = f"{name.upper()}_NEXT(row)"
        add, subtract = (_changed(sign, values.at("i", total), total) for sign in "+-")
        if self.full:
            bytes_, tests = ["plus"], ["if ((plus & 1u) != 0u) {", f"    {add}", "} else {", f"    {subtract}", "}"]
        else:
            bytes_ = ["plus", "minus"]
            tests = ["if ((plus & 1u) != 0u) {", f"    {add}", "}", "if ((minus & 1u) != 0u) {", f"    {subtract}", "}"]
        return [
            *(f"uint_fast8_t {byte} = 0u;" for byte in bytes_),
            f"for ({IntType(width(self.inputs)).sum} i = 0u; i < {self.inputs}u; ++i) {{",
            "    if ((i & 7u) == 0u) {",
            *(f"        {byte} = {following};" for byte in bytes_),
            "    }",
            *indented(tests),
            *(f"    {byte} = (uint_fast8_t)({byte} >> 1);" for byte in bytes_),
            "}",
        ]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each input, in two's complement."""

    inputs: int
    weight: IntType

    @property
    def least_bits(self) -> int:
        return max(16, self.weight.bits)

    def stored(self, neuron: Neuron) -> Sequence[int]:
        weights = dict(neuron.weights)
        return [byte for place in range(self.inputs) for byte in little_endian(weights.get(place, 0), self.weight)]

    def adding(self, values: Values, total: IntType, name: str) -> Sequence[str]:
        sign = 1 << self.weight.bits - 1
        signed = "weight" if self.weight == total else f"((weight ^ {sign}u) - {sign}u)"
        return [
            f"for ({IntType(width(self.inputs)).sum} i = 0u; i < {self.inputs}u; ++i) {{",
            *indented(read("weight", total, name, self.weight.bytes)),
            f"    sum += {signed} * ({total.sum}){values.name}[i];",
            "}",
        ]


def _changed(sign: str, value: str, total: IntType) -> str:
    return f"sum {sign}= {value};" if total.bits > 8 else f"sum = (uint_fast8_t)(sum {sign} {value});"


def walk(layer: Layer, inputs: int) -> Terms:
    """Masks for weights of 1 and -1, else numbers."""
    weights = [w for neuron in layer for _, w in neuron.weights]
    if all(abs(w) == 1 for w in weights):
        return Masks(inputs, full=len(weights) == len(layer) * inputs)
    largest = max(w if w >= 0 else ~w for w in weights)
    return Weights(inputs, IntType(next(bits for bits in WIDTHS if largest < 1 << bits - 1)))
