"""Tree → lines: two blanks a level, one statement a line, at most 100 columns where a list or block can be broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from bdnnlang.language.format.tree import Body, Braces, Comment, Group, Item, Piece, Place, Statement, Word

WIDTH = 100
INDENT = 2
GAP = 2  # blanks before a trailing comment


def lay_out(body: Body) -> list[str]:
    """The lines of a text."""
    lines = _Lines()
    _write_body(lines, body, 0)
    return lines.finished()


@dataclass(slots=True)
class _Line:
    """Code, and a comment behind it that is in a column with others."""

    code: str
    comment: str = ""
    column: int | None = None


class _Lines:
    """The lines so far, the last of them still open."""

    def __init__(self) -> None:
        self._lines: list[_Line] = []
        self._is_first = True  # of the text, of a block or a list: no empty line stands there
        self.ends_in_comment = False

    @property
    def width(self) -> int:
        return len(self._lines[-1].code)

    def begin(self, indent: int, *, is_apart: bool = False) -> None:
        """A new line; `is_apart`: below an empty one."""
        if is_apart and not self._is_first:
            self._lines.append(_Line(""))
        self._lines.append(_Line(" " * indent))
        self._is_first = self.ends_in_comment = False

    def add(self, text: str) -> None:
        self._lines[-1].code += text

    def add_opener(self, text: str) -> None:
        self.add(text)
        self._is_first = True

    def add_comment(self, comment: Comment, indent: int) -> None:
        above = self._lines[-1] if self._lines else None
        if comment.place is Place.OWN_LINE or above is None or (self.ends_in_comment and above.column is None):
            self.begin(indent, is_apart=comment.is_apart)
            self.add(comment.text)
        elif self.ends_in_comment:
            self._lines.append(_Line("", comment.text, above.column))
        else:
            above.comment, above.column = comment.text, comment.column
        self.ends_in_comment = True

    def finished(self) -> list[str]:
        """Comments in a column stand two blanks behind the longest of their lines."""
        texts: list[str] = []
        for column, group in groupby(self._lines, lambda line: line.column):
            lines = list(group)
            place = max(len(line.code) for line in lines) + GAP
            texts += [line.code if column is None else f"{line.code:<{place}}{line.comment}" for line in lines]
        return texts


def _write_body(lines: _Lines, body: Body, indent: int) -> None:
    for line in body:
        if isinstance(line, Comment):
            lines.add_comment(line, indent)
        else:
            lines.begin(indent, is_apart=line.is_apart)
            _write_pieces(lines, line.pieces, indent)


def _write_pieces(lines: _Lines, pieces: Sequence[Piece], indent: int, reserved: int = 0) -> None:
    """A statement or item, which begins at `indent`. `reserved`: the columns of what follows it."""
    for number, piece in enumerate(pieces):
        if isinstance(piece, Comment):
            lines.add_comment(piece, indent + INDENT)
            continue
        if lines.ends_in_comment:
            lines.begin(indent + INDENT)
        elif isinstance(piece, Braces) or not piece.is_tight:
            lines.add(" ")
        match piece:
            case Word(text):
                lines.add(text)
            case Group():
                _write_group(lines, piece, indent, _width_to_bracket(pieces[number + 1 :], reserved))
            case Braces():
                _write_braces(lines, piece, indent)
            case _:
                assert_never(piece)


def _write_group(lines: _Lines, group: Group, indent: int, reserved: int) -> None:
    """On one line if it fits and has no comment; otherwise as many items on a line as fit.

    Around a comment the author's lines stay, so that it is clear what it is about.
    """
    flat = _flat(group)
    if flat is not None and lines.width + len(flat) + reserved <= WIDTH:
        lines.add(flat)
        return
    lines.add_opener(group.opener)
    last = max((number for number, element in enumerate(group.elements) if isinstance(element, Item)), default=0)
    for number, element in enumerate(group.elements):
        if isinstance(element, Comment):
            lines.add_comment(element, indent + INDENT)
            continue
        comma = "," if group.takes_comma or number < last else ""
        is_kept = flat is None and element.begins_line
        if number == 0 or lines.ends_in_comment or is_kept or not _fits(element, lines.width + 1 + len(comma)):
            lines.begin(indent + INDENT, is_apart=is_kept and element.is_apart)
        else:
            lines.add(" ")
        _write_pieces(lines, element.pieces, indent + INDENT, len(comma))
        lines.add(comma)
    lines.begin(indent)
    lines.add(group.closer)


def _write_braces(lines: _Lines, braces: Braces, indent: int) -> None:
    """On one line if the author wrote it so and it fits."""
    flat = _flat(braces)
    if flat is not None and lines.width + len(flat) <= WIDTH:
        lines.add(flat)
        return
    lines.add_opener("{")
    _write_body(lines, braces.body, indent + INDENT)
    lines.begin(indent)
    lines.add("}")


# ---- on one line


def _fits(item: Item, before: int) -> bool:
    flat = _flat_pieces(item.pieces)
    return flat is not None and before + len(flat) <= WIDTH


def _width_to_bracket(pieces: Iterable[Piece], reserved: int) -> int:
    """Columns up to and with the next bracket, where the line may break again."""
    width = 0
    for piece in pieces:
        match piece:
            case Word(text, is_tight):
                width += len(text) + (not is_tight)
            case Group(opener, is_tight=is_tight):
                return width + len(opener) + (not is_tight)
            case Braces():
                return width + len(" {")
            case Comment():
                return width
            case _:
                assert_never(piece)
    return width + reserved


def _flat(piece: Piece) -> str | None:
    """A piece on one line, if it can stand there."""
    match piece:
        case Word(text):
            return text
        case Comment():
            return None
        case Group(opener, elements, closer):
            inner = _flat_parts(elements)
            return None if inner is None else f"{opener}{inner}{closer}"
        case Braces(body, is_on_one_line):
            inner = _flat_parts(body) if is_on_one_line else None
            return None if inner is None else f"{{ {inner} }}" if inner else "{}"
        case _:
            assert_never(piece)


def _flat_parts(parts: Sequence[Item | Statement | Comment]) -> str | None:
    """Separated by commas; None with a comment among them."""
    found: list[str] = []
    for part in parts:
        flat = None if isinstance(part, Comment) else _flat_pieces(part.pieces)
        if flat is None:
            return None
        found.append(flat)
    return ", ".join(found)


def _flat_pieces(pieces: Iterable[Piece]) -> str | None:
    text = ""
    for piece in pieces:
        flat = _flat(piece)
        if flat is None:
            return None
        is_tight = isinstance(piece, Word | Group) and piece.is_tight
        text += flat if is_tight else f" {flat}"
    return text
