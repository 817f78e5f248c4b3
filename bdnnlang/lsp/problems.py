"""What is wrong, at the places where an editor shows it: in the text itself, with the other places beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.reading.errors import Missing, NoEdition, UnusedParam
from bdnnlang.language.symbols import Role
from bdnnlang.lsp.document import Document
from bdnnlang.source import Span


@dataclass(frozen=True, slots=True)
class Problem:
    """`span` lies in the document. `related`: other places, each with what is said of it."""

    span: Span
    diagnostic: Diagnostic
    related: tuple[tuple[Span, str], ...] = ()

    @property
    def is_error(self) -> bool:
        return self.diagnostic.severity == "error"

    @property
    def is_unneeded(self) -> bool:
        """Whether an editor may fade the place."""
        return isinstance(self.diagnostic, UnusedParam)

    @property
    def text(self) -> str:
        """What is wrong, and what to do."""
        return f"{self.diagnostic.message}\n{self.diagnostic.hint}"


def problems(document: Document, data: Iterable[Diagnostic] = ()) -> tuple[Problem, ...]:
    """All of a document. `data`: what the data that it names have wrong with them."""
    shown = (error for error in document.analysis.diagnostics if not (document.is_fragment and _is_of_users(error)))
    return tuple(_problem(error, document) for error in (*shown, *data))


def _is_of_users(error: Diagnostic) -> bool:
    """What a fragment lacks stands in the files that use it."""
    return isinstance(error, Missing | NoEdition | UnusedParam)


def _problem(error: Diagnostic, document: Document) -> Problem:
    span = error.span
    if span is not None and span.source.path == document.source.path:
        return Problem(span, error, tuple(_second(error)))
    here = _way_to(span, document)
    there = [(span, error.primary or error.message)] if span else []
    return Problem(here, error, (*there, *_second(error)))


def _second(error: Diagnostic) -> Iterator[tuple[Span, str]]:
    if error.second:
        yield error.second, error.secondary or "see here"


def _way_to(span: Span | None, document: Document) -> Span:
    """Where the document uses the file of a span: as far as it is known the very line, else the first that uses any."""
    files = [symbol for symbol in document.symbols if symbol.role is Role.FILE]
    direct = (file for file in files if span and file.definition and file.definition.source.path == span.source.path)
    found = next(direct, files[0] if files else None)
    return found.span if found else Span(document.source, 0, 0)
