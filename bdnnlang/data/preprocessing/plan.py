"""What the steps of a spec want of each column, and what is wrong with the cells they meet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, assert_never

import numpy as np

from bdnnlang.data.diagnosis.errors import HoldsDates, HoldsUnits, NoFeatures, NoSuchColumn, TooManyCategories
from bdnnlang.data.preprocessing.recipe import check_column
from bdnnlang.data.preprocessing.units import Unit, find_unit, without_unit
from bdnnlang.data.table import Names, RawColumn, Table, and_more, closest, listed, quoted
from bdnnlang.data.text.cells import Kind, is_foreign, quantity
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.spec import Column, DataSpec, Drop, Impute, OneHot, Quantize, Sample, Scale, Units
from bdnnlang.source import Span

MAX_CATEGORIES = 1000
MAX_SUGGESTIONS = 20  # more misspelt columns than that are a wrong file

Method = Literal["minmax", "standard", "none"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the steps want, before any number is fitted."""

    target: str
    used: tuple[str, ...]  # feature columns in order
    onehot: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    impute: Impute | None = None
    scale: Method = "minmax"
    bits: int | None = None  # of levels; None: not quantised


def find_column(
    source: str, columns: Names, usable: Collection[str], column: Column, found: list[Diagnostic], what: str = "feature column"
) -> str | None:
    """The `usable` name that a spec's column stands for; None, and a diagnostic, if there is none."""
    index = columns.find(column.key)
    if index is not None and columns.names[index] in usable:
        return columns.names[index]
    key, names = str(column.key), tuple(usable)
    found.append(
        NoSuchColumn(
            source=f"`{source.removeprefix('csv ')}`",
            what=what,
            name=key,
            columns=listed(names),
            span=column.span,
            suggestion=closest(key, names) if len(found) < MAX_SUGGESTIONS else None,
        )
    )
    return None


def make_plan(spec: DataSpec, table: Table, target: str, found: list[Diagnostic]) -> Plan:
    """Go through the steps in order; what names no column goes to `found`."""
    columns, plan = Names(table.names), Plan(target, ())
    used = dict.fromkeys(name for name in columns.names if name != target)

    def named(asked: tuple[Column, ...]) -> list[str]:
        return [name for column in asked if (name := find_column(table.source, columns, used, column, found))]

    for step in spec.steps:
        match step:
            case Drop():
                for column in step.columns:
                    for name in named((column,)):
                        del used[name]
            case OneHot():
                plan = replace(plan, onehot=plan.onehot.union(named(step.columns)))
            case Units():
                plan = replace(plan, units=plan.units.union(named(step.columns)))
            case Impute():
                plan = replace(plan, impute=step)
            case Scale():
                plan = replace(plan, scale=step.method)
            case Quantize():
                plan = replace(plan, bits=step.bits)
            case Sample():
                pass  # rows, not columns: `load` draws them before the split
            case _:
                assert_never(step)
    if not used:
        drops = [step.span for step in spec.steps if isinstance(step, Drop)]
        found.append(NoFeatures(span=drops[-1] if drops else spec.source.span))
    return replace(plan, used=tuple(used))


def used_columns(plan: Plan, table: Table) -> list[RawColumn]:
    """The feature columns in order."""
    used = set(plan.used)
    return [column for column in table.columns if column.name in used]


def units_of(plan: Plan, table: Table) -> dict[str, Unit]:
    """The unit of each column that `units` names, where it has one."""
    columns = [column for column in table.columns if column.name in plan.units]
    return {column.name: unit for column in columns if (unit := find_unit(column))}


def in_units(table: Table, units: dict[str, Unit]) -> Table:
    """The table with the numbers of cells that have the unit of their column."""
    return replace(table, columns=tuple(without_unit(column, units.get(column.name)) for column in table.columns))


def is_number(plan: Plan, column: RawColumn) -> bool:
    """Whether a column is one feature, a number; else it has categories."""
    return column.name not in plan.onehot and column.holds_numbers


def check_cells(plan: Plan, table: Table, span: Span | None) -> list[Diagnostic]:
    """Everything that is wrong with the cells of the used columns."""
    found: list[Diagnostic] = []
    for column in used_columns(plan, table):
        chosen = column.name in plan.onehot
        refused = None if chosen or column.holds_numbers else _refused(table, column, span)
        if refused:
            found.append(refused)
            continue
        number = is_number(plan, column) or (not chosen and _meant_as_numbers(column)) or column.name in plan.units
        found += check_column(table, column, number=number, imputed=plan.impute is not None, span=span)
        if not number:
            found += _check_categories(column, span)
    return found


def _refused(table: Table, column: RawColumn, span: Span | None) -> HoldsDates | HoldsUnits | None:
    """A column of texts, most of which are dates, or numbers with one unit."""
    rows = np.flatnonzero(column.is_text)
    cells = [column.cell(int(row)) for row in rows]
    kinds = {cell: column.style.kind(cell) for cell in set(cells)}
    dates = [row for row, cell in zip(rows, cells, strict=True) if kinds[cell] is Kind.DATE]
    unit = find_unit(column)
    measured = [row for row, cell in zip(rows, cells, strict=True) if unit and _has_unit(cell, unit)]
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


def _has_unit(cell: str, unit: Unit) -> bool:
    found = quantity(cell)
    return found is not None and Unit(found.before, found.after) == unit


def _meant_as_numbers(column: RawColumn) -> bool:
    """All texts are numbers as another country writes them, surely."""
    texts = set(column.texts[column.is_text].tolist()) if column.texts is not None else set()
    return bool(texts) and all(map(is_foreign, texts))


def _check_categories(column: RawColumn, span: Span | None) -> list[TooManyCategories]:
    count = len(categories(column))
    if count <= MAX_CATEGORIES:
        return []
    return [TooManyCategories(column=column.name, categories=count, quoted=quoted(column.name), span=span)]


def categories(column: RawColumn) -> tuple[str | float, ...]:
    """The values of a column, ascending: numbers if all of them are."""
    values = column.numbers if column.texts is None else column.texts
    return tuple(sorted(set(values[~column.missing].tolist())))
