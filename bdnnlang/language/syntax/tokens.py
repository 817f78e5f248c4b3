"""Between text and tokens: what is refused before lexing, and which newlines count."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from bdnnlang.characters import REFUSED
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.syntax.errors import TooDeep, UnexpectedCharacter
from bdnnlang.source import Source, Span

NEWLINE, END = "_NL", "$END"
CLOSER = {"LBRACE": "RBRACE", "LSQB": "RSQB", "LPAR": "RPAR"}
CLOSERS = frozenset(CLOSER.values())
REQUIRE = ("require",)  # the path of the block whose lines are requirements
SIDES = frozenset({"AT_MOST", "AT_LEAST"})
OPERATORS = frozenset({"PLUS", "MINUS", "STAR", "SLASH", "EQUAL"})
MAX_DEPTH = 64
MAX_LINE = 50_000
MAX_SIZE = 100_000

_COMPARED = frozenset({"<", ">", "==", "=>", "≤", "≥"})  # what is written for `<=` and `>=`

_BRACKETS = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"?|#[^\n]*|[\[({]|[\])}]')


@dataclass(frozen=True, slots=True)
class Token:
    """`type` is a terminal of the grammar. An empty text is a token that recovery made up."""

    type: str
    text: str
    span: Span

    @property
    def line(self) -> int:
        return self.span.first[0]


def clean(source: Source, limit: int) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text with hidden characters blanked out, offsets kept, and an error for each line that had one."""
    start = 1 if source.text.startswith("\ufeff") else 0
    text = " " * start + source.text[start:]
    errors: dict[int, Diagnostic] = {}
    for match in REFUSED.finditer(text, start):
        span = Span(source, match.start(), match.end())
        errors.setdefault(span.first[0], UnexpectedCharacter.at(match.group(), span))
        if len(errors) == limit:
            break
    return REFUSED.sub(" ", text) if errors else text, tuple(errors.values())


def too_big(source: Source) -> Diagnostic | None:
    """Refuses text so long, so wide or so deep that reading on would only waste the user's time."""
    if len(source.text) > MAX_SIZE:
        return _refuse(source, MAX_SIZE, f"a file of more than {MAX_SIZE} characters")
    for start, stop in pairwise([*source.line_starts, len(source.text)]):
        if stop - start > MAX_LINE:
            return _refuse(source, start + MAX_LINE, f"a line of more than {MAX_LINE} characters")
    depth = 0
    for match in _BRACKETS.finditer(source.text):
        depth += (match.group() in "[({") - (match.group() in "])}")
        if depth > MAX_DEPTH:
            return _refuse(source, match.start(), f"more than {MAX_DEPTH} open brackets")
    return None


def _refuse(source: Source, offset: int, what: str) -> TooDeep:
    return TooDeep(span=Span(source, offset, offset + 1), what=what)


@dataclass(frozen=True, slots=True)
class Bracket:
    """An opened bracket. Newlines count inside the braces of a block and nowhere else."""

    token: Token
    is_block: bool
    key: str = ""  # of a block: the name before it


