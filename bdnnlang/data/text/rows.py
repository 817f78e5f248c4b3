"""Rows of cells from the lines of a text file, each with the line it begins in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from bdnnlang.data.text.files import Hash, check_regular, read_lines, unreadable
from bdnnlang.language.spec import Csv
from bdnnlang.source import Span

Row = tuple[int, list[str]]  # line number in the file, from 1; values


BLANKS = re.compile(r'("(?:[^"]|"")*")|[ \t\u00a0]+')
_UNIT_SEPARATOR = "\x1f"  # stands for a run of blanks between two values
_SEP = re.compile(r"sep=(.)\s*", re.IGNORECASE)


class _Lines:
    """The lines of a file for a csv reader, which may take several for one row."""

    def __init__(self, lines: Iterator[str], source: Csv) -> None:
        self._lines = enumerate(lines, start=1)
        self._blanks, self._comment = source.delimiter == " ", source.comment
        self.number = 0  # of the line given last
        self.start: int | None = None  # of the first line since this was set to None

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            self.number = number
            if self.start is None:
                if self._comment and line.lstrip().startswith(self._comment):
                    continue
                self.start = number
            yield _between(line) if self._blanks else line


def _between(line: str) -> str:
    """The line with one separator where a run of blanks stands outside quotes."""
    text = line.strip()
    return _UNIT_SEPARATOR.join(text.split()) if '"' not in text else BLANKS.sub(lambda run: run[1] or _UNIT_SEPARATOR, text)


def read_rows(path: Path, file: str, source: Csv, digest: Hash, span: Span | None) -> Iterator[Row]:
    """All rows that are not empty, one at least; a first line `sep=;` is none. Raises Rejected."""
    delimiter = _UNIT_SEPARATOR if source.delimiter == " " else "\t" if source.delimiter == r"\t" else source.delimiter
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise unreadable(file, f"the delimiter `{delimiter}` cannot be", 'name one character, such as `";"`', span)
    check_regular(path, file, span)
    lines = _Lines(read_lines(path, file, digest, span), source)
    empty = True
    try:
        for row in csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True):
            if row and (len(row) > 1 or row[0].strip()) and not (lines.start == 1 and _is_sep(row, source, file, span)):
                empty = False
                assert lines.start is not None
                yield lines.start, row
            lines.start = None
    except csv.Error as error:
        problem = f"line {lines.number}: {error}".split(" - ")[0]
        raise unreadable(file, problem, "check the quotes and the line endings", span) from None
    if empty:
        raise unreadable(file, "it is empty", "it needs a line per sample", span)


def _is_sep(row: list[str], source: Csv, file: str, span: Span | None) -> bool:
    """Whether it is what spreadsheets write into the first line, such as `sep=;`; it must say what the spec says."""
    if row == ["sep=", ""]:  # split at what it names
        return True
    match = _SEP.fullmatch(row[0]) if len(row) == 1 else None
    if match is None:
        return False
    shown = match[1].replace("\t", r"\t")
    raise unreadable(file, f"its first line says that columns are separated by `{shown}`", f'write `delimiter = "{shown}"`', span)
