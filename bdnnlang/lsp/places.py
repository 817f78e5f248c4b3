"""Offsets of a text as lines and characters, as an editor counts them."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

_LINE_END = re.compile(r"\r\n|\r|\n")  # of the protocol; Python's `splitlines` knows more


class Units(Enum):
    """What an editor counts characters in. `UTF16` is what all of them can."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"

    def length(self, text: str) -> int:
        """Of a text, in these units; half a surrogate pair counts as itself."""
        match self:
            case Units.UTF8:
                return len(text.encode("utf-8", "surrogatepass"))
            case Units.UTF16:
                return len(text) + sum(character > "\uffff" for character in text)
            case Units.UTF32:
                return len(text)


@dataclass(frozen=True)
class Lines:
    """The lines of a text. Lines and characters count from 0."""

    text: str
    units: Units = Units.UTF16

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return (0, *(found.end() for found in _LINE_END.finditer(self.text)))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and character of an offset."""
        line = bisect.bisect_right(self._starts, offset) - 1
        return line, self.units.length(self.text[self._starts[line] : offset])

    def offset(self, line: int, character: int) -> int:
        """The offset of a place; what lies behind the end of a line is its end, and behind the text the end of the text."""
        if line >= len(self._starts):
            return len(self.text)
        start, stop = self._starts[line], self._stop(line)
        for place in range(start, stop):
            character -= self.units.length(self.text[place])
            if character < 0:
                return place
        return stop

    def _stop(self, line: int) -> int:
        """The end of a line, without what ends it."""
        if line + 1 == len(self._starts):
            return len(self.text)
        return self._starts[line + 1] - (2 if self.text[: self._starts[line + 1]].endswith("\r\n") else 1)
