"""What readers of model files share: the items that a file states, each with its place, and numbers as they are written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from bdnnlang.solve.answers.base import NUMBER, AnswerError, Kind, Line
from bdnnlang.strict_json import printable


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line; `number` counts from 0."""

    line: Line
    number: int
    text: str

    def wrong(self, problem: str, kind: Kind = Kind.DAMAGED) -> AnswerError:
        """The error at this word, which `problem` comes behind."""
        return AnswerError(kind, f"`{printable(self.text, 100)}` {problem}", self.line.place(self.number))

    @property
    def value(self) -> Fraction:
        """The number that stands there, with all its digits. Raises AnswerError."""
        if not NUMBER.fullmatch(self.text):
            raise self.wrong("is not a number")
        return Fraction(self.text)


@dataclass(frozen=True, slots=True)
class Entry:
    """A coefficient of a row, or of the objective (`row` None)."""

    row: Word | None
    column: Word
    value: Fraction


@dataclass(frozen=True, slots=True)
class Side:
    """A row ≤, ≥ or = a number: `relation` is L, G or E."""

    row: Word
    relation: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of a column; None: none on that side."""

    column: Word
    lower: Fraction | None
    upper: Fraction | None


@dataclass(frozen=True, slots=True)
class IsWhole:
    """A column has whole numbers only."""

    column: Word


Item = Entry | Side | Bounds | IsWhole


def words_of(line: Line) -> list[Word]:
    return [Word(line, number, text) for number, text in enumerate(line.words())]
