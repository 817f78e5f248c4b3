"""What is wrong with the columns that the steps of a spec use, as far as their cells tell."""

from __future__ import annotations

import numpy as np

from bdnnlang.data.diagnosis.cells import check_column
from bdnnlang.data.diagnosis.errors import HoldsDates, HoldsUnits, TooManyCategories
from bdnnlang.data.preprocessing.onehot import categories_of
from bdnnlang.data.preprocessing.plan import is_number, used_columns
from bdnnlang.data.preprocessing.step import Plan
from bdnnlang.data.preprocessing.steps import fills_missing, makes_categories, makes_numbers
from bdnnlang.data.preprocessing.units import find_unit
from bdnnlang.data.table import RawColumn, Table, and_more, quoted
from bdnnlang.data.text.cells import Kind, is_foreign
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.source import Span

MAX_CATEGORIES = 1000


def check_cells(plan: Plan, table: Table, span: Span | None) -> list[Diagnostic]:
    """Everything that is wrong with the cells of the used columns."""
    diagnostics: list[Diagnostic] = []
    for column in used_columns(plan, table):
        chosen = makes_categories(plan, column.name)
        refused = None if chosen or column.holds_numbers else _refused(table, column, span)
        if refused:
            diagnostics.append(refused)
            continue
        number = is_number(plan, column) or (not chosen and _meant_as_numbers(column)) or makes_numbers(plan, column.name)
        diagnostics += check_column(table, column, number=number, imputed=fills_missing(plan), span=span)
        if not number:
            diagnostics += _check_categories(column, span)
    return diagnostics


def _refused(table: Table, column: RawColumn, span: Span | None) -> HoldsDates | HoldsUnits | None:
    """A column of texts, most of which are dates, or numbers with one unit."""
    rows = np.flatnonzero(column.is_text)
    cells = [column.cell(int(row)) for row in rows]
    kinds = {cell: column.style.kind(cell) for cell in set(cells)}
    dates = [row for row, cell in zip(rows, cells, strict=True) if kinds[cell] is Kind.DATE]
    unit = find_unit(column)
    measured = [row for row, cell in zip(rows, cells, strict=True) if unit and unit.has(cell)]
    for kind, where in ((HoldsDates, dates), (HoldsUnits, measured)):
        if 2 * len(where) > len(cells):
            return kind(
                file=table.source.removeprefix("csv "),
                line=int(table.lines[where[0]]),
                column=column.name,
                cell=column.cell(int(where[0])),
                more=and_more(len(where)),
                quoted=quoted(column.name),
                span=span,
            )
    return None


def _meant_as_numbers(column: RawColumn) -> bool:
    """All texts are numbers as another country writes them, surely."""
    texts = set(column.texts[column.is_text].tolist()) if column.texts is not None else set()
    return bool(texts) and all(map(is_foreign, texts))


def _check_categories(column: RawColumn, span: Span | None) -> list[TooManyCategories]:
    count = len(categories_of(column))
    if count <= MAX_CATEGORIES:
        return []
    return [TooManyCategories(column=column.name, categories=count, quoted=quoted(column.name), span=span)]
