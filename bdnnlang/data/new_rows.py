"""New rows for a fitted Recipe: what `bdnnc predict` reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from bdnnlang.data.cells import read_number
from bdnnlang.data.csvfile import DELIMITERS, CsvReader
from bdnnlang.data.errors import NoSuchColumn, RaggedRow
from bdnnlang.data.recipe import Recipe
from bdnnlang.data.table import closest, find_name, listed
from bdnnlang.data.types import Rows
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.spec.types import Csv


def load_rows(path: Path, recipe: Recipe, reading: Csv | None = None) -> Rows:
    """Read a csv file of new rows. Raises Rejected with everything that is wrong.

    Columns go by name if the first line names all that are needed (others are ignored), else by position: all columns
    of the source, or all but the target, or only the used ones. `reading` says how the file is read, except for `header`; another
    `delimiter` is taken where that one does not fit.
    """
    reader = _reader(path, recipe, replace(reading or Csv(""), header=None))
    first = reader.first
    named = _by_name(recipe, first)
    names = named or _by_position(recipe, first)
    if names is None:
        raise Rejected(_misfit(recipe, reader.file, first))
    as_text = {column.name for column in recipe.columns if not column.by_number}
    settled = CsvReader(path, path.name, replace(reader.source, header=named is not None))
    table = settled.table(names=names, as_text=as_text)
    found = recipe.check(table)
    if found:
        raise Rejected(found)
    raw = recipe.raw(table)
    return Rows(x=recipe.scale(raw), raw=raw, rows=np.arange(table.rows, dtype=np.int64), recipe=recipe)


def _reader(path: Path, recipe: Recipe, reading: Csv) -> CsvReader:
    """A reader with the first delimiter under which the first line fits, or else the one that splits it most."""
    marks = dict.fromkeys((reading.delimiter, *DELIMITERS))
    readers = [CsvReader(path, path.name, replace(reading, path=path.name, delimiter=mark)) for mark in marks]
    starts = [(reader, start) for reader in readers if (start := _start(reader)) is not None]
    if not starts:
        readers[0].check_delimiter()  # says what is wrong
    fits = (reader for reader, row in starts if _by_name(recipe, row) or _by_position(recipe, row) is not None)
    return next(fits, max(starts, key=lambda pair: len(pair[1]))[0])


def _start(reader: CsvReader) -> list[str] | None:
    """The first row; None: the file cannot be read so."""
    try:
        return reader.start
    except Rejected:
        return None


def _by_name(recipe: Recipe, first: list[str]) -> list[str] | None:
    """Names of a file's columns, the needed ones called as in the recipe; None if one is not there."""
    names = [name.strip() for name in first]
    for column in recipe.columns:
        place = find_name(names, column.name)
        if place is None:
            return None
        names[place] = column.name
    return names


def _by_position(recipe: Recipe, first: list[str]) -> list[str] | None:
    """Names of the columns of a file without a header; None if their count does not fit or some are named."""
    used = [column.name for column in recipe.columns]
    if any(name.strip() in used for name in first):
        return None
    whole = list(recipe.header)
    features = [name for name in whole if name != recipe.target]
    return next((names for names in (whole, features, used) if len(names) == len(first)), None)


def _misfit(recipe: Recipe, file: str, first: list[str]) -> list[Diagnostic]:
    """Why the first line fits neither by name nor by position."""
    names = [name.strip() for name in first]
    missing = [column.name for column in recipe.columns if find_name(names, column.name) is None]
    if all(read_number(name) is not None for name in names):
        values = f"{len(first)} value{'s' if len(first) > 1 else ''}"
        return [RaggedRow(file=file, line=1, found=values, expected=len(recipe.columns))]
    return [
        NoSuchColumn(source=f"`{file}`", what="column", name=name, columns=listed(names), suggestion=closest(name, names))
        for name in missing
    ]
