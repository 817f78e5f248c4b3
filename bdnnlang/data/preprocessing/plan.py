"""The steps of a spec and the columns of a table, before any number is fitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bdnnlang.data.diagnosis.errors import NoFeatures, NoSuchColumn
from bdnnlang.data.preprocessing.step import FittedStep, Plan, PlannedStep
from bdnnlang.data.preprocessing.steps import KINDS, STEPS, makes_categories
from bdnnlang.data.table import Names, RawColumn, Table, closest, listed
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.spec import Column, DataSpec

MAX_SUGGESTIONS = 20  # more misspelt columns than that are a wrong file

Readers = Mapping[str, tuple[FittedStep, ...]]  # of each column whose cells are read in another way


def find_column(
    source: str,
    columns: Names,
    usable: Collection[str],
    column: Column,
    diagnostics: list[Diagnostic],
    what: str = "feature column",
) -> str | None:
    """The `usable` name that a spec's column stands for; None, and a diagnostic, if there is none."""
    index = columns.find(column.key)
    if index is not None and columns.names[index] in usable:
        return columns.names[index]
    key, names = str(column.key), tuple(usable)
    diagnostics.append(
        NoSuchColumn(
            source=f"`{source.removeprefix('csv ')}`",
            what=what,
            name=key,
            columns=listed(names),
            span=column.span,
            suggestion=closest(key, names) if len(diagnostics) < MAX_SUGGESTIONS else None,
        )
    )
    return None


def make_plan(spec: DataSpec, table: Table, target: str, diagnostics: list[Diagnostic]) -> Plan:
    """Go through the steps in order; what names no column goes to `diagnostics`."""
    columns, steps = Names(table.names), []
    used = dict.fromkeys(name for name in columns.names if name != target)
    for step in spec.steps:
        names = set()
        for column in getattr(step, "columns", ()):
            if name := find_column(table.source, columns, used, column, diagnostics):
                names.add(name)
                if KINDS[type(step)].drops_columns:
                    del used[name]
        steps.append(PlannedStep(step, frozenset(names)))
    if not used:
        drops = [step.span for step in spec.steps if KINDS[type(step)].drops_columns]
        diagnostics.append(NoFeatures(span=drops[-1] if drops else spec.source.span))
    return Plan(target, tuple(used), tuple(steps))


def used_columns(plan: Plan, table: Table) -> list[RawColumn]:
    """The feature columns in order."""
    used = set(plan.used)
    return [column for column in table.columns if column.name in used]


def readers_of(plan: Plan, table: Table) -> Readers:
    """How the steps read the cells of each column, as far as they do, decided from all rows of a table."""
    readers: dict[str, tuple[FittedStep, ...]] = {}
    for column in table.columns:
        steps = (step for kind in STEPS if (step := kind.recognise(plan, column)) is not None)
        if reading := tuple(steps):
            readers[column.name] = reading
    return readers


def read_cells(table: Table, readers: Readers) -> Table:
    """The table with its cells read as the steps say."""
    return replace(table, columns=tuple(_read(column, readers.get(column.name, ())) for column in table.columns))


def _read(column: RawColumn, readers: tuple[FittedStep, ...]) -> RawColumn:
    for reader in readers:
        column = reader.read(column)
    return column


def is_number(plan: Plan, column: RawColumn) -> bool:
    """Whether a column is one feature, a number; else it has categories."""
    return not makes_categories(plan, column.name) and column.holds_numbers
