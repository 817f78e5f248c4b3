"""Steps of a spec → a Recipe: first what each column is (from all rows), then its numbers (from training rows).

Filling commutes with scaling, so the order of these steps does not matter: the last `impute` and the last `scale` hold.
One-hot features are 0 or 1 and are never scaled. Levels are spaced over the range of a feature, so they are the same however
it was scaled before: `quantize` fits them to the unscaled numbers, and scales nothing after it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal, assert_never

import numpy as np

from bdnnlang.data.cells import is_foreign
from bdnnlang.data.errors import BadCell, NoFeatures, NoSuchColumn, TooManyCategories, TooMuchData
from bdnnlang.data.exact import Floats, Ints
from bdnnlang.data.levels import Levels
from bdnnlang.data.recipe import Encoding, Recipe, check_column
from bdnnlang.data.table import RawColumn, Table, closest, excess, find_name, listed, quoted
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.network import exact
from bdnnlang.source import Span
from bdnnlang.spec.types import Column, DataSpec, Drop, Impute, OneHot, Quantize, Sample, Scale

MAX_CATEGORIES = 1000

Method = Literal["minmax", "standard", "none"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the steps want, before any number is fitted."""

    target: str
    used: tuple[str, ...]  # feature columns in order
    onehot: frozenset[str] = frozenset()
    impute: Impute | None = None
    scale: Method = "minmax"
    bits: int | None = None  # of levels; None: not quantised


def find_column(
    table: Table, names: tuple[str, ...], column: Column, found: list[Diagnostic], what: str = "feature column"
) -> str | None:
    """The name in `names` that a spec's column stands for; None, and a diagnostic, if there is none."""
    index = find_name(table.names, column.key)
    if index is not None and table.names[index] in names:
        return table.names[index]
    key = str(column.key)
    found.append(
        NoSuchColumn(
            source=f"`{table.source.removeprefix('csv ')}`",
            what=what,
            name=key,
            columns=listed(names),
            span=column.span,
            suggestion=closest(key, names),
        )
    )
    return None


def make_plan(spec: DataSpec, table: Table, target: str, found: list[Diagnostic]) -> Plan:
    """Go through the steps in order; what names no column goes to `found`."""
    plan = Plan(target, tuple(name for name in table.names if name != target))
    for step in spec.steps:
        match step:
            case Drop():
                for column in step.columns:
                    dropped = find_column(table, plan.used, column, found)
                    plan = replace(plan, used=tuple(name for name in plan.used if name != dropped))
            case OneHot():
                names = (find_column(table, plan.used, column, found) for column in step.columns)
                plan = replace(plan, onehot=plan.onehot.union(name for name in names if name))
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
    if not plan.used:
        drops = [step.span for step in spec.steps if isinstance(step, Drop)]
        found.append(NoFeatures(span=drops[-1] if drops else spec.source.span))
    return plan


def is_number(plan: Plan, column: RawColumn) -> bool:
    """Whether a column is one feature, a number; else it has categories."""
    return column.name not in plan.onehot and column.holds_numbers


def check_cells(plan: Plan, table: Table, span: Span | None) -> list[Diagnostic]:
    """Everything that is wrong with the cells of the used columns."""
    found: list[Diagnostic] = []
    for column in used_columns(plan, table):
        number = is_number(plan, column) or (column.name not in plan.onehot and _meant_as_numbers(column))
        found += check_column(table, column, number=number, imputed=plan.impute is not None, span=span)
        if not number:
            found += _check_categories(column, span)
    return found


def used_columns(plan: Plan, table: Table) -> list[RawColumn]:
    return [column for column in table.columns if column.name in set(plan.used)]


def _meant_as_numbers(column: RawColumn) -> bool:
    """All texts are numbers as another country writes them, surely."""
    texts = set(column.texts[column.is_text].tolist()) if column.texts is not None else set()
    return bool(texts) and all(map(is_foreign, texts))


def _check_categories(column: RawColumn, span: Span | None) -> list[TooManyCategories]:
    count = len(_categories(column))
    if count <= MAX_CATEGORIES:
        return []
    return [TooManyCategories(column=column.name, categories=count, quoted=quoted(column.name), span=span)]


def _categories(column: RawColumn) -> tuple[str | float, ...]:
    """The values of a column, ascending: numbers if all of them are."""
    values = column.numbers if column.texts is None else column.texts
    return tuple(sorted(set(values[~column.missing].tolist())))


def fit(plan: Plan, table: Table, train: Ints, span: Span | None) -> tuple[Recipe, list[Diagnostic]]:
    """Fit the numbers of a plan on the training rows of a table whose cells have passed `check_cells`."""
    found: list[Diagnostic] = []
    encodings: list[Encoding] = []
    for column in used_columns(plan, table):
        number = is_number(plan, column)
        fitted = column.take(train)
        if fitted.missing.all():
            found.append(_all_missing(table, fitted, int(train[0]), span))
            continue
        categories = () if number else _categories(fitted)
        seen = _range(fitted.numbers) if number else None
        own = Encoding(column.name, categories, _fill(plan.impute, fitted, number=number), seen=seen)
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
