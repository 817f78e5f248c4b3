"""How a csv file is written: what its spec has to say so that the file is read at all."""

from __future__ import annotations

import hashlib
import re
from itertools import islice
from pathlib import Path

import numpy as np

from bdnnlang.data.diagnosis.errors import BadHeader, TooMuchData, WrongDelimiter
from bdnnlang.data.table import RawColumn, Table
from bdnnlang.data.text.cells import CODES, Marks, is_foreign, marks_of
from bdnnlang.data.text.csvfile import CsvReader, open_csv
from bdnnlang.data.text.files import check_regular, inside, read_lines
from bdnnlang.data.text.shape import COMMENTS
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Csv, DataSpec, Label
from bdnnlang.language.spec import Sample as SampleStep
from bdnnlang.proposal.draft import Draft

PEEK_LINES = 20
DRAWN = 20_000  # rows of a file that has more than a table may have


def find_reading(folder: Path, file: str) -> tuple[Draft, Table]:
    """How the file is to be read, and what is in it then. Raises Rejected with what no setting mends."""
    draft = _separated(_commented(Draft(DataSpec(Csv(file))), folder), folder)
    draft = _headed(draft, open_csv(draft.source, folder))
    draft, table = _table(draft, folder)
    better = _marked(draft, table)
    if better != draft:
        draft, table = _table(better, folder)
    return _with_codes(draft, table, folder)


def _first_lines(draft: Draft, folder: Path) -> list[str]:
    """As they are in the file, without empty ones."""
    path = inside(folder, draft.source.path, None)
    check_regular(path, draft.source.path, None)
    lines = islice(read_lines(path, draft.source.path, hashlib.sha256(), None), PEEK_LINES)
    return [line for line in lines if line.strip()]


def _commented(draft: Draft, folder: Path) -> Draft:
    """With the mark of comments that the file begins with, if lines without it follow."""
    lines = _first_lines(draft, folder)
    mark = next((mark for mark in COMMENTS if lines and lines[0].lstrip().startswith(mark)), None)
    if mark is None or all(line.lstrip().startswith(mark) for line in lines):
        return draft
    return draft.reading(f"the file begins with a line marked by `{mark}`: such lines are skipped", comment=mark)


def _separated(draft: Draft, folder: Path) -> Draft:
    """With the delimiter that the file says itself, or that splits its lines alike."""
    said = next((re.fullmatch(r"sep=(.)\s*", line, re.IGNORECASE) for line in _first_lines(draft, folder)), None)
    if said:
        return draft.reading("the first line of the file says so", delimiter=said[1])
    try:
        open_csv(draft.source, folder)
    except Rejected as rejected:
        for error in rejected.diagnostics:
            if isinstance(error, WrongDelimiter) and error.better:
                return draft.reading(f"split at `{error.delimiter}`, the file has {error.found}", delimiter=error.better)
        raise
    return draft


def _headed(draft: Draft, reader: CsvReader) -> Draft:
    """With what the first line is, where that is not plain to see."""
    try:
        if reader.header.names:
            return draft
    except Rejected as rejected:
        if not any(isinstance(error, BadHeader) and "header = false" in error.advice for error in rejected.diagnostics):
            raise
        return draft.reading("the first line may name the columns, or be a sample: `false` if it is one", header=True)
    return draft.reading(f"the first line looks like a sample: columns are called {reader.names[0]} and so on", header=False)


def _table(draft: Draft, folder: Path) -> tuple[Draft, Table]:
    """What is in the file; of one with too many rows the first ones, and a step that draws some."""
    reader = open_csv(draft.source, folder)
    try:
        table = reader.table()
    except Rejected as rejected:
        if not any(isinstance(error, TooMuchData) and error.limit.endswith("rows") for error in rejected.diagnostics):
            raise
        table = reader.table(np.arange(DRAWN, dtype=np.int64))
        draft = draft.step(SampleStep(DRAWN), f"of {table.source_rows:,} rows, drawn by class; more than can be read at once")
    return draft, table


def _marked(draft: Draft, table: Table) -> Draft:
    """With the decimal point and the mark between thousands of columns whose texts are all such numbers."""
    for column in table.columns:
        texts = [text for text in _texts(column) if text.casefold() not in CODES]
        readings = [marks for text in texts if (marks := marks_of(text)) is not None]
        if not readings or not all(map(is_foreign, texts)):
            continue
        marks = next((marks for marks in readings if marks.is_clear), None)
        return _with_marks(draft, marks or readings[0], column.name, texts[0], is_clear=marks is not None)
    return draft


def _with_marks(draft: Draft, marks: Marks, column: str, text: str, *, is_clear: bool) -> Draft:
    why = f"numbers are written like `{text}`, in column `{column}`"
    if not is_clear:
        why = f"`{text}` in column `{column}`; if it is no thousand, write `decimal` in place of `thousands`"
    if marks.decimal == "," or marks.thousands == ".":
        draft = draft.reading(why, decimal=",")
    return draft.reading(why, thousands=marks.thousands) if marks.thousands else draft


def _texts(column: RawColumn) -> list[str]:
    """The different texts of a column, in the order of its rows."""
    return [] if column.texts is None else list(dict.fromkeys(column.texts[column.is_text].tolist()))


def _with_codes(draft: Draft, table: Table, folder: Path) -> tuple[Draft, Table]:
    """With the texts that stand for a missing number in columns of numbers, besides those that do so by default."""
    found = {
        text: column.name
        for column in table.columns
        if column.holds_numbers
        for text in _texts(column)
        if text.casefold() in CODES
    }
    if not found:
        return draft, table
    return _table(draft.reading(why_missing(found), missing=marks_of_missing(table, *found)), folder)


def why_missing(found: dict[str, str]) -> str:
    """Why marks, each of a column, stand for missing values."""
    return "; ".join(f"`{mark}` among the numbers of column `{column}`" for mark, column in found.items())


def marks_of_missing(table: Table, *marks: str | float) -> tuple[Label, ...]:
    """These marks and those that occur and count as missing already."""
    known = [code for column in table.columns for code in column.codes]
    return tuple(Label(mark) for mark in dict.fromkeys([*marks, *known]))
