"""Neurons computed one after another by the same code, from a table of bytes in flash.

Of each neuron the table has the number that its sum begins with, then its terms. The sum is Σ weight · input − threshold
modulo 2^bits; its highest bit says whether that is negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bdnnlang.device.c.straight.sides import Range, sum_range
from bdnnlang.device.c.tables.sinks import Sink
from bdnnlang.device.c.text.numbers import WIDTHS, IntType, width
from bdnnlang.device.c.text.pieces import Code, Data, indented
from bdnnlang.device.whole import Neuron

Layer = Sequence[Neuron]
CURSOR = "row"


@dataclass(frozen=True, slots=True)
class Values:
    """An array that a layer reads: its name in C, the type of its numbers, and their ranges."""

    name: str
    type: IntType
    ranges: tuple[Range, ...]

    def at(self, place: str, total: IntType) -> str:
        """A value, to be added to a sum of that type."""
        plain = not self.type.signed and self.type.bits <= total.bits
        return f"{self.name}[{place}]" if plain else f"({total.sum}){self.name}[{place}]"


class Terms(Protocol):
    """How the weights of a neuron are stored, and added up."""

    @property
    def least_bits(self) -> int: ...  # of the sum

    def stored(self, neuron: Neuron) -> Sequence[int]: ...  # bytes

    def adding(self, values: Values, total: IntType, name: str) -> Sequence[str]: ...  # statements that add to `sum`


def loop(layer: Layer, values: Values, terms: Terms, sink: Sink, name: str, suffix: str) -> Code:
    """All neurons of a layer, one after another. `suffix` tells the table from those of other layers."""
    total = total_type(layer, values.ranges, terms.least_bits)
    stored = [byte for neuron in layer for byte in (*little_endian(-neuron.threshold, total), *terms.stored(neuron))]
    on = f"(sum & {1 << total.bits - 1}u) == 0u"
    one = [*read("sum", total, name), *terms.adding(values, total, name), *sink.after_one(on)]
    lines = [f"const uint8_t *{CURSOR} = {name}_{suffix};", *sink.before, *repeated(len(layer), one)]
    return sink.finish(Code(tuple(lines), (Data(suffix, IntType(8), tuple(stored)),)))


def repeated(times: int, lines: Sequence[str]) -> list[str]:
    """The statements for j = 0, 1, …"""
    if times == 1:
        return list(lines)
    counter = IntType(width(times)).sum
    return [f"for ({counter} j = 0u; j < {times}u; ++j) {{", *indented(lines), "}"]


def read(variable: str, kind: IntType, name: str, size: int | None = None) -> list[str]:
    """Declares a variable and reads its `size` bytes, the lowest first: a device may not read longer numbers at any address."""
    following = f"{name.upper()}_NEXT({CURSOR})"
    more = [f"{variable} |= ({kind.sum}){following} << {8 * k};" for k in range(1, size or kind.bytes)]
    return [f"{kind.sum} {variable} = {following};", *more]


def little_endian(number: int, kind: IntType) -> list[int]:
    """The bytes of a number modulo the size of its type."""
    return list((number % (1 << kind.bits)).to_bytes(kind.bytes, "little"))


def total_type(layer: Layer, ranges: Sequence[Range], least: int = 8) -> IntType:
    """The smallest type whose highest bit is that of the sign, for every neuron (OverflowError above 64 bits)."""
    ends = [end - neuron.threshold for neuron in layer for end in sum_range(neuron.weights, ranges)]
    largest = max((end if end >= 0 else ~end for end in ends), default=0)
    for bits in WIDTHS:
        if bits >= least and largest < 1 << bits - 1:
            return IntType(bits)
    raise OverflowError(f"a sum of {largest} is longer than 64 bits")
