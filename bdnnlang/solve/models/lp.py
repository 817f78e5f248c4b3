"""CPLEX LP as `bdnnc compile` writes it: a sign and a number before each name, both bounds of each column."""

from __future__ import annotations

from collections.abc import Iterator

from bdnnlang.solve.answers.base import AnswerFile, Line
from bdnnlang.solve.models.base import Bounds, Entry, IsWhole, Item, Side, Word, words_of

SECTIONS = ("Minimize", "Subject To", "Bounds", "General", "End")
RELATIONS = {"<=": "L", ">=": "G", "=": "E"}
SIGNS = {"+": 1, "-": -1}


def read(file: AnswerFile) -> Iterator[Item]:
    """All that it states, in order. Raises AnswerError."""
    section, last, terms = "", None, _Terms()
    for last in file.filled():
        if last.text.startswith("\\"):
            continue
        if not last.text[0].isspace():
            terms.end(last)
            section = _next(last, section)
        elif section in ("Minimize", "Subject To"):
            yield from terms.read(words_of(last), is_objective=section == "Minimize")
        elif section == "Bounds":
            yield _bounds(last)
        elif section == "General":
            yield from map(IsWhole, words_of(last))
        else:
            raise last.damaged("{line} is none that could stand there")
    if section != "End":
        raise (last or Line(1, "")).damaged("the file is cut off: it does not end with `End`")


def _next(line: Line, before: str) -> str:
    name = line.text.strip()
    if name not in SECTIONS or (before and SECTIONS.index(name) <= SECTIONS.index(before)):
        raise line.damaged("{line} is no section that is known here")
    return name


class _Terms:
    """Rows as they go on from line to line: `name: + 1 x - 2 y <= 3`."""

    def __init__(self) -> None:
        self.row: Word | None = None
        self.is_objective = False
        self.pending: list[Word] = []  # of a term or of a right side

    def read(self, words: list[Word], *, is_objective: bool) -> Iterator[Item]:
        for word in words:
            if word.text.endswith(":"):
                self.end(word.line)
                self.row, self.is_objective = Word(word.line, word.number, word.text[:-1]), is_objective
                continue
            if self.row is None:
                raise word.wrong("stands in no row")
            self.pending.append(word)
            yield from self.whole(self.row)

    def whole(self, row: Word) -> Iterator[Item]:
        """What the pending words are, once there are enough of them."""
        first, *others = self.pending
        if first.text in RELATIONS and not self.is_objective:
            if others:
                yield Side(row, RELATIONS[first.text], others[0].value)
                self.pending, self.row = [], None
        elif first.text not in SIGNS:
            raise first.wrong("should be a sign" if self.is_objective else "should be a sign or a relation")
        elif len(others) == 2:
            yield Entry(None if self.is_objective else row, others[1], SIGNS[first.text] * others[0].value)
            self.pending = []

    def end(self, line: Line) -> None:
        """Before another row or section. Raises AnswerError where something is missing."""
        if self.pending or (self.row is not None and not self.is_objective):
            raise line.damaged("the row before {line} is cut off")
        self.row = None


def _bounds(line: Line) -> Bounds:
    words = words_of(line)
    match [word.text for word in words]:
        case [_, "free"]:
            return Bounds(words[0], None, None)
        case [_, "=", _]:
            return Bounds(words[0], words[2].value, words[2].value)
        case [low, "<=", _]:
            return Bounds(words[2], None if low == "-inf" else words[0].value, None)
        case [low, "<=", _, "<=", _]:
            return Bounds(words[2], None if low == "-inf" else words[0].value, words[4].value)
        case _:
            raise line.damaged("{line} is no bound: both are written, as in `0 <= x <= 1`")
