"""A test or validation part that is a file of its own, prepared by what was fitted on the training part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.dataset import Part
from bdnnlang.data.diagnosis.errors import BadCell, NoSuchColumn, TooFewRows
from bdnnlang.data.diagnosis.oddities import oddities
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.data.table import RawColumn, Table, Texts, and_more, closest, listed
from bdnnlang.data.target import labels_among
from bdnnlang.data.text.csvfile import read_csv
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Csv

Loaded = tuple[Part, tuple[Diagnostic, ...]]  # a part, and warnings about it


def load_part(
    source: Csv, folder: Path, recipe: Recipe, classes: tuple[str, ...], *, all_classes: bool, aside: tuple[str, ...] = ()
) -> Loaded:
    """Read the samples of a file whose columns go by name; others than the used ones are ignored.

    `all_classes`: a row of another class is an error, else it is left out; `aside`: columns to be kept, where the file has them.
    Raises Rejected with all that is wrong.
    """
    as_text = {column.name for column in recipe.columns if not column.by_number} | {recipe.target}
    table = read_csv(source, folder, known=[*(column.name for column in recipe.columns), recipe.target, *aside], as_text=as_text)
    diagnostics = _missing(source, table, recipe)
    if diagnostics:
        raise Rejected(diagnostics)
    target = table.columns[table.names.index(recipe.target)]
    y = labels_among(target, classes)
    diagnostics += _without_class(source, table, target, (y < 0) & (all_classes | target.missing), classes)
    with_class = np.flatnonzero(y >= 0)
    if not (diagnostics or len(with_class)):
        problem = f"no row of `{source.path}` has one of the classes {listed(classes)}"
        raise Rejected([TooFewRows(problem=problem, advice="name a file with such rows", span=source.span)])
    diagnostics += recipe.check(table.take(with_class), source.span)
    if diagnostics:
        raise Rejected(diagnostics)
    used = table.take(with_class)
    raw = recipe.raw(used)
    samples = Part(x=recipe.scale(raw), raw=raw, rows=with_class, recipe=recipe, y=y[with_class], groups=cells_of(used, aside))
    part = replace(samples, source=table.source, sha256=table.sha256)
    return part, (*table.warnings, *(replace(warning, span=source.span) for warning in oddities(used, recipe)))


def cells_of(table: Table, names: tuple[str, ...]) -> tuple[tuple[str, Texts], ...]:
    """The cells of some columns by name, numbers as short as they can be written; "" where they are missing."""
    by_name = {column.name: column for column in table.columns}
    found = ((name, by_name[name]) for name in names if name in by_name)
    return tuple((name, np.where(column.missing, "", column.as_texts)) for name, column in found)


def _missing(source: Csv, table: Table, recipe: Recipe) -> list[Diagnostic]:
    """Columns of the training data that the file does not have."""
    needed = [*(column.name for column in recipe.columns), recipe.target]
    there = set(table.names)
    return [
        NoSuchColumn(
            source=f"`{source.path}`",
            what="column",
            name=name,
            columns=listed(table.names),
            span=source.span,
            suggestion=closest(name, table.names),
        )
        for name in needed
        if name not in there
    ]


def _without_class(
    source: Csv, table: Table, target: RawColumn, wrong: NDArray[np.bool_], classes: tuple[str, ...]
) -> list[Diagnostic]:
    """Rows whose class no training sample has, or that have none."""
    where = np.flatnonzero(wrong)
    if not len(where):
        return []
    first = int(where[0])
    cell = target.cell(first)
    return [
        BadCell(
            file=source.path,
            line=int(table.lines[first]),
            column=target.name,
            problem=f"`{cell[:40]}` is no class of the training data" if cell else "the class is missing",
            advice=f"the classes are {listed(classes)}: correct the row, or remove it",
            more=and_more(len(where)),
            span=source.span,
        )
    ]
