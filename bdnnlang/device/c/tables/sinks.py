"""What becomes of neurons that a loop computes: they choose the class, or are kept for the next layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bdnnlang.device.c.straight.rest import look_up
from bdnnlang.device.c.straight.truth import Table
from bdnnlang.device.c.text.pieces import Code


class Sink(Protocol):
    """What is declared for the next layer; statements before the loop, after each neuron j (`on` is true where it is 1), and at
    the end.
    """

    @property
    def declared(self) -> Sequence[str]: ...

    @property
    def before(self) -> Sequence[str]: ...

    def after_one(self, on: str) -> Sequence[str]: ...

    def finish(self, code: Code) -> Code: ...


@dataclass(frozen=True, slots=True)
class Tabled:
    """A few neurons, the place of whose pattern in a table has the class: at k that of the bits of k, the first one lowest."""

    table: Table
    name: str
    fast: bool
    declared: Sequence[str] = ()

    @property
    def before(self) -> Sequence[str]:
        return ["uint_fast8_t k = 0u;"]

    def after_one(self, on: str) -> Sequence[str]:
        return ["k = (uint_fast8_t)(k << 1);", f"if ({on}) {{", "    k |= 1u;", "}"]

    def finish(self, code: Code) -> Code:
        return code.then(look_up(reversed_bits(self.table), self.name, fast=self.fast))


def reversed_bits(table: Table) -> Table:
    """The table by places whose highest bit is the first neuron."""
    n = len(table).bit_length() - 1
    return tuple(table[int(format(k, f"0{n}b")[::-1], 2) if n else 0] for k in range(len(table)))


@dataclass(frozen=True, slots=True)
class Output:
    """A single output is the class."""

    declared: Sequence[str] = ()
    before: Sequence[str] = ()

    def after_one(self, on: str) -> Sequence[str]:
        return [f"return (uint_fast8_t)(({on}) ? 1u : 0u);"]

    def finish(self, code: Code) -> Code:
        return code


@dataclass(frozen=True, slots=True)
class FirstOutput:
    """The number of the first output that is 1 is that of the class, 0 if none is."""

    declared: Sequence[str] = ()
    before: Sequence[str] = ()

    def after_one(self, on: str) -> Sequence[str]:
        return [f"if ({on}) {{", "    return (uint_fast8_t)j;", "}"]

    def finish(self, code: Code) -> Code:
        return code.then(Code(("return 0u;",)))


@dataclass(frozen=True, slots=True)
class Kept:
    """Neurons as an array of bytes."""

    array: str
    number: int
    before: Sequence[str] = ()

    @property
    def declared(self) -> Sequence[str]:
        return [f"uint8_t {self.array}[{self.number}];"]

    def after_one(self, on: str) -> Sequence[str]:
        return [f"{self.array}[j] = (uint8_t)(({on}) ? 1u : 0u);"]

    def finish(self, code: Code) -> Code:
        return code.then(Code(stack=self.number))


@dataclass(frozen=True, slots=True)
class OneWord:
    """Up to 16 neurons as the bits of a word, the first one lowest."""

    word: str

    @property
    def declared(self) -> Sequence[str]:
        return [f"uint16_t {self.word} = 0u;"]

    @property
    def before(self) -> Sequence[str]:
        return ["uint16_t bit = 1u;"]

    def after_one(self, on: str) -> Sequence[str]:
        return [f"if ({on}) {{", f"    {self.word} |= bit;", "}", "bit = (uint16_t)(bit << 1);"]

    def finish(self, code: Code) -> Code:
        return code


@dataclass(frozen=True, slots=True)
class Words:
    """Neurons as the bits of words, which are as long as the device likes (`NAME_word_t`)."""

    array: str
    number: int  # of neurons
    name: str

    @property
    def declared(self) -> Sequence[str]:
        return [f"{self.name}_word_t {self.array}[{self.name.upper()}_WORDS({self.number}u)] = {{ 0 }};"]

    @property
    def before(self) -> Sequence[str]:
        return [f"{self.name}_word_t bit = 1u;", "uint_fast8_t word = 0u;"]

    def after_one(self, on: str) -> Sequence[str]:
        return [
            f"if ({on}) {{",
            f"    {self.array}[word] |= bit;",
            "}",
            f"bit = ({self.name}_word_t)(bit << 1);",
            "if (bit == 0u) {",
            "    bit = 1u;",
            "    ++word;",
            "}",
        ]

    def finish(self, code: Code) -> Code:
        return code.then(Code(stack=-(-self.number // 32) * 4))
