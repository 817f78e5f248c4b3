"""Read a csv file into a Table."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, count, islice, repeat
from pathlib import Path

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.diagnosis.errors import BadHeader, RaggedRow, TooMuchData, WrongDelimiter
from bdnnlang.data.diagnosis.warnings import EndsWithDelimiter, HeaderDecided
from bdnnlang.data.table import Cells, RawColumn, Table, and_more, called, excess, listed, raw_column
from bdnnlang.data.text.cells import Kind, Style
from bdnnlang.data.text.files import Hash, inside, read_lines, unreadable
from bdnnlang.data.text.header import Header, names_columns, peek_rows
from bdnnlang.data.text.rows import Row, read_rows
from bdnnlang.data.text.shape import COMMENTS, Misfit, Shape, better_delimiter, find_shape
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Csv
from bdnnlang.source import Span

DELIMITERS = (",", ";", "\t", "|")
MAX_RAGGED = 10
MAX_SAMPLED = 2_000_000  # rows to draw from
CHUNK = 1000  # rows that become columns together
PEEK_LINES = 20  # that another delimiter must split alike


def open_csv(source: Csv, folder: Path) -> CsvReader:
    """The file a spec names. Raises Rejected."""
    reader = CsvReader(inside(folder, source.path, source.span), source.path, source, source.span)
    reader.check_delimiter()
    return reader


def read_csv(source: Csv, folder: Path, *, known: Sequence[str] = (), as_text: Collection[str] = ()) -> Table:
    """Read the file a spec names. A column whose title stands for a `known` name has that name; `as_text`: columns of texts."""
    reader = open_csv(source, folder)
    return reader.table(names=called(known, reader.names), as_text=as_text)


@dataclass(slots=True)
class _Wrong:
    """Rows that are wrong alike: the line of the first one, its first value, and how many there are."""

    line: int
    first: str
    count: int = 0


class CsvReader:
    """A csv file, read as `source` says. `file` is its name in messages, `span` the place of that name in the spec.

    Everything raises Rejected with what is wrong.
    """

    def __init__(self, path: Path, file: str, source: Csv, span: Span | None = None) -> None:
        self.path, self.file, self.source, self.span = path, file, source, span
        self.style = Style.of(source)

    @property
    def title(self) -> str:
        """As diagnostics and the report name it."""
        return f"csv {self.file}"

    @cached_property
    def _peek(self) -> list[Row]:
        """The first rows: as many as decide on the header."""
        rows = self._rows()
        start = next(rows)
        if limit := excess(1, len(start[1])):
            raise Rejected([TooMuchData(what=f"`{self.file}`", limit=limit, span=self.span)])
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
        shape = find_shape(self._peek)
        if isinstance(shape, Misfit):
            raise self._bad_header(shape.problem, shape.advice)
        return shape

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

    def table(self, rows: Ints | None = None, *, names: list[str] | None = None, as_text: Collection[str] = ()) -> Table:
        """The whole file, or these of its rows only (ascending, from 0); `as_text`: columns of texts.

        `names` are used instead of those in the first row.
        """
        names = self.names if names is None else names
        digest = hashlib.sha256()
        columns, lines, total = self._columns(digest, rows)
        if not lines:
            raise self._unreadable("it has a header, but no rows", "it needs a line per sample below the header")
        return Table(
            source=self.title,
            columns=_raw_columns(names, columns, self.style, as_text),
            lines=np.array(lines, dtype=np.int64),
            sha256=digest.hexdigest(),
            header=self.header,
            warnings=tuple(self._warnings()),
            total=total,
            positions=rows,
        )

    def column(self, place: int) -> Table:
        """One column of all rows, of which there may be more than a table has."""
        digest = hashlib.sha256()
        lines, cells = array("q"), Cells()
        for line, row in self._samples(digest, lambda rows: f"{MAX_SAMPLED:,} rows" if rows > MAX_SAMPLED else None):
            lines.append(line)
            cells.extend((row[place],))
        column = raw_column(self.names[place], cells, self.style)
        return Table(self.title, (column,), np.array(lines, dtype=np.int64), digest.hexdigest())

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
        problem = "only one column" if widths == {1} else "rows of different lengths"
        advice = f'write `delimiter = "{_shown(other)}"`' if other else "it needs a column for the target and one per feature"
        shown = _shown(delimiter)
        raise Rejected(
            [WrongDelimiter(file=self.file, found=problem, delimiter=shown, advice=advice, better=other, span=self.span)]
        )

    def _first_lines(self) -> list[str]:
        """Lines to try other delimiters on: no comments, no `sep=`, no empty ones."""
        comment = self.source.comment
        lines = islice(read_lines(self.path, self.file, hashlib.sha256(), self.span), PEEK_LINES)
        written = [line for line in lines if line.strip() and not (comment and line.lstrip().startswith(comment))]
        return written[1:] if written and written[0].lower().startswith("sep=") else written

    def _rows(self, digest: Hash | None = None) -> Iterator[Row]:
        return read_rows(self.path, self.file, self.source, digest or hashlib.sha256(), self.span)

    def _samples(self, digest: Hash, limit_of: Callable[[int], str | None]) -> Iterator[Row]:
        """All rows below the header, as wide as the table. Raises Rejected, at the end for those that do not fit.

        `limit_of` names the limit that so many rows go beyond, if they do.
        """
        first, width = self.first, len(self.first)
        named = self.header.names and any(self.style.kind(cell.strip()) is Kind.TEXT for cell in first)
        wrong: dict[int, _Wrong] = {}  # by number of values; as many as the header has: the header again
        for rows, (line, row) in enumerate(islice(self._rows(digest), int(self.header.names), None), start=1):
            if limit := limit_of(rows):
                raise Rejected([TooMuchData(what=f"`{self.file}`", limit=limit, span=self.span)])
            if len(row) != width:
                if not self.shape.fits(row):
                    wrong.setdefault(len(row), _Wrong(line, row[0])).count += 1
                    continue
                del row[width:]
            if named and row == first:
                wrong.setdefault(width, _Wrong(line, row[0])).count += 1
            yield line, row
        self._check_shape(wrong)

    def _columns(self, digest: Hash, rows: Ints | None) -> tuple[list[Cells], list[int], int]:
        """Cells by column and the line of each row, all of them or those of `rows`; and how many rows there are in all."""
        columns = [Cells() for _ in self.first]
        lines: list[int] = []
        places = count() if rows is None else chain(rows.tolist(), repeat(-1))
        place, number = next(places), -1
        chunk: list[list[str]] = []
        for number, (line, row) in enumerate(self._samples(digest, partial(self._limit, rows))):
            if number == place:
                place = next(places)
                lines.append(line)
                chunk.append(row)
                if len(chunk) == CHUNK:
                    _turn(chunk, columns)
        _turn(chunk, columns)
        return columns, lines, number + 1

    def _limit(self, rows: Ints | None, count: int) -> str | None:
        return excess(count if rows is None else len(rows), len(self.first))

    def _check_shape(self, wrong: dict[int, _Wrong]) -> None:
        """One diagnostic for each wrong number of values."""
        again = wrong.get(self.shape.width)
        if again:
            where = f"stands again in line {again.line}{and_more(again.count)}"
            raise self._bad_header(where, "remove it there: a table has one header")
        if wrong:
            raise Rejected([self._ragged(values, rows) for values, rows in islice(wrong.items(), MAX_RAGGED)])

    def _ragged(self, values: int, rows: _Wrong) -> RaggedRow:
        mark = next((mark for mark in COMMENTS if rows.first.lstrip().startswith(mark)), None)
        return RaggedRow(
            file=self.file,
            line=rows.line,
            found=f"{values} value{'s' if values > 1 else ''}",
            expected=self.shape.width,
            more=and_more(rows.count),
            advice=f'if it is a comment, write `comment = "{mark}"`' if mark else RaggedRow.advice,
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


def _turn(rows: list[list[str]], columns: list[Cells]) -> None:
    """Move rows to the ends of columns."""
    for column, cells in zip(columns, zip(*rows, strict=True), strict=bool(rows)):
        column.extend(cells)
    rows.clear()


def _raw_columns(names: list[str], columns: list[Cells], style: Style, as_text: Collection[str]) -> tuple[RawColumn, ...]:
    """Read the cells of every column, giving its texts back to memory on the way."""
    done = []
    for j, name in enumerate(names):
        done.append(raw_column(name, columns[j], style, as_text=name in as_text))
        columns[j] = Cells()
    return tuple(done)


def _shown(delimiter: str | None) -> str:
    return (delimiter or "").replace("\t", r"\t")
