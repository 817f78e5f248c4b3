"""Free MPS as `bdnnc compile` writes it, and as other programs that write both bounds of each column do."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from bdnnlang.solve.answers.base import AnswerFile, Kind, Line
from bdnnlang.solve.models.base import Bounds, Entry, IsWhole, Item, Side, Word, words_of

SECTIONS = ("NAME", "ROWS", "COLUMNS", "RHS", "BOUNDS", "ENDATA")
OBJECTIVE = "N"
WHOLE = {"'INTORG'": True, "'INTEND'": False}
ONE_SIDED, WITHOUT_NUMBER = ("LO", "UP", "MI", "PL"), ("FR", "MI", "PL", "BV")


def read(file: AnswerFile) -> Iterator[Item]:
    """All that it states, in order, the sides of rows at last. Raises AnswerError."""
    yield from _Reader().read(file)


class _Reader:
    """The section that it is in, and what belongs together of several lines."""

    def __init__(self) -> None:
        self.section = ""
        self.is_whole = False
        self.relations: dict[str, tuple[Word, str]] = {}  # of rows, with where they are named
        self.sides: dict[str, Fraction] = {}
        self.columns: set[str] = set()
        self.lower: dict[str, Fraction | None] = {}
        self.upper: dict[str, Fraction | None] = {}
        self.bounded: dict[str, Word] = {}

    def read(self, file: AnswerFile) -> Iterator[Item]:
        last = None
        for last in file.filled():
            if last.text.startswith("*"):
                continue
            if not last.text[0].isspace():
                self.begin(words_of(last)[0])
            else:
                yield from self.stated(last)
        if self.section != "ENDATA":
            raise (last or Line(1, "")).damaged("the file is cut off: it does not end with `ENDATA`")
        yield from self.ended()

    def begin(self, word: Word) -> None:
        before = SECTIONS.index(self.section) if self.section else -1
        if word.text not in SECTIONS or SECTIONS.index(word.text) <= before:
            raise word.wrong("is no section that is known here")
        self.section = word.text

    def stated(self, line: Line) -> Iterator[Item]:
        words = words_of(line)
        match self.section:
            case "ROWS" if len(words) == 2:
                self.row(*words)
            case "COLUMNS" if len(words) == 3 and words[1].text == "'MARKER'":
                self.mark(words[2])
            case "COLUMNS" if len(words) in (3, 5):
                yield from self.entries(words)
            case "RHS" if len(words) in (3, 5):
                for row, number in zip(words[1::2], words[2::2], strict=True):
                    self.side(row, number)
            case "BOUNDS" if len(words) in (3, 4):
                self.bound(*words)
            case _:
                raise line.damaged("{line} is none that could stand there")

    def row(self, relation: Word, name: Word) -> None:
        if relation.text not in ("N", "L", "G", "E"):
            raise relation.wrong("is no relation: N, L, G and E are")
        if name.text in self.relations:
            raise name.wrong("is there twice")
        self.relations[name.text] = name, relation.text

    def mark(self, word: Word) -> None:
        if word.text not in WHOLE:
            raise word.wrong("is no mark: 'INTORG' and 'INTEND' are")
        self.is_whole = WHOLE[word.text]

    def entries(self, words: list[Word]) -> Iterator[Item]:
        column = words[0]
        if self.is_whole and column.text not in self.columns:
            yield IsWhole(column)
        self.columns.add(column.text)
        for row, number in zip(words[1::2], words[2::2], strict=True):
            _, relation = self.known(row)
            yield Entry(None if relation == OBJECTIVE else row, column, number.value)

    def known(self, row: Word) -> tuple[Word, str]:
        if row.text not in self.relations:
            raise row.wrong("is no row of the file")
        return self.relations[row.text]

    def side(self, row: Word, number: Word) -> None:
        if self.known(row)[1] == OBJECTIVE:
            raise row.wrong("is the objective, which has no right side here")
        if row.text in self.sides:
            raise row.wrong("has two right sides")
        self.sides[row.text] = number.value

    def bound(self, kind: Word, _: Word, column: Word, number: Word | None = None) -> None:
        name, is_there = column.text, number is not None
        if kind.text not in (*ONE_SIDED, "FX", "FR", "BV") or is_there == (kind.text in WITHOUT_NUMBER):
            raise kind.wrong("is no bound that could stand there")
        value = None if number is None else number.value
        if kind.text in ("LO", "FX", "FR", "MI", "BV"):
            self.lower[name] = Fraction(0) if kind.text == "BV" else value
        if kind.text in ("UP", "FX", "FR", "PL", "BV"):
            self.upper[name] = Fraction(1) if kind.text == "BV" else value
        self.bounded.setdefault(name, column)

    def ended(self) -> Iterator[Item]:
        for name, column in self.bounded.items():
            if name not in self.lower or name not in self.upper:
                raise column.wrong("has one bound: programs read such in different ways", Kind.UNKNOWN)
            yield Bounds(column, self.lower[name], self.upper[name])
        for name, (row, relation) in self.relations.items():
            if relation != OBJECTIVE:
                yield Side(row, relation, self.sides.get(name, Fraction(0)))
