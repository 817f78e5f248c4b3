"""A table as it was read: named columns of numbers or texts, nothing decided yet."""

from __future__ import annotations

import difflib
import json
import math
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Compact, Floats, Ints, compact
from bdnnlang.data.exact import decimal
from bdnnlang.data.text.cells import PLAIN, Style, grouped_by_point, is_exact
from bdnnlang.data.text.header import Header
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.network.numbers import exact

Texts = NDArray[Any]  # of str

MAX_CELLS = 60_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class RawColumn:
    """A column whose cells may be numbers, texts or missing."""

    name: str
    stored: Compact  # (rows,), the numbers
    texts: Texts | None = None  # (rows,), as written, "" where missing; None: the numbers say it all
    inexact: NDArray[np.bool_] | None = None  # (rows,), numbers that are not what is written; None: no cell is one
    codes: tuple[str, ...] = ()  # texts that count as missing
    pointed: tuple[str, str] | None = None  # a cell whose point may group digits, and a greater one without a point
    style: Style = PLAIN  # how its cells are written

    @property
    def numbers(self) -> Floats:
        """(rows,), NaN where the cell is not a number."""
        return self.stored.astype(np.float64, copy=False)

    @property
    def missing(self) -> NDArray[np.bool_]:
        return np.isnan(self.stored) if self.texts is None else self.texts == ""

    @property
    def is_text(self) -> NDArray[np.bool_]:
        """Cells that are there, but are not numbers."""
        return np.isnan(self.numbers) & ~self.missing

    @property
    def holds_numbers(self) -> bool:
        """More numbers than texts: then the texts are mistakes."""
        return self.texts is None or bool((~np.isnan(self.numbers)).sum() > self.is_text.sum())

    @property
    def as_texts(self) -> Texts:
        if self.texts is not None:
            return self.texts
        return np.array([short(number) for number in self.numbers.tolist()], dtype=object)

    def cell(self, row: int) -> str:
        """As written, or as short as the number can be written."""
        return short(float(self.stored[row])) if self.texts is None else str(self.texts[row])

    def take(self, rows: Ints) -> RawColumn:
        texts = None if self.texts is None else self.texts[rows]
        inexact = None if self.inexact is None else self.inexact[rows]
        return replace(self, stored=self.stored[rows], texts=texts, inexact=inexact)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of one length; the target is among them, by default as the last."""

    source: str  # as diagnostics and the report name it
    columns: tuple[RawColumn, ...]
    lines: Ints  # (rows,), line of each row in the file, from 1
    sha256: str
    header: Header | None = None  # of a text file
    warnings: tuple[Diagnostic, ...] = ()  # what was decided while it was read
    total: int | None = None  # rows of the source; None: these
    positions: Ints | None = None  # (rows,), which rows of the source these are, from 0; None: all of them

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def rows(self) -> int:
        return len(self.lines)

    def take(self, rows: Ints) -> Table:
        """Some of the rows, in the order of `rows`."""
        if np.array_equal(rows, np.arange(self.rows)):
            return self
        return replace(
            self,
            columns=tuple(c.take(rows) for c in self.columns),
            lines=self.lines[rows],
            total=self.source_rows,
            positions=self.places(rows),
        )

    @property
    def source_rows(self) -> int:
        return self.rows if self.total is None else self.total

    def places(self, rows: Ints) -> Ints:
        """Where some of the rows stand in the source, from 0."""
        return rows if self.positions is None else self.positions[rows]


def excess(rows: int, columns: int) -> str | None:
    """The limit that a table of this size goes beyond, if it does."""
    if rows > MAX_ROWS:
        return f"{MAX_ROWS:,} rows"
    if columns > MAX_COLUMNS:
        return f"{MAX_COLUMNS:,} columns"
    return f"{MAX_CELLS:,} values" if rows * columns > MAX_CELLS else None


class Cells:
    """The cells of a column as numbers of its distinct texts: four bytes a cell, however long the texts are."""

    def __init__(self, cells: Iterable[str] = ()) -> None:
        self._numbers: dict[str, int] = {}
        self._codes = array("i")
        self.extend(cells)

    def extend(self, cells: Iterable[str]) -> None:
        """Cells of further rows."""
        numbers = self._numbers
        self._codes.extend([numbers.setdefault(cell, len(numbers)) for cell in cells])

    @property
    def texts(self) -> list[str]:
        """The distinct ones."""
        return list(self._numbers)

    @property
    def codes(self) -> NDArray[np.int32]:
        """(rows,), which of the texts each cell is."""
        return np.array(self._codes, dtype=np.int32)


def raw_column(name: str, cells: Cells, style: Style, *, as_text: bool = False) -> RawColumn:
    """Read the cells of a column; each distinct text is looked at once. `as_text` keeps how numbers are written."""
    known, which = [text.strip() for text in cells.texts], cells.codes
    codes = {text for text in known if text and style.is_missing(text)}
    known = ["" if text in codes else text for text in known]
    plain = [style.plain(text) for text in known]
    values = [None if text is None else float(text) for text in plain]
    rounded = [text is not None and not is_exact(text, value or 0.0) for text, value in zip(plain, values, strict=True)]
    numbers = np.array(values, dtype=np.float64) + 0.0  # None becomes NaN, −0 becomes 0
    inexact = np.array(rounded)[which] if any(rounded) else None
    needs_texts = as_text or any(rounded) or not all(_is_finite(value) for value, text in zip(values, known, strict=True) if text)
    texts = np.array(known, dtype=object)[which] if needs_texts else None
    pointed = grouped_by_point(known) if (style.decimal, style.thousands) == (".", None) else None
    return RawColumn(name, compact(numbers)[which], texts, inexact, tuple(sorted(codes)), pointed, style)


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def short(number: float) -> str:
    """The shortest decimal that is read back as the same float64: `1`, not `1.0`."""
    text = repr(float(number))
    return text.removesuffix(".0")


def word(name: str) -> str:
    """A column title as a word of the language: `sepal length (cm)` is `sepal_length_cm`."""
    return re.sub(r"\W+", "_", name).strip("_")


def quoted(name: str) -> str:
    """A column name as the language writes it: bare if it is a word."""
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else f'"{name}"'


def rule_name(name: str) -> str:
    """A name as the rules of a network write it: bare if it is a word, of letters of any language."""
    return name if re.fullmatch(r"[^\W\d]\w*", name) else json.dumps(name, ensure_ascii=False)


def rule_value(value: str | float) -> str:
    """A category as the rules of a network write it."""
    return rule_name(value) if isinstance(value, str) else decimal(exact(value))


class Names:
    """Names of columns, found by exact name, by name as a word, or by number from 1."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._exact = {name: place for place, name in reversed(list(enumerate(names)))}
        self._words: dict[str, int | None] = {}  # None: of several
        for place, text in enumerate(map(word, names)):
            self._words[text] = None if text in self._words else place

    def find(self, key: str | int) -> int | None:
        """The position of a column."""
        if str(key) in self._exact:
            return self._exact[str(key)]
        if isinstance(key, int):
            return key - 1 if 1 <= key <= len(self.names) else None
        return self._words.get(word(key)) if word(key) else None


def called(known: Sequence[str], names: Sequence[str]) -> list[str]:
    """`names`, those that stand for a known one called as it is: each for one, and exact names first."""
    renamed, index = list(names), Names(names)
    taken = {place for place, name in enumerate(names) if name in known}
    for name in known:
        place = index.find(name)
        if place is not None and place not in taken:
            renamed[place] = name
            taken.add(place)
    return renamed


def closest(name: str, names: Sequence[str]) -> str | None:
    """The name that was probably meant."""
    by_case = {other.casefold(): other for other in names}
    matches = difflib.get_close_matches(name.casefold(), by_case, n=1)
    return by_case[matches[0]] if matches else None


def listed(names: Sequence[str], limit: int = 8) -> str:
    """`a`, `b`, `c` and 4 more."""
    shown = ", ".join(f"`{name}`" for name in names[:limit])
    return shown + (f" and {len(names) - limit} more" if len(names) > limit else "")


def and_more(count: int) -> str:
    """What follows the first of `count` lines: nothing, or `, and in 3 more lines`."""
    return f", and in {count - 1} more line{'s' if count > 2 else ''}" if count > 1 else ""
