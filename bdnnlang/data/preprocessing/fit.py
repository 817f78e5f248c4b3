"""A plan → a Recipe: first what each column is (from all rows), then its numbers (from training rows)."""

from __future__ import annotations

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.data.diagnosis.errors import BadCell, TooMuchData
from bdnnlang.data.preprocessing.plan import Readers, is_number, read_cells, used_columns
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.preprocessing.scale import NOT_SCALED, Bounds, fit_bounds
from bdnnlang.data.preprocessing.step import FittedStep, Plan, Training
from bdnnlang.data.preprocessing.steps import STEPS
from bdnnlang.data.table import RawColumn, Table, excess, quoted
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.source import Span


def fit(plan: Plan, readers: Readers, table: Table, train: Ints, span: Span | None) -> Recipe:
    """Fit the numbers of a plan on the training rows of a table whose cells have passed `check_cells`. Raises Rejected."""
    diagnostics: list[Diagnostic] = []
    encodings: list[Encoding] = []
    for column in used_columns(plan, read_cells(table, readers)):
        training = column.take(train)
        if training.missing.all():
            diagnostics.append(_all_missing(table, training, int(train[0]), span))
        else:
            encodings.append(_fit_column(plan, training, is_number(plan, column), readers.get(column.name, ())))
    recipe = Recipe(plan.target, table.names, tuple(encodings), (), ())
    if limit := excess(table.rows, len(recipe.features)):
        diagnostics.append(TooMuchData(what="the data with a feature per category", limit=limit, span=span))
    if diagnostics:
        raise Rejected(diagnostics)
    bounds = [pair for encoding, column in recipe.paired(table.take(train)) for pair in _bounds(plan, encoding, column)]
    return Recipe(recipe.target, recipe.header, recipe.columns, *(tuple(ends) for ends in zip(*bounds, strict=True)))


def _fit_column(plan: Plan, column: RawColumn, number: bool, readers: tuple[FittedStep, ...]) -> Encoding:
    """What the steps of the table make of the training rows of a column whose cells are read."""
    values = column.numbers if column.texts is None or number else column.texts
    steps: list[FittedStep] = []
    for kind in STEPS:
        step = kind.fit(Training(plan, column, number, values))
        if step is not None:
            values = step.apply(values, column.missing)
            steps.append(step)
        steps += [reader for reader in readers if number and type(reader) is kind.fitted]  # categories are texts as written
    return Encoding(column.name, tuple(steps), _range(column.numbers) if number else None)


def _range(numbers: Floats) -> tuple[float, float]:
    """The least and the greatest of those that are there."""
    present = numbers[~np.isnan(numbers)]
    return float(present.min()), float(present.max())


def _bounds(plan: Plan, encoding: Encoding, column: RawColumn) -> list[Bounds]:
    """What becomes 0 and 1 of each feature of a column."""
    if not encoding.is_scaled:
        return [NOT_SCALED] * len(encoding.features)
    return [fit_bounds(plan, values) for values in encoding.encode(column).T]


def _all_missing(table: Table, column: RawColumn, row: int, span: Span | None) -> BadCell:
    return BadCell(
        file=table.source.removeprefix("csv "),
        line=int(table.lines[row]),
        column=column.name,
        problem="the value is missing, as in all training rows",
        advice=f"write `drop [{quoted(column.name)}]`",
        span=span,
    )
