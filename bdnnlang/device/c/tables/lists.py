"""Lists: of each neuron the places of its inputs, those with positive weights and those with negative ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.device.c.tables.loops import Layer, Values, little_endian, read
from bdnnlang.device.c.text.numbers import IntType, smallest
from bdnnlang.device.c.text.pieces import indented
from bdnnlang.device.whole import Neuron


@dataclass(frozen=True, slots=True)
class Places:
    """Two lists of a neuron, each headed by its length; behind each place its weight, unless all weights are 1 and -1."""

    place: IntType
    length: IntType
    weight: IntType | None

    @property
    def least_bits(self) -> int:
        return 8 if self.weight is None else max(16, self.weight.bits)  # products of bytes may be too long for an int

    def stored(self, neuron: Neuron) -> Sequence[int]:
        return [byte for sign in (1, -1) for byte in self._half([(p, sign * w) for p, w in neuron.weights if sign * w > 0])]

    def _half(self, terms: Sequence[tuple[int, int]]) -> Sequence[int]:
        stored = little_endian(len(terms), self.length)
        for place, weight in terms:
            stored += little_endian(place, self.place)
            stored += [] if self.weight is None else little_endian(weight, self.weight)
        return stored

    def adding(self, values: Values, total: IntType, name: str) -> Sequence[str]:
        return [line for sign in "+-" for line in self._adding(sign, values, total, name)]

    def _adding(self, sign: str, values: Values, total: IntType, name: str) -> list[str]:
        following = f"{name.upper()}_NEXT(row)"
        lines: list[str] = []
        place = following
        if self.place.bytes > 1 or self.weight is not None:
            lines, place = read("place", self.place, name), "place"
        value = values.at(place, total)
        if self.weight is not None:
            lines += read("weight", total, name, self.weight.bytes)
            value = f"weight * {value}"
        lines.append(f"sum {sign}= {value};" if total.bits > 8 else f"sum = (uint_fast8_t)(sum {sign} {value});")
        if self.length.bytes == 1:
            return [f"for (uint_fast8_t n = {following}; n != 0u; --n) {{", *indented(lines), "}"]
        head = read("n", self.length, name)
        return ["{", *indented([*head, "for (; n != 0u; --n) {", *indented(lines), "}"]), "}"]


def places(layer: Layer, inputs: int) -> Places:
    """Lists for a layer over so many inputs."""
    longest = max((sum(w * sign > 0 for _, w in neuron.weights) for neuron in layer for sign in (1, -1)), default=0)
    largest = max((abs(w) for neuron in layer for _, w in neuron.weights), default=1)
    return Places(smallest([inputs - 1]), smallest([longest]), None if largest == 1 else smallest([largest]))
