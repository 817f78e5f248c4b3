"""Read a csv file into a Table."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from bdnnlang.data.errors import BadHeader, RaggedRow, TooMuchData, WrongDelimiter
from bdnnlang.data.files import check_regular, inside, read_lines, unreadable
from bdnnlang.data.table import RawColumn, Table, called, excess, raw_column, read_number
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.source import Span
from bdnnlang.spec.types import Csv

DELIMITERS = (",", ";", "\t", "|")
MAX_RAGGED = 10

Row = tuple[int, list[str]]  # line number in the file, from 1; values


def read_csv(source: Csv, folder: Path, *, known: Sequence[str] = (), as_text: Collection[str] = ()) -> Table:
    """Read the file a spec names. A column whose title stands for a `known` name has that name; `as_text`: columns of texts."""
    path = inside(folder, source.path, source.span)
    delimiter = "\t" if source.delimiter == r"\t" else source.delimiter
    reader = CsvReader(path, source.path, delimiter, source.span)
    reader.check_delimiter()
    return reader.table(header=source.header, known=known, as_text=as_text)


class CsvReader:
    """One pass over a csv file. `file` is its name in messages, `span` the place of that name in the spec."""

    def __init__(self, path: Path, file: str, delimiter: str, span: Span | None = None) -> None:
        self.path, self.file, self.delimiter, self.span = path, file, delimiter, span
        self.digest = hashlib.sha256()

    def first(self) -> list[str]:
        """The first row, which may be the header."""
        return next(self._rows())[1]

    def table(
        self, *, header: bool, names: list[str] | None = None, known: Sequence[str] = (), as_text: Collection[str] = ()
    ) -> Table:
        """The whole file; `as_text`: columns of texts. Raises Rejected with all that is wrong with its shape.

        `names` are used instead of those in the header; else a column whose title stands for a `known` name has that name.
        """
        self.digest = hashlib.sha256()
        rows = self._rows()
        line, first = next(rows)
        if names is None:
            names = self._header(first) if header else [f"x{j}" for j in range(1, len(first) + 1)]
            names = called(known, names)
        columns, lines = self._columns(rows if header else chain([(line, first)], rows), len(first))
        if not lines:
            raise self._unreadable("it has a header, but no rows", "it needs a line per sample below the header")
        return Table(
            source=f"csv {self.file}",
            columns=_raw_columns(names, columns, as_text),
            lines=np.array(lines, dtype=np.int64),
            sha256=self.digest.hexdigest(),
        )

    def _rows(self) -> Iterator[Row]:
        """All rows that are not empty, one at least."""
        if len(self.delimiter) != 1 or self.delimiter in '\r\n" ':
            raise self._unreadable(f"the delimiter `{self.delimiter}` cannot be", 'name one character, such as `";"`')
        check_regular(self.path, self.file, self.span)
        lines = read_lines(self.path, self.file, self.digest, self.span)
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        line, empty = 1, True  # line: of the row to come: a quoted value may span several lines
        try:
            for row in reader:
                if row and (len(row) > 1 or row[0].strip()):
                    empty = False
                    yield line, row
                line = reader.line_num + 1
            if empty:
                raise self._unreadable("it is empty", "it needs a line per sample")
        except csv.Error as error:
            problem = f"line {reader.line_num}: {error}".split(" - ")[0]
            raise self._unreadable(problem, "check the quotes and the line endings") from None

    def _columns(self, rows: Iterable[Row], width: int) -> tuple[list[list[str]], list[int]]:
        """Cells by column, and the line of each row."""
        columns: list[list[str]] = [[] for _ in range(width)]
        lines: list[int] = []
        ragged: list[Diagnostic] = []
        for line, row in rows:
            if len(row) != width:
                ragged.append(self._ragged(line, len(row), width))
                if len(ragged) == MAX_RAGGED:
                    break
                continue
            lines.append(line)
            for column, cell in zip(columns, row, strict=True):
                column.append(cell)
            if limit := excess(len(lines), width):
                raise Rejected([TooMuchData(what=f"`{self.file}`", limit=limit, span=self.span)])
        if ragged:
            raise Rejected(ragged)
        return columns, lines

    def _header(self, names: list[str]) -> list[str]:
        """Names of the columns; one that has none is called by its number."""
        names = [name.strip() or f"x{j}" for j, name in enumerate(names, start=1)]
        if _looks_like_data(names):
            raise self._bad_header("holds numbers, not the names of columns", "write `header = false`")
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise self._bad_header(f"names two columns `{twice[0]}`", "rename one of the two")
        return names

    def check_delimiter(self) -> None:
        """A table of one column is of no use: another delimiter was meant, most likely."""
        first = self.first()
        if len(first) > 1:
            return
        other = next((mark for mark in DELIMITERS if mark != self.delimiter and mark in first[0]), None)
        shown = {"\t": r"\t"}.get(other or "", other)
        advice = f'write `delimiter = "{shown}"`' if other else "it needs a column for the target and one per feature"
        delimiter = self.delimiter.replace("\t", r"\t")
        raise Rejected([WrongDelimiter(file=self.file, delimiter=delimiter, advice=advice, span=self.span)])

    def _ragged(self, line: int, found: int, expected: int) -> RaggedRow:
        values = f"{found} value{'s' if found > 1 else ''}"
        return RaggedRow(file=self.file, line=line, found=values, expected=expected, span=self.span)

    def _bad_header(self, problem: str, advice: str) -> Rejected:
        return Rejected([BadHeader(file=self.file, problem=problem, advice=advice, span=self.span)])

    def _unreadable(self, problem: str, advice: str) -> Rejected:
        return unreadable(self.file, problem, advice, self.span)


def _looks_like_data(names: list[str]) -> bool:
    """All numbers, and not the 0, 1, 2, … or 1, 2, 3, … that tools write as names."""
    count = len(names)
    counted = ([str(j) for j in range(count)], [str(j) for j in range(1, count + 1)])
    return names not in counted and all(read_number(name) is not None for name in names)


def _raw_columns(names: list[str], columns: list[list[str]], as_text: Collection[str]) -> tuple[RawColumn, ...]:
    """Read the cells of every column, giving its texts back to memory on the way."""
    done = []
    for j, name in enumerate(names):
        done.append(raw_column(name, columns[j], as_text=name in as_text))
        columns[j] = []
    return tuple(done)
