"""Parts of a header that belong together: tables, the body of the function, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.device.c.numbers import IntType

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
class Code:
    """Statements of a function's body, the tables and the functions that they use, and the bytes of stack for their arrays."""

    lines: tuple[str, ...] = ()
    tables: tuple[Data, ...] = ()
    functions: tuple[str, ...] = ()
    stack: int = 0

    def then(self, other: Code) -> Code:
        return Code(
            self.lines + other.lines, self.tables + other.tables, self.functions + other.functions, self.stack + other.stack
        )


def indented(lines: Sequence[str], by: int = 4) -> list[str]:
    return [" " * by + line if line else line for line in lines]
