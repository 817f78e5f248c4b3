"""Does the first line of a text file name the columns? It is compared with the lines below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bdnnlang.data.text.cells import CODES, Kind, Style, read_number

PEEK_ROWS, PEEK_CELLS = 1000, 200_000  # so many lines below are looked at, fewer of a wide table
MOST_COLUMNS = 200  # at either end of a line; more add nothing
_MEASURED = (Kind.NUMBER, Kind.QUANTITY, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Header:
    """Whether the first line names the columns; `settled` by the spec, else decided from the file."""

    names: bool
    settled: bool

    def summary(self, columns: Sequence[str]) -> str:
        """As reports say it."""
        if self.names:
            return "first line taken as header"
        return f"no header: columns {columns[0]} … {columns[-1]}" if len(columns) > 1 else f"no header: column {columns[0]}"


class _Sign(Enum):
    """What a cell of the first line says about that line."""

    NAME = auto()  # a text above numbers or dates
    UNSEEN = auto()  # a text above texts that repeat themselves, but is not among them
    SEEN = auto()  # a text that occurs below
    MEASURED = auto()  # a number above numbers, a date above dates
    NOTHING = auto()


def peek_rows(width: int) -> int:
    """How many lines below the first one are worth a look."""
    return max(20, min(PEEK_ROWS, PEEK_CELLS // max(width, 1)))


def names_columns(first: Sequence[str], below: Sequence[Sequence[str]], style: Style) -> bool | None:
    """Whether `first` is a header of the rows `below`, each as wide; None: nothing decides it.

    Texts decide: above numbers they are names, and one that occurs again below is a sample's. Numbers above numbers are a
    sample, unless other cells are names or they count the columns. A header may stand again below itself.
    """
    columns = list(zip(*below, strict=True)) if below else [()] * len(first)
    looked_at = [*range(len(first))[:MOST_COLUMNS], *range(len(first))[MOST_COLUMNS:][-MOST_COLUMNS:]]
    signs = Counter(_sign(first[j].strip(), columns[j], style) for j in looked_at)
    if signs[_Sign.NAME] and first in below:
        return names_columns(first, [row for row in below if row != first], style)
    names, seen = signs[_Sign.NAME] + signs[_Sign.UNSEEN], signs[_Sign.SEEN]
    if not seen:
        if signs[_Sign.NAME] or not signs[_Sign.MEASURED]:
            return True
        return _counted(first, columns) if _counts(first) else (None if names else False)
    if names > 2 * seen:
        return True
    return False if seen + signs[_Sign.MEASURED] > 2 * names else None


def _sign(cell: str, column: Sequence[str], style: Style) -> _Sign:
    present = [text for text in map(str.strip, column) if not style.is_missing(text)]
    kind = style.kind(cell)
    if kind is Kind.MISSING or cell.casefold() in CODES or not present:
        return _Sign.NOTHING
    kinds = Counter(map(style.kind, present))
    if 2 * sum(kinds[measured] for measured in _MEASURED) > len(present):
        return _Sign.NAME if kind is Kind.TEXT else _Sign.MEASURED
    if cell in present:
        return _Sign.SEEN
    return _Sign.UNSEEN if kind is Kind.TEXT and 2 * len(set(present)) <= len(present) else _Sign.NOTHING


def _counts(first: Sequence[str]) -> bool:
    """Are its numbers those of the columns, from 0 or from 1, as tools write them for want of names?"""
    numbers = [(j, number) for j, cell in enumerate(first) if (number := read_number(cell)) is not None]
    return len(numbers) > 1 and any(all(number == j + start for j, number in numbers) for start in (0, 1))


def _counted(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool | None:
    """Numbers of columns are a header, unless each of them is also a value of its column."""
    pairs = [(read_number(cell), column) for cell, column in zip(first, columns, strict=True)]
    again = all(number in map(read_number, column) for number, column in pairs if number is not None)
    return None if again else True