class Layout:
    """Hands out tokens one by one, without the newlines that do not count.

    The caller says with `track` which tokens it took, so that skipped ones leave the open brackets alone.
    """

    def __init__(self, tokens: Iterable[Token], end: Span, closed_early: Mapping[int, int]) -> None:
        self.history: list[Token] = []
        self.open: list[Bracket] = []
        self._taken: Token | None = None  # the last one tracked
        self.statement: list[Token] = []  # what was taken of it so far
        self.previous: list[Token] = []  # the statement before
        self._ahead: deque[Token] = deque()
        self._tokens = self._close_early(tokens, closed_early)
        self._end = end

    @property
    def blocks(self) -> list[Bracket]:
        return [bracket for bracket in self.open if bracket.is_block]

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the blocks around."""
        return tuple(block.key for block in self.blocks)

    @property
    def inner(self) -> Bracket | None:
        """The innermost open `[`, `(` or set brace."""
        return self.open[-1] if self.open and not self.open[-1].is_block else None

    def next(self) -> Token:
        """The next token that counts."""
        while True:
            token = self.next_raw()
            if token.type != NEWLINE or not self._is_inside():
                return token

    def next_raw(self) -> Token:
        """The next token, whatever it is."""
        token = self._in_context(self.peek())
        self._ahead.popleft()
        self.history.append(token)
        return token

    def peek(self, distance: int = 0) -> Token:
        while len(self._ahead) <= distance:
            self._ahead.append(next(self._tokens, Token(END, "", self._end)))
        return self._ahead[distance]

    def rest(self, most: int = 60) -> list[Token]:
        """The tokens up to the end of the line that were not handed out yet."""
        tokens: list[Token] = []
        while len(tokens) < most and (token := self.peek(len(tokens))).type not in (NEWLINE, END):
            tokens.append(token)
        return tokens

    def track(self, token: Token) -> None:
        """Notes that the parser took `token`."""
        if self._is_at_statement:
            self.statement, self.previous = [], self.statement
        self.statement.append(token)
        if token.type in CLOSER:
            is_block = token.type == "LBRACE" and (self._taken is None or self._taken.type != "IN")
            self.open.append(Bracket(token, is_block, self.statement[0].text))
        elif token.type in CLOSERS and self.open:
            self.open.pop()
        self._taken = token

    @property
    def _is_at_statement(self) -> bool:
        return not self.inner and (self._taken is None or self._taken.type in (NEWLINE, "LBRACE", "COMMA"))

    def _in_context(self, token: Token) -> Token:
        """In the block `require` a name that begins a requirement is a measure, and `per` stands between a limit and its unit."""
        if token.type != "NAME" or self.path != REQUIRE or self.inner:
            return token
        after = self.peek(1)
        if self._is_at_statement:
            begins = after.type in SIDES | {"LPAR"} or after.text in _COMPARED
            return replace(token, type="MEASURE") if begins else token
        return replace(token, type="PER") if token.text == "per" else token

    def _is_inside(self) -> bool:
        """Whether the statement goes on after this newline; if it cannot, the parser shall see it and complain."""
        if not self.inner:
            return False
        ahead = 0  # of newlines: with a comment between them there are several
        while self.peek(ahead).type == NEWLINE:
            ahead += 1
        before, after, then = self._taken, self.peek(ahead), self.peek(ahead + 1)
        goes_on = before is None or before.type in OPERATORS | CLOSER.keys() | {"COMMA"}
        if after.type == "NAME" and (then.type == "IN" or (then.type == "EQUAL" and self.inner.token.type != "LPAR")):
            return False
        return goes_on or after.type in OPERATORS | CLOSERS | {"COMMA"}

    @staticmethod
    def _close_early(tokens: Iterable[Token], closed_early: Mapping[int, int]) -> Iterator[Token]:
        """Puts the missing `}` where a block seems to end."""
        for token in tokens:
            for _ in range(closed_early.get(token.span.start, 0)):
                here = replace(token.span, stop=token.span.start)
                yield Token("RBRACE", "}", here)
                yield Token(NEWLINE, "\n", here)
            yield token


def unclosed_blocks(history: list[Token]) -> list[tuple[Token, Token]]:
    """By their indentation: the blocks that lack a `}`, each with the token before which it should stand."""
    kinds = [token.type for token in history]
    missing = kinds.count("LBRACE") - kinds.count("RBRACE")
    opened: list[tuple[Token, int]] = []
    found: list[tuple[Token, Token]] = []
    before, indent = NEWLINE, 0
    for token in history:
        if before == NEWLINE and token.type not in (NEWLINE, END):
            indent = token.span.first[1]
            while opened and len(found) < missing and _is_outside(token, indent, opened[-1][1]):
                found.append((opened.pop()[0], token))
        if token.type == "LBRACE":
            opened.append((token, indent))
        elif token.type == "RBRACE" and opened:
            opened.pop()
        before = token.type
    return found


def _is_outside(token: Token, indent: int, opener_indent: int) -> bool:
    """Whether a line that begins with `token` looks as if it stood behind a block, not in it."""
    if token.type == "RBRACE":
        return indent < opener_indent
    return token.type not in CLOSERS and indent <= opener_indent
