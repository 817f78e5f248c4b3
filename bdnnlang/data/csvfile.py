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
from bdnnlang.data.errors import BadHeader, RaggedRow, TooMuchData, WrongDelimiter
from bdnnlang.data.files import Hash, inside, read_lines, unreadable
from bdnnlang.data.header import Header, names_columns, peek_rows
from bdnnlang.data.rows import Row, read_rows
from bdnnlang.data.shape import COMMENTS, Misfit, Shape, better_delimiter, find_shape
from bdnnlang.data.table import RawColumn, Table, and_more, called, excess, listed, raw_column
from bdnnlang.data.warnings import EndsWithDelimiter, HeaderDecided
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.source import Span
from bdnnlang.spec.types import Csv

DELIMITERS = (",", ";", "\t", "|")
MAX_RAGGED = 10
PEEK_LINES = 20  # that another delimiter must split alike


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
        self.style = Style.of(source)

    @cached_property
    def _peek(self) -> list[Row]:
        """The first rows: as many as decide on the header."""
        rows = self._rows()
        start = next(rows)
        peek = [start, *islice(rows, peek_rows(len(start[1])))]
        if any(row[0].lstrip().lower().startswith("@relation") for _, row in peek):
            advice = "save it as csv; or remove all lines up to `@data`, and write `header = false`"
            raise self._unreadable("it is an ARFF file of Weka, whose head is none of a csv file", advice)
        return peek

    @property
    def start(self) -> list[str]:
        """The first row as it is in the file."""
        return self._peek[0][1]

    @cached_property
    def shape(self) -> Shape:
        """How many values a row has."""
        found = find_shape(self._peek)
        if isinstance(found, Misfit):
            raise self._bad_header(found.problem, found.advice)
        return found

    @cached_property
    def first(self) -> list[str]:
        """The first row, which may be the header."""
        return self._peek[0][1][: self.shape.width]

    @cached_property
    def header(self) -> Header:
        """Whether the first row names the columns: as the source says, else as the rows below it look."""
        if self.source.header is not None:
            return Header(names=self.source.header, settled=True)
        below = [row[: self.shape.width] for _, row in self._peek[1:] if self.shape.fits(row)]
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
            columns=_raw_columns(names, columns, self.style, as_text),
            lines=np.array(lines, dtype=np.int64),
            sha256=digest.hexdigest(),
            header=self.header,
            warnings=tuple(self._warnings()),
        )

    def rows(self) -> Iterator[Row]:
        """All rows as they are in the file, the first one too."""
        return self._rows()

    def check_delimiter(self) -> None:
        """A table of one column is of no use, nor one whose rows differ: another delimiter was meant, most likely."""
        widths = {len(row) for _, row in self._peek}
        if len(widths) == 1 and widths != {1}:
            return
        delimiter = self.source.delimiter
        other = better_delimiter(self._first_lines(), delimiter)
        if other is None and len(widths) > 1:
            return
        found = "only one column" if widths == {1} else "rows of different lengths"
        advice = f'write `delimiter = "{_shown(other)}"`' if other else "it needs a column for the target and one per feature"
        wrong = WrongDelimiter(file=self.file, found=found, delimiter=_shown(delimiter), advice=advice, span=self.span)
        raise Rejected([wrong])

    def _first_lines(self) -> list[str]:
        """Lines to try other delimiters on: no comments, no `sep=`, no empty ones."""
        comment = self.source.comment
        lines = islice(read_lines(self.path, self.file, hashlib.sha256(), self.span), PEEK_LINES)
        kept = [line for line in lines if line.strip() and not (comment and line.lstrip().startswith(comment))]
        return kept[1:] if kept and kept[0].lower().startswith("sep=") else kept

    def _rows(self, digest: Hash | None = None) -> Iterator[Row]:
        return read_rows(self.path, self.file, self.source, digest or hashlib.sha256(), self.span)

    def _columns(self, rows: Iterator[Row]) -> tuple[list[list[str]], list[int]]:
        """Cells by column, and the line of each row."""
        first, width = self.first, len(self.first)
        named = self.header.names and any(self.style.kind(cell.strip()) is Kind.TEXT for cell in first)
        columns: list[list[str]] = [[] for _ in range(width)]
        lines: list[int] = []
        ragged: dict[int, list[tuple[int, str]]] = defaultdict(list)  # lines with so many values, and their first ones
        repeated: list[int] = []  # lines that are the header again
        for count, (line, row) in enumerate(islice(rows, int(self.header.names), None), start=1):
            if limit := excess(count, width):
                raise Rejected([TooMuchData(what=f"`{self.file}`", limit=limit, span=self.span)])
            if len(row) != width:
                if not self.shape.fits(row):
                    ragged[len(row)].append((line, row[0]))
                    continue
                del row[width:]
            if named and row == first:
                repeated.append(line)
            lines.append(line)
            for column, cell in zip(columns, row, strict=True):
                column.append(cell)
        self._check_shape(ragged, repeated)
        return columns, lines

    def _check_shape(self, ragged: dict[int, list[tuple[int, str]]], repeated: list[int]) -> None:
        """One diagnostic for each wrong number of values."""
        if repeated:
            where = f"stands again in line {repeated[0]}{and_more(len(repeated))}"
            raise self._bad_header(where, "remove it there: a table has one header")
        if ragged:
            raise Rejected([self._ragged(values, lines) for values, lines in islice(ragged.items(), MAX_RAGGED)])

    def _ragged(self, values: int, lines: list[tuple[int, str]]) -> RaggedRow:
        (line, first), found = lines[0], f"{values} value{'s' if values > 1 else ''}"
        mark = next((mark for mark in COMMENTS if first.lstrip().startswith(mark)), None)
        advice = f'if it is a comment, write `comment = "{mark}"`' if mark else RaggedRow.advice
        return RaggedRow(
            file=self.file,
            line=line,
            found=found,
            expected=self.shape.width,
            more=and_more(len(lines)),
            advice=advice,
            span=self.span,
        )

    def _warnings(self) -> Iterator[Diagnostic]:
        if self.shape.spare:
            yield EndsWithDelimiter(file=self.file, delimiter=_shown(self.source.delimiter), span=self.span)
        if not self.header.names and not self.header.settled:
            yield HeaderDecided(file=self.file, columns=listed(self.names), span=self.span)

    def _bad_header(self, problem: str, advice: str) -> Rejected:
        return Rejected([BadHeader(file=self.file, problem=problem, advice=advice, span=self.span)])

    def _unreadable(self, problem: str, advice: str) -> Rejected:
        return unreadable(self.file, problem, advice, self.span)


def _raw_columns(names: list[str], columns: list[list[str]], style: Style, as_text: Collection[str]) -> tuple[RawColumn, ...]:
    """Read the cells of every column, giving its texts back to memory on the way."""
    done = []
    for j, name in enumerate(names):
        done.append(raw_column(name, columns[j], style, as_text=name in as_text))
        columns[j] = []
    return tuple(done)


def _shown(delimiter: str | None) -> str:
    return (delimiter or "").replace("\t", r"\t")
