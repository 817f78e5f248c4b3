"""What comes into a layer, as C expressions with the ranges of their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bdnnlang.device.c.text.numbers import IntType, smallest
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Reading, Signal, WholeNetwork


@dataclass(frozen=True, slots=True)
class Input:
    """An expression that stands in any other one, and between which numbers it lies."""

    text: str
    lower: int
    upper: int
    type: IntType | None = None  # None: what C makes of a comparison or a choice, to be cast before it is added up

    @property
    def is_bit(self) -> bool:
        return (self.lower, self.upper) == (0, 1)


def input_type(readings: Sequence[Reading]) -> IntType:
    """The smallest type of all readings (OverflowError above 64 bits)."""
    return smallest(end for reading in readings for end in (reading.lower, reading.upper))


def value_range(signal: Signal, reading: Reading) -> tuple[int, int]:
    """Between which numbers the signal lies, for every reading of the declared range."""
    low, high = reading.first, reading.last
    match signal:
        case Count():
            return (low, high) if reading.missing is None else (min(low, 0), max(high, 0))
        case AtLeast(_, bound):
            return int(bound <= low and reading.missing is None), int(bound <= high)
        case Equals(_, value):
            return int(reading.lower == value == reading.upper), int(reading.lower <= value <= reading.upper)
        case Level(_, bounds):
            least = sum(bound <= low for bound in bounds) if reading.missing is None else 0
            return least, sum(bound <= high for bound in bounds)
        case _:
            assert_never(signal)


def signal_inputs(network: WholeNetwork) -> list[Input]:
    """The signals, of the readings `x[0]`, `x[1]`, …"""
    kind = input_type(network.readings)
    return [_input(signal, network.readings[signal.reading], kind) for signal in network.signals]


def _input(signal: Signal, reading: Reading, kind: IntType) -> Input:
    lower, upper = value_range(signal, reading)
    if lower == upper:
        return Input(str(lower), lower, upper)
    x = f"x[{signal.reading}]"
    match signal:
        case Count():
            if reading.missing is None:
                return Input(x, lower, upper, kind)
            zero = "0" if kind.signed else "0u"
            return Input(f"({x} == {kind.write(reading.missing)} ? {zero} : {x})", lower, upper)
        case AtLeast(_, bound):
            return Input(_unless_missing([bound], x, reading, kind), lower, upper)
        case Equals(_, value):
            return Input(f"({x} == {kind.write(value)})", lower, upper)
        case Level(_, bounds):
            return Input(_unless_missing(bounds, x, reading, kind), lower, upper)
        case _:
            assert_never(signal)


def _unless_missing(bounds: Sequence[int], x: str, reading: Reading, kind: IntType) -> str:
    """How many of the bounds are at most x, as an expression; 0 where x is missing."""
    low, high = reading.first, reading.last
    always = sum(bound <= low for bound in bounds)
    open_ = [bound for bound in bounds if low < bound <= high]
    tests = [f"({x} >= {kind.write(bound)})" for bound in open_] + ([f"{always}"] if always else [])
    count = tests[0] if len(tests) == 1 else f"({' + '.join(tests)})"
    if reading.missing is None or (not always and reading.missing < open_[0]):
        return count
    differs = f"{x} != {kind.write(reading.missing)}"
    return f"({differs} && {count})" if len(bounds) == 1 else f"({differs} ? {count} : 0)"
