"""A text as the formatter sees it: every token and every comment once, in its order. No spans: layout needs none.

`is_apart`: an empty line stands above.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Place(Enum):
    """Where a comment stands."""

    OWN_LINE = auto()
    TRAILING = auto()  # behind what it is about
    CONTINUED = auto()  # on a line of its own, right below a trailing comment and in its column: the same remark


@dataclass(frozen=True, slots=True)
class Comment:
    """From `#` to the end of the line.

    `column`: the same number for comments behind lines that follow each other which the author wrote in one column.
    """

    text: str
    place: Place
    is_apart: bool
    column: int


@dataclass(frozen=True, slots=True)
class Word:
    """A token. `is_tight`: no blank before it."""

    text: str
    is_tight: bool


@dataclass(frozen=True, slots=True)
class Item:
    """What stands between two commas. `begins_line`: the author broke the line before it."""

    pieces: tuple[Piece, ...]
    begins_line: bool
    is_apart: bool


@dataclass(frozen=True, slots=True)
class Group:
    """`[ … ]`, `( … )`, or the braces of a set. `takes_comma`: one may stand behind the last item."""

    opener: str
    elements: tuple[Item | Comment, ...]
    closer: str
    is_tight: bool
    takes_comma: bool


@dataclass(frozen=True, slots=True)
class Braces:
    """The block of a step. `is_on_one_line`: the author wrote it so."""

    body: Body
    is_on_one_line: bool


Piece = Word | Comment | Group | Braces


@dataclass(frozen=True, slots=True)
class Statement:
    pieces: tuple[Piece, ...]
    is_apart: bool


Body = tuple[Statement | Comment, ...]
