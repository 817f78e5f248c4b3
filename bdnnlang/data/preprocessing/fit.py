"""Steps of a spec → a Recipe: first what each column is (from all rows), then its numbers (from training rows).

Filling commutes with scaling, so the order of these steps does not matter: the last `impute` and the last `scale` hold.
One-hot features are 0 or 1 and are never scaled. Levels are spaced over the range of a feature, so they are the same however
it was scaled before: `quantize` fits them to the unscaled numbers, and scales nothing after it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.data.diagnosis.errors import BadCell, TooMuchData
from bdnnlang.data.preprocessing.levels import Levels
from bdnnlang.data.preprocessing.plan import Method, Plan, categories, in_units, is_number, units_of, used_columns
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.table import RawColumn, Table, excess, quoted
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.spec import Impute
from bdnnlang.network.numbers import exact
from bdnnlang.source import Span


def fit(plan: Plan, table: Table, train: Ints, span: Span | None) -> tuple[Recipe, list[Diagnostic]]:
    """Fit the numbers of a plan on the training rows of a table whose cells have passed `check_cells`."""
    found: list[Diagnostic] = []
    encodings: list[Encoding] = []
    units = units_of(plan, table)
    table = in_units(table, units)
    for column in used_columns(plan, table):
        number = is_number(plan, column)
        fitted = column.take(train)
        if fitted.missing.all():
            found.append(_all_missing(table, fitted, int(train[0]), span))
            continue
        known = () if number else categories(fitted)
        seen, fill = _range(fitted.numbers) if number else None, _fill(plan.impute, fitted, number=number)
        own = Encoding(column.name, known, fill, seen=seen, unit=units.get(column.name))
        encodings.append(_with_levels(own, fitted, plan.bits) if number and plan.bits else own)
    recipe = Recipe(plan.target, table.names, tuple(encodings), (), ())
    if limit := excess(table.rows, len(recipe.features)):
        found.append(TooMuchData(what="the data with a feature per category", limit=limit, span=span))
    return (recipe if found else _fit_scale("none" if plan.bits else plan.scale, recipe, table.take(train))), found


def _range(numbers: Floats) -> tuple[float, float]:
    """The least and the greatest of those that are there."""
    present = numbers[~np.isnan(numbers)]
    return float(present.min()), float(present.max())


def _with_levels(encoding: Encoding, fitted: RawColumn, bits: int) -> Encoding:
    """Levels over the range of a column of numbers, those that were filled in included."""
    values = encoding.encode(fitted)
    return replace(encoding, levels=Levels(float(values.min()), float(values.max()), bits))


def _all_missing(table: Table, column: RawColumn, row: int, span: Span | None) -> BadCell:
    return BadCell(
        file=table.source.removeprefix("csv "),
        line=int(table.lines[row]),
        column=column.name,
        problem="the value is missing, as in all training rows",
        advice=f"write `drop [{quoted(column.name)}]`",
        span=span,
    )


def _fill(impute: Impute | None, column: RawColumn, *, number: bool) -> float | str | None:
    """What stands for a missing value; for categories always the most frequent one, whatever the strategy."""
    if impute is None:
        return None
    if not number or impute.strategy == "most_frequent":
        present = column.numbers if column.texts is None or number else column.texts
        counts = Counter(sorted(present[~column.missing].tolist()))
        most: float | str = counts.most_common(1)[0][0]  # the first of equals, so the smallest
        return most
    values = column.numbers[~column.missing]
    return float(np.median(values)) if impute.strategy == "median" else _mean(values)


def _mean(values: Floats) -> float:
    return math.fsum(values.tolist()) / len(values)  # exact sum: the same on every machine


def _fit_scale(scale: Method, recipe: Recipe, train: Table) -> Recipe:
    """Lower and upper of each feature; 0 and 1 leave it as it is."""
    raw = recipe.raw(train)
    bounds: list[tuple[float, float]] = []
    for column in recipe.columns:
        first = len(bounds)
        bounds += [(0.0, 1.0)] * len(column.features) if column.categories else [_bounds(scale, raw[:, first])]
    return replace(recipe, lower=tuple(low for low, _ in bounds), upper=tuple(high for _, high in bounds))


def _bounds(scale: Method, values: Floats) -> tuple[float, float]:
    """The values that become 0 and 1."""
    if scale == "none":
        return 0.0, 1.0
    lower, upper = float(values.min()), float(values.max())
    if scale == "standard" and lower < upper:
        lower = _mean(values)
        upper = lower + math.sqrt(_mean((values - lower) ** 2))
    return (lower, upper) if lower < upper else (lower, _above(lower))


def _above(value: float) -> float:
    """The upper end for a constant column: 1 more where decimals allow it exactly, else as much more as its size."""
    return value + 1 if exact(value + 1) - exact(value) == 1 else value + abs(value)
