"""Parts of a header that belong together: tables, the body of the function, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.device.c.text.numbers import IntType

_PER_LINE = 16


@dataclass(frozen=True, slots=True)
class Data:
    """A table in flash: what its name ends in, and its numbers."""

    suffix: str
    type: IntType
    numbers: tuple[int, ...]

    @property
    def bytes(self) -> int:
        return len(self.numbers) * self.type.bytes

    def declaration(self, name: str) -> list[str]:
        texts = [self.type.write(number) for number in self.numbers]
        rows = [", ".join(texts[at : at + _PER_LINE]) for at in range(0, len(texts), _PER_LINE)]
        head = f"static const {self.type.name} {name}_{self.suffix}[{len(texts)}] {name.upper()}_FLASH = {{"
        return [head, *(f"    {row}," for row in rows[:-1]), f"    {rows[-1]}", "};"]


@dataclass(frozen=True, slots=True)
class WordData:
    """Numbers of 32 bits, as words that are as long as the device likes (`NAME_WORD` makes them of four bytes).

    `paired`: a word of each second number follows that of the number before it, however long words are (`NAME_PAIR`).
    """

    suffix: str
    numbers: tuple[int, ...]
    paired: bool = False

    @property
    def bytes(self) -> int:
        return 4 * len(self.numbers)

    def declaration(self, name: str) -> list[str]:
        quarters = [", ".join(f"0x{byte:02x}u" for byte in number.to_bytes(4, "little")) for number in self.numbers]
        macro, together = (f"{name.upper()}_PAIR", 2) if self.paired else (f"{name.upper()}_WORD", 1)
        texts = [f"{macro}({', '.join(quarters[at : at + together])})" for at in range(0, len(quarters), together)]
        per_row = 4 // together
        rows = [", ".join(texts[at : at + per_row]) for at in range(0, len(texts), per_row)]
        size = f"{len(self.numbers)}u * {name.upper()}_WORDS(32u)"
        head = f"static const {name}_word_t {name}_{self.suffix}[{size}] {name.upper()}_FLASH = {{"
        return [head, *(f"    {row}," for row in rows[:-1]), f"    {rows[-1]}", "};"]


@dataclass(frozen=True, slots=True)
class Code:
    """Statements of a function's body; the tables and functions that they use; the bytes of stack of their arrays."""

    lines: tuple[str, ...] = ()
    tables: tuple[Data | WordData, ...] = ()
    functions: tuple[str, ...] = ()
    stack: int = 0

    def then(self, other: Code) -> Code:
        return Code(
            self.lines + other.lines, self.tables + other.tables, self.functions + other.functions, self.stack + other.stack
        )


def indented(lines: Sequence[str], by: int = 4) -> list[str]:
    return [" " * by + line if line else line for line in lines]
