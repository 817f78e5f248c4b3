"""A token that does not fit, with all that is known about its place."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from bdnnlang.diagnostics import Fix
from bdnnlang.language.syntax.tokens import NEWLINE, Layout, Token
from bdnnlang.source import Span

VALUES = frozenset({"NAME", "NUMBER", "QUANTITY", "STRING", "TRUE", "FALSE", "LSQB"})


@dataclass(frozen=True, slots=True)
class Place:
    """A token that does not fit, what would, and what was taken of its statement before."""

    token: Token
    layout: Layout
    accepts: Set[str]

    @property
    def before(self) -> list[Token]:
        """None where a statement begins, and none of the tokens that recovery made up."""
        taken = self.layout.statement
        is_new = not taken or (not self.layout.inner and taken[-1].type in (NEWLINE, "LBRACE", "COMMA"))
        return [] if is_new else [token for token in taken if token.text]

    @property
    def last(self) -> str:
        return self.before[-1].type if self.before else ""

    @property
    def next(self) -> str:
        return self.layout.peek().type

    def span(self, first: Token, last: Token) -> Span:
        return first.span.to(last.span)

    def insert(self, text: str, before: Token | None = None) -> Fix:
        """A text before a token, this one unless another is given."""
        start = (before or self.token).span.start
        return Fix(Span(self.token.span.source, start, start), text)

    def behind(self, token: Token, text: str) -> Fix:
        return Fix(Span(token.span.source, token.span.stop, token.span.stop), text)


@dataclass(frozen=True, slots=True)
class Slip:
    """What to do about a token that was not expected."""

    advice: str
    fix: Fix | None = None
    is_block: bool = False  # a block may have been meant, so that it is open which statements belong to it
