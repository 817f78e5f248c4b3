"""What can be wrong with the cells of one column, whatever it is used for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.diagnosis.advice import advice_for_texts
from bdnnlang.data.diagnosis.errors import BadCell, TooManyDigits
from bdnnlang.data.exact import LARGEST, SMALLEST
from bdnnlang.data.table import RawColumn, Table, and_more, quoted, short
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.source import Span

MISSING_VALUE = "the value is missing"


def check_column(table: Table, column: RawColumn, *, number: bool, imputed: bool, span: Span | None = None) -> list[Diagnostic]:
    """What is wrong with the cells of a column: one diagnostic for each kind of mistake, at its first row."""
    diagnostics: list[Diagnostic] = []

    def report(rows: Any, problem: str, advice: str) -> None:
        where = np.flatnonzero(rows)
        if not len(where):
            return
        first, more = int(where[0]), and_more(len(where))
        diagnostics.append(
            BadCell(
                file=table.source.removeprefix("csv "),
                line=int(table.lines[first]),
                column=column.name,
                problem=problem.format(column.cell(first)[:40]),
                advice=advice,
                more=more,
                span=span,
            )
        )

    if number:
        text, numbers = column.is_text, column.numbers
        report(text, "`{}` is not a number", _advice_for_texts(table, column, text))
        report(_infinite(column), "`{}` is not a finite number", "write a finite number, or leave the cell empty")
        out_of_range = (np.abs(numbers) > LARGEST) | ((np.abs(numbers) < SMALLEST) & (numbers != 0)) | _vanished(column)
        report(out_of_range & ~_infinite(column), "`{}` is not between 1e-100 and 1e100 in size", "measure it in other units")
        diagnostics += _inexact(table, column, ~out_of_range, span)
    if not imputed:
        report(column.missing, *_about_missing(column, number=number))
    return diagnostics


def _about_missing(column: RawColumn, *, number: bool) -> tuple[str, str]:
    """What is wrong, and a hint. Among texts, what counts as missing by default may be a category, such as `NA`."""
    if column.missing.all():
        return f"{MISSING_VALUE}, as in all rows", f"write `drop [{quoted(column.name)}]`"
    if number or not column.codes:
        return MISSING_VALUE, "write `impute median`, remove the row, or drop the column"
    code = column.codes[0].replace("{", "{{").replace("}", "}}")
    advice = (
        f"write `impute median`; or, if `{column.codes[0]}` is a category, `missing = []`: then only an empty cell is missing"
    )
    return f"{MISSING_VALUE}, where `{code}` counts as missing", advice


def _infinite(column: RawColumn) -> NDArray[np.bool_]:
    """Cells that say so, not those that are too large to be read."""
    rows = np.isinf(column.numbers)
    for row in np.flatnonzero(rows):
        rows[row] = not any(character.isdigit() for character in column.cell(int(row)))
    return rows


def _vanished(column: RawColumn) -> NDArray[np.bool_]:
    """Numbers too small to be read as anything but 0, (rows,)."""
    none = np.zeros(len(column.numbers), dtype=bool)
    return none if column.inexact is None else column.inexact & (column.numbers == 0)


def _inexact(table: Table, column: RawColumn, rows: NDArray[np.bool_], span: Span | None) -> list[Diagnostic]:
    """The first number among `rows` that is not what is written, and another one that would become the same."""
    where = np.flatnonzero(rows & column.inexact) if column.inexact is not None else np.array([], dtype=np.int64)
    if not len(where):
        return []
    first = int(where[0])
    cell, number = column.cell(first), column.numbers[first]
    same = next((int(i) for i in np.flatnonzero(column.numbers == number) if column.cell(int(i)) != cell), None)
    other = "" if same is None else f", and so would `{column.cell(same)[:60]}` in line {table.lines[same]}"
    return [
        TooManyDigits(
            file=table.source.removeprefix("csv "),
            line=int(table.lines[first]),
            column=column.name,
            cell=cell[:60],
            number=short(number),
            other=other,
            more=and_more(len(where)) if same is None else "",
            quoted=quoted(column.name),
            span=span,
        )
    ]


def _advice_for_texts(table: Table, column: RawColumn, text: NDArray[np.bool_]) -> str:
    where = np.flatnonzero(text)
    if not len(where):
        return ""
    if text[0] and len(where) == 1 and table.lines[0] == 1:
        return "if the first line names the columns, write `header = true`"
    texts = list(dict.fromkeys(column.cell(int(row)) for row in where))
    return advice_for_texts(column.name, texts, column.style)
