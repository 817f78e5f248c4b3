"""A text in an editor and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bdnnlang.language.analyse import Analysis, analyse, no_files
from bdnnlang.language.merge import FileReader
from bdnnlang.language.symbols import Role, Symbol
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Source


@dataclass(frozen=True, eq=False)
class Document:
    """`analysis` is of this very text."""

    source: Source
    read: FileReader
    analysis: Analysis

    @classmethod
    def of(cls, source: Source, read: FileReader = no_files) -> Document:
        return cls(source, read, analyse(source, read=read))

    def with_text(self, text: str) -> Document:
        """The same file with another text."""
        return Document.of(Source(self.source.path, text), self.read)

    @property
    def symbols(self) -> Iterator[Symbol]:
        """Those that stand in the text itself."""
        return (symbol for symbol in self.analysis.symbols if symbol.span.source.path == self.source.path)

    def symbol_at(self, offset: int) -> Symbol | None:
        """The name at an offset, or right before it."""
        touched = [symbol for symbol in self.symbols if symbol.span.start <= offset <= symbol.span.stop]
        return max(touched, key=lambda symbol: symbol.span.start, default=None)

    @property
    def params(self) -> tuple[str, ...]:
        """The names of all params, each once."""
        return tuple(dict.fromkeys(symbol.name for symbol in self.analysis.symbols if symbol.role is Role.PARAM))

    @property
    def is_fragment(self) -> bool:
        """Whether the file is only used by others."""
        heads = (step for step in self.analysis.own if isinstance(step, nodes.Step) and step.key.text == "bdnn")
        return any(isinstance(word, nodes.Name) and word.text == "fragment" for head in heads for word in head.args)

    def block(self, name: str) -> nodes.Step | None:
        """The first block of this name in the text itself."""
        steps = (step for step in self.analysis.own if isinstance(step, nodes.Step))
        return next((step for step in steps if step.key.text == name), None)
