"""Types of whole numbers in C, and numbers written in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WIDTHS = (8, 16, 32, 64)


@dataclass(frozen=True, slots=True)
class IntType:
    """A type of exactly so many bits."""

    bits: int
    signed: bool = False

    @property
    def name(self) -> str:
        return f"{'' if self.signed else 'u'}int{self.bits}_t"

    @property
    def bytes(self) -> int:
        return self.bits // 8

    @property
    def sum(self) -> str:
        """The type to add numbers of so many bits in: none that C makes a signed one of, but for 8 bits."""
        return "uint_fast8_t" if self.bits == 8 else "unsigned" if self.bits == 16 else self.name

    def write(self, value: int) -> str:
        """The value as a literal, which is as long as it has to be."""
        if not self.signed:
            return f"{value}u"
        return f"({value + 1} - 1)" if value == -(1 << self.bits - 1) else str(value)


def smallest(values: Iterable[int]) -> IntType:
    """The smallest type of all the values; of 64 bits at most (OverflowError beyond)."""
    low, high = min(values := [*values, 0]), max(values)
    for bits in WIDTHS:
        if low >= 0 and high < 1 << bits:
            return IntType(bits)
        if low < 0 and -(1 << bits - 1) <= low and high < 1 << bits - 1:
            return IntType(bits, signed=True)
    raise OverflowError(f"{low} to {high} is no range of 64 bits")


def width(largest: int) -> int:
    """Bits of the smallest unsigned type that holds the number (OverflowError above 64)."""
    return smallest([largest]).bits
