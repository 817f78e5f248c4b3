"""Tokens and comments → tree. The text is one that has parsed, so brackets match and no token is missing."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bdnnlang.language.format.tree import Body, Braces, Comment, Group, Item, Piece, Place, Statement, Word
from bdnnlang.language.syntax.parser import lex
from bdnnlang.language.syntax.tokens import CLOSER, CLOSERS, END, NEWLINE, OPERATORS, SIDES, Token
from bdnnlang.source import Source, Span

COMMENT = "COMMENT"
_COMMENT = re.compile(r"#[^\n]*")
_ENDS_STATEMENT = frozenset({NEWLINE, "COMMA", "RBRACE", COMMENT, END})
_NO_STEP = SIDES | {"EQUAL", "IN", "LPAR"}  # behind the first name of a fact or requirement
_BEFORE_SIGN = OPERATORS | SIDES | CLOSER.keys() | {"IN"}  # what makes a minus a sign


def read_tree(source: Source) -> Body:
    """The tree of a text without syntax errors."""
    return _Reader(source).body()


def comments_of(source: Source) -> tuple[str, ...]:
    """The comments of a text, in their order."""
    return tuple(_shown(event) for event in _events(source) if event.type == COMMENT)


def _events(source: Source) -> Iterator[Token]:
    """The tokens, and between them the comments, which the lexer leaves out."""
    stop = 0
    for token in lex(source):
        yield from _comments(source, stop, token.span.start)
        yield token
        stop = token.span.stop
    yield from _comments(source, stop, len(source.text))


def _comments(source: Source, start: int, stop: int) -> Iterator[Token]:
    """The comments in a gap between two tokens, which has nothing else but blanks."""
    for match in _COMMENT.finditer(source.text, start, stop):
        yield Token(COMMENT, match.group(), Span(source, match.start(), match.end()))


def _shown(comment: Token) -> str:
    return comment.text.rstrip()


@dataclass(frozen=True, slots=True)
class _Sequence:
    """What stands around a piece, as far as blanks depend on it."""

    is_step: bool = False  # a minus there is a sign: arguments are no sums
    is_call: bool = False  # `name=value`


class _Reader:
    """Reads the tree from the events, front to back."""

    def __init__(self, source: Source) -> None:
        self._events = deque(_events(source))
        self._end = Token(END, "", Span(source, len(source.text), len(source.text)))
        self._line = 0  # of the last event taken that is no newline
        self._above: tuple[int, int] | None = None  # line and column of the last comment, if it is about a line of code
        self._columns = 0  # how many columns of comments there are so far

    def body(self) -> Body:
        """Statements and comments up to a closing brace or the end."""
        lines: list[Statement | Comment] = []
        while (kind := self._peek().type) not in ("RBRACE", END):
            if kind in (NEWLINE, "COMMA"):
                self._take()
            else:
                lines.append(self._read_comment() if kind == COMMENT else self._statement())
        return tuple(lines)

    def _statement(self) -> Statement:
        is_apart = self._is_apart()
        around = _Sequence(is_step=self._peek().type == "NAME" and self._peek(1).type not in _NO_STEP)
        pieces: list[Piece] = []
        taken: list[Token] = []
        while self._peek().type not in _ENDS_STATEMENT:
            pieces.append(self._piece(taken, around))
        return Statement(tuple(pieces), is_apart)

    def _piece(self, taken: list[Token], around: _Sequence) -> Piece:
        """A token, or all between brackets. `taken`: the tokens of this statement or item so far."""
        token = self._take()
        is_tight = _is_tight(taken, token, around)
        is_domain = bool(taken) and (taken[-1].type == "IN" or (len(taken) > 1 and taken[-2].type == "IN"))
        is_call = token.type == "LPAR" and bool(taken) and taken[-1].type == "NAME"
        taken.append(token)
        if token.type == "LBRACE" and not is_domain:
            return self._braces(token)
        if token.type not in CLOSER:
            return Word(token.text, is_tight)
        takes_comma = {"LPAR": is_call, "LSQB": not is_domain}.get(token.type, True)
        elements, closer = self._elements(_Sequence(is_call=is_call))
        taken.append(closer)
        return Group(token.text, elements, closer.text, is_tight, takes_comma)

    def _braces(self, opener: Token) -> Braces:
        body = self.body()
        closer = self._take()
        return Braces(body, not body or closer.line == opener.line)

    def _elements(self, around: _Sequence) -> tuple[tuple[Item | Comment, ...], Token]:
        """Items and comments up to the closing bracket, and that."""
        elements: list[Item | Comment] = []
        while (kind := self._peek().type) not in CLOSERS:
            if kind in (NEWLINE, "COMMA"):
                self._take()
            elif kind == COMMENT:
                elements.append(self._read_comment())
            else:
                elements += self._item(around)
        return tuple(elements), self._take()

    def _item(self, around: _Sequence) -> Sequence[Item | Comment]:
        """An item, and the comments between it and its comma."""
        begins_line, is_apart = self._peek().line > self._line, self._is_apart()
        pieces: list[Piece] = []
        waiting: list[Comment] = []  # in the item only if something of it follows
        taken: list[Token] = []
        while (kind := self._peek().type) not in CLOSERS | {"COMMA"}:
            if kind == NEWLINE:
                self._take()
            elif kind == COMMENT:
                waiting.append(self._read_comment())
            else:
                pieces += [*waiting, self._piece(taken, around)]
                waiting.clear()
        return [Item(tuple(pieces), begins_line, is_apart), *waiting]

    def _read_comment(self) -> Comment:
        above, is_apart = self._line, self._is_apart()
        token = self._take()
        line, column = token.span.first
        is_below = self._above == (line - 1, column)
        place = Place.TRAILING if line == above else Place.CONTINUED if is_below else Place.OWN_LINE
        self._above = None if place is Place.OWN_LINE else (line, column)
        self._columns += not is_below
        return Comment(_shown(token), place, is_apart, self._columns)

    # ---- events

    def _peek(self, distance: int = 0) -> Token:
        return self._events[distance] if distance < len(self._events) else self._end

    def _take(self) -> Token:
        token = self._events.popleft()
        if token.type != NEWLINE:
            self._line = token.line
        return token

    def _is_apart(self) -> bool:
        """Whether an empty line stands above the next event."""
        return self._peek().line > self._line + 1


def _is_tight(taken: Sequence[Token], token: Token, around: _Sequence) -> bool:
    """Whether no blank stands before a token."""
    if not taken:
        return True
    before = taken[-1]
    if around.is_call and "EQUAL" in (before.type, token.type):
        return True
    if before.type == "NAME" and token.type == "LPAR":
        return True
    if before.type == "NAME" and token.type == "LSQB":
        return len(taken) > 1 and taken[-2].type == "IN"  # int[-3, 3]
    return before.type == "MINUS" and (around.is_step or len(taken) == 1 or taken[-2].type in _BEFORE_SIGN)
