"""Read a csv file into a Table."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from bdnnlang.data.cells import Kind, Style
from bdnnlang.data.errors import BadHeader, HeaderDecided, RaggedRow, TooMuchData, WrongDelimiter
from bdnnlang.data.files import Hash, inside, unreadable
from bdnnlang.data.header import Header, names_columns, peek_rows
from bdnnlang.data.rows import Row, read_rows
from bdnnlang.data.table import RawColumn, Table, and_more, called, excess, listed, raw_column
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.source import Span
from bdnnlang.spec.types import Csv

DELIMITERS = (",", ";", "\t", "|")
MAX_RAGGED = 10


def read_csv(source: Csv, folder: Path, *, known: Sequence[str] = (), as_text: Collection[str] = ()) -> Table:
    """Read the file a spec names. A column whose title stands for a `known` name has that name; `as_text`: columns of texts."""
    reader = CsvReader(inside(folder, source.path, source.span), source.path, source, source.span)
    reader.check_delimiter()
    return reader.table(names=called(known, reader.names), as_text=as_text)


class CsvReader:
    """A csv file, read as `source` says. `file` is its name in messages, `span` the place of that name in the spec.

    Everything raises Rejected with what is wrong.
    """

    def __init__(self, path: Path, file: str, source: Csv, span: Span | None = None) -> None:
        self.path, self.file, self.source, self.span = path, file, source, span
        self.style = Style()

    @cached_property
    def first(self) -> list[str]:
        """The first row, which may be the header."""
        return next(self._rows())[1]

    @cached_property
    def header(self) -> Header:
        """Whether the first row names the columns: as the source says, else as the rows below it look."""
        if self.source.header is not None:
            return Header(names=self.source.header, settled=True)
        width = len(self.first)
        below = [row for _, row in islice(self._rows(), 1, 1 + peek_rows(width)) if len(row) == width]
        names = names_columns(self.first, below, self.style)
        if names is None:
            raise self._bad_header("may name the columns, or be a sample", "write `header = true` or `header = false`")
        return Header(names=names, settled=False)

    @cached_property
    def names(self) -> list[str]:
        """Names of the columns; one that has none is called by its number."""
        numbers = [f"x{j}" for j in range(1, len(self.first) + 1)]
        if not self.header.names:
            return numbers
        names = [name.strip() or number for name, number in zip(self.first, numbers, strict=True)]
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise self._bad_header(f"names two columns `{twice[0]}`", "rename one of the two")
        return names

    def table(self, *, names: list[str] | None = None, as_text: Collection[str] = ()) -> Table:
        """The whole file; `as_text`: columns of texts. `names` are used instead of those in the first row."""
        names = self.names if names is None else names
        digest = hashlib.sha256()
        columns, lines = self._columns(self._rows(digest))
        if not lines:
            raise self._unreadable("it has a header, but no rows", "it needs a line per sample below the header")
        return Table(
            source=f"csv {self.file}",
            columns=_raw_columns(names, columns, as_text),
            lines=np.array(lines, dtype=np.int64),
            sha256=digest.hexdigest(),
            header=self.header,
            warnings=tuple(self._warnings()),
        )

    def check_delimiter(self) -> None:
        """A table of one column is of no use: another delimiter was meant, most likely."""
        first = self.first
        if len(first) > 1:
            return
        delimiter = self.source.delimiter.replace("\t", r"\t")
        others = (mark for mark in DELIMITERS if mark.replace("\t", r"\t") != delimiter)
        other = next((mark for mark in others if mark in first[0]), "").replace("\t", r"\t")
        advice = f'write `delimiter = "{other}"`' if other else "it needs a column for the target and one per feature"
        raise Rejected([WrongDelimiter(file=self.file, delimiter=delimiter, advice=advice, span=self.span)])

    def _rows(self, digest: Hash | None = None) -> Iterator[Row]:
        return read_rows(self.path, self.file, self.source, digest or hashlib.sha256(), self.span)

    def _columns(self, rows: Iterator[Row]) -> tuple[list[list[str]], list[int]]:
        """Cells by column, and the line of each row."""
        first, width = self.first, len(self.first)
        named = self.header.names and any(self.style.kind(cell.strip()) is Kind.TEXT for cell in first)
        columns: list[list[str]] = [[] for _ in range(width)]
        lines: list[int] = []
        ragged: dict[int, list[int]] = defaultdict(list)  # lines with so many values
        repeated: list[int] = []  # lines that are the header again
        for count, (line, row) in enumerate(islice(rows, int(self.header.names), None), start=1):
            if limit := excess(count, width):
                raise Rejected([TooMuchData(what=f"`{self.file}`", limit=limit, span=self.span)])
            if len(row) != width:
                ragged[len(row)].append(line)
                continue
            if named and row == first:
                repeated.append(line)
            lines.append(line)
            for column, cell in zip(columns, row, strict=True):
                column.append(cell)
        self._check_shape(ragged, repeated)
        return columns, lines

    def _check_shape(self, ragged: dict[int, list[int]], repeated: list[int]) -> None:
        """One diagnostic for each wrong number of values."""
        if repeated:
            where = f"stands again in line {repeated[0]}{and_more(len(repeated))}"
            raise self._bad_header(where, "remove it there: a table has one header")
        found: list[Diagnostic] = []
        for values, lines in ragged.items():
            what, more = f"{values} value{'s' if values > 1 else ''}", and_more(len(lines))
            expected = len(self.first)
            found.append(RaggedRow(file=self.file, line=lines[0], found=what, expected=expected, more=more, span=self.span))
        if found:
            raise Rejected(found[:MAX_RAGGED])

    def _warnings(self) -> Iterator[Diagnostic]:
        if not self.header.names and not self.header.settled:
            yield HeaderDecided(file=self.file, columns=listed(self.names), span=self.span)

    def _bad_header(self, problem: str, advice: str) -> Rejected:
        return Rejected([BadHeader(file=self.file, problem=problem, advice=advice, span=self.span)])

    def _unreadable(self, problem: str, advice: str) -> Rejected:
        return unreadable(self.file, problem, advice, self.span)


def _raw_columns(names: list[str], columns: list[list[str]], as_text: Collection[str]) -> tuple[RawColumn, ...]:
    """Read the cells of every column, giving its texts back to memory on the way."""
    done = []
    for j, name in enumerate(names):
        done.append(raw_column(name, columns[j], as_text=name in as_text))
        columns[j] = []
    return tuple(done)
