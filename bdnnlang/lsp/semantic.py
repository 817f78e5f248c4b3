"""What each piece of a text is, for editors that colour by meaning: names by what they are here, and literals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from bdnnlang.language.symbols import Role
from bdnnlang.language.syntax.parser import lex, terminals
from bdnnlang.language.syntax.tokens import SIDES
from bdnnlang.lsp.document import Document
from bdnnlang.source import Source, Span


class Color(IntEnum):
    """The kinds of the protocol that we use, by their place in the legend."""

    NAMESPACE = 0  # a block
    FUNCTION = 1  # a step or call
    PROPERTY = 2  # a setting
    PARAMETER = 3  # an option of a call
    ENUM_MEMBER = 4  # a word
    VARIABLE = 5  # a param
    KEYWORD = 6
    NUMBER = 7
    STRING = 8
    COMMENT = 9
    OPERATOR = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """On one line."""

    span: Span
    color: Color
    is_definition: bool = False


_LITERALS = {
    **dict.fromkeys(("PARAM", "IN", "TRUE", "FALSE"), Color.KEYWORD),
    **dict.fromkeys(("NUMBER", "QUANTITY", "BAD_NUMBER"), Color.NUMBER),
    **dict.fromkeys(("STRING", "BAD_STRING"), Color.STRING),
    **dict.fromkeys(("PLUS", "MINUS", "STAR", "SLASH", "EQUAL", *SIDES), Color.OPERATOR),
    "QUOTED": Color.PROPERTY,
}


def pieces(document: Document) -> tuple[Piece, ...]:
    """In the order of the text, none over another."""
    source = document.source
    found = {piece.span.start: piece for piece in (*_comments(source), *_literals(source), *_names(document))}
    ordered: list[Piece] = []
    for piece in (found[start] for start in sorted(found)):
        if not ordered or ordered[-1].span.stop <= piece.span.start:
            ordered.append(piece)
    return tuple(ordered)


def _comments(source: Source) -> Iterator[Piece]:
    """Comments are no tokens; a `#` in a string begins none."""
    for found in re.finditer(rf"{terminals()['STRING']}|(?P<comment>{terminals()['COMMENT']})", source.text):
        if found["comment"]:
            yield Piece(Span(source, found.start(), found.start() + len(found["comment"].rstrip("\r"))), Color.COMMENT)


def _literals(source: Source) -> Iterator[Piece]:
    for token in lex(source):
        if token.type in _LITERALS:
            yield Piece(token.span, _LITERALS[token.type])


def _names(document: Document) -> Iterator[Piece]:
    for symbol in document.symbols:
        if symbol.role is not Role.FILE and symbol.span.start < symbol.span.stop:
            yield Piece(symbol.span, _color(symbol.role), symbol.definition == symbol.span)


def _color(role: Role) -> Color:
    match role:
        case Role.BLOCK:
            return Color.NAMESPACE
        case Role.STEP | Role.CALL | Role.REQUIREMENT:
            return Color.FUNCTION
        case Role.SETTING:
            return Color.PROPERTY
        case Role.OPTION:
            return Color.PARAMETER
        case Role.WORD:
            return Color.ENUM_MEMBER
        case Role.PARAM:
            return Color.VARIABLE
        case Role.FILE:
            return Color.STRING
        case _:
            assert_never(role)
