"""Where a piece of text stands: a source file and a span of offsets in it."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Source:
    """A named text, or a part of one that begins at `first_line`. `path` is what diagnostics print; it need not exist on disk."""

    path: str
    text: str = field(repr=False)
    first_line: int = 1

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line."""
        return (0, *(i + 1 for i, char in enumerate(self.text) if char == "\n"))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect.bisect_right(self.line_starts, offset)
        return line + self.first_line - 1, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Text of a line, by the number that `position` gives it, without its line ending."""
        place = number - self.first_line
        start = self.line_starts[place]
        stop = self.line_starts[place + 1] if place + 1 < len(self.line_starts) else len(self.text)
        return self.text[start:stop].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets [start, stop) in a source; line and column are worked out on demand."""

    source: Source = field(repr=False)
    start: int
    stop: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.stop]

    @property
    def first(self) -> tuple[int, int]:
        """Line and column of the first character, both from 1."""
        return self.source.position(self.start)

    @property
    def last(self) -> tuple[int, int]:
        """Line and column just behind the last character, both from 1."""
        return self.source.position(self.stop)

    def to(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(self.source, min(self.start, other.start), max(self.stop, other.stop))
