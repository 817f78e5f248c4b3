"""Rows of cells from the lines of a text file, each with the line it begins in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from bdnnlang.data.files import Hash, check_regular, read_lines, unreadable
from bdnnlang.source import Span
from bdnnlang.spec.types import Csv

Row = tuple[int, list[str]]  # line number in the file, from 1; values


class _Lines:
    """The lines of a file for a csv reader, which may take several for one row."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = enumerate(lines, start=1)
        self.number = 0  # of the line given last
        self.start: int | None = None  # of the first line since this was set to None

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            self.number = number
            if self.start is None:
                self.start = number
            yield line


def read_rows(path: Path, file: str, source: Csv, digest: Hash, span: Span | None) -> Iterator[Row]:
    """All rows that are not empty, one at least. Raises Rejected."""
    delimiter = "\t" if source.delimiter == r"\t" else source.delimiter
    if len(delimiter) != 1 or delimiter in '\r\n" ':
        raise unreadable(file, f"the delimiter `{delimiter}` cannot be", 'name one character, such as `";"`', span)
    check_regular(path, file, span)
    lines = _Lines(read_lines(path, file, digest, span))
    empty = True
    try:
        for row in csv.reader(lines, delimiter=delimiter, strict=True):
            if row and (len(row) > 1 or row[0].strip()):
                empty = False
                assert lines.start is not None
                yield lines.start, row
            lines.start = None
    except csv.Error as error:
        problem = f"line {lines.number}: {error}".split(" - ")[0]
        raise unreadable(file, problem, "check the quotes and the line endings", span) from None
    if empty:
        raise unreadable(file, "it is empty", "it needs a line per sample", span)
