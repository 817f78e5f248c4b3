"""New rows for a fitted Recipe: what `bdnnc predict` reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bdnnlang.data.dataset import Rows
from bdnnlang.data.diagnosis.cells import MISSING_VALUE
from bdnnlang.data.diagnosis.errors import BadCell, NoSuchColumn, RaggedRow
from bdnnlang.data.diagnosis.oddities import oddities
from bdnnlang.data.diagnosis.row_warnings import ByPosition, ColumnTwice
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.data.table import RawColumn, Table, called, closest, listed
from bdnnlang.data.text.csvfile import DELIMITERS, CsvReader
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Csv

MOST_MISSING = 10  # columns that are named


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NewRows(Rows):
    """Rows of a file, and the file itself."""

    table: Table  # needed columns and the target called as in the recipe, each name once
    reader: CsvReader
    warnings: tuple[Diagnostic, ...]  # about them

    @property
    def target(self) -> RawColumn | None:
        """The column of classes, if the file has it."""
        names = self.table.names
        return self.table.columns[names.index(self.recipe.target)] if self.recipe.target in names else None

    def cells(self, places: Sequence[int]) -> list[list[str]]:
        """The cells of some columns as written, a list a row."""
        rows = (row for _, row in self.reader.rows())
        if self.reader.source.header:
            next(rows)
        return [[row[place] for place in places] for row in rows]

    @property
    def titles(self) -> list[str]:
        """Names of the columns as the file has them; where it has none, those that they are taken to be."""
        return [name.strip() for name in self.reader.first] if self.reader.source.header else list(self.table.names)


def load_rows(path: Path, recipe: Recipe, source: Csv | None = None, name: str | None = None) -> NewRows:
    """Read a csv file of new rows. Raises Rejected with everything that is wrong.

    Columns go by name if the first line names all that are needed (others are ignored), else, if that line is a row, by
    position: all columns of the training data, or all but the target, or only the used ones. `source` says how the file is
    read, but for its delimiter, which may be another one; `name` is what messages call it.
    """
    reader, names, named = _layout(path, recipe, source or Csv(path.name), name or path.name)
    as_text = {column.name for column in recipe.columns if not column.by_number} | {recipe.target}
    table = reader.table(names=_once(names), as_text=as_text)
    diagnostics = recipe.check(table)
    if diagnostics:
        raise Rejected(map(_for_new_rows, diagnostics))
    warnings = _twice(reader, recipe, names) if named else _by_order(reader, recipe, names)
    raw = recipe.raw(table)
    return NewRows(
        x=recipe.scale(raw),
        raw=raw,
        rows=np.arange(table.rows, dtype=np.int64),
        recipe=recipe,
        table=table,
        reader=reader,
        warnings=(*warnings, *oddities(table, recipe)),
    )


def _for_new_rows(error: Diagnostic) -> Diagnostic:
    """With advice that a network which is trained already allows."""
    if isinstance(error, BadCell) and error.problem.startswith(MISSING_VALUE):
        return replace(error, advice="fill the value in; only a network trained with `impute` can do without it")
    return error


def _layout(path: Path, recipe: Recipe, source: Csv, file: str) -> tuple[CsvReader, list[str], bool]:
    """The file under the delimiter that fits, names of its columns, and whether its first line gives them."""
    marks = dict.fromkeys((source.delimiter, *DELIMITERS))
    tried = [CsvReader(path, file, replace(source, delimiter=mark, header=True)) for mark in marks]
    readers = [reader for reader in tried if _is_table(reader)]
    if not readers:
        tried[0].check_delimiter()  # says what is wrong
    for reader in readers:
        if names := _by_name(recipe, reader.first):
            return reader, names, True
    for reader in readers:
        if names := _by_position(recipe, reader):
            return CsvReader(path, file, replace(reader.source, header=False)), names, False
    raise Rejected(_misfit(recipe, max(readers or tried, key=lambda reader: len(reader.first))))


def _is_table(reader: CsvReader) -> bool:
    """Can the file be read so?"""
    try:
        return bool(reader.first)
    except Rejected:
        return False


def _by_name(recipe: Recipe, first: list[str]) -> list[str] | None:
    """Names of a file's columns, those that are known called as in the recipe; None if a needed one is not there."""
    features = [column.name for column in recipe.columns]
    names = called([*features, recipe.target], [name.strip() for name in first])
    return names if set(features) <= set(names) else None


def _by_position(recipe: Recipe, reader: CsvReader) -> list[str] | None:
    """Names of the columns of a file whose first line is a row; None if it is none, or their count does not fit."""
    used = [column.name for column in recipe.columns]
    all_columns = list(recipe.header)
    features = [name for name in all_columns if name != recipe.target]
    names = next((names for names in (all_columns, features, used) if len(names) == len(reader.first)), None)
    return names if names and _is_row(recipe, names, reader) else None


def _is_row(recipe: Recipe, names: list[str], reader: CsvReader) -> bool:
    """Are there numbers where numbers are due, or else a known category?"""
    cells = {name: cell.strip() for name, cell in zip(names, reader.first, strict=True)}
    numbers = [cells[column.name] for column in recipe.columns if column.by_number]
    if any(reader.style.number(cell) is None and not reader.style.is_missing(cell) for cell in numbers):
        return False
    known = any(cells[column.name] in column.categories for column in recipe.columns if not column.by_number)
    return known or any(reader.style.number(cell) is not None for cell in numbers)


def _once(names: Sequence[str]) -> list[str]:
    """Each name once: the first of two keeps it."""
    first = {name: j for j, name in reversed(list(enumerate(names)))}
    return [name if first[name] == j else f"{name} (column {j + 1})" for j, name in enumerate(names)]


def _twice(reader: CsvReader, recipe: Recipe, names: Sequence[str]) -> list[Diagnostic]:
    line = next(reader.rows())[0]
    counts = Counter(names)
    twice = [column.name for column in recipe.columns if counts[column.name] > 1]
    return [ColumnTwice(file=reader.file, line=line, column=name) for name in twice]


def _by_order(reader: CsvReader, recipe: Recipe, names: Sequence[str]) -> list[Diagnostic]:
    """Said unless the training data had no header either."""
    if list(recipe.header[:-1]) == [f"x{j}" for j in range(1, len(recipe.header))] and len(names) >= len(recipe.header) - 1:
        return []
    return [ByPosition(file=reader.file, columns=listed(names))]


def _misfit(recipe: Recipe, reader: CsvReader) -> list[Diagnostic]:
    """Why the first line fits neither by name nor by position."""
    names = [name.strip() for name in reader.first]
    known = called([*(column.name for column in recipe.columns), recipe.target], names)
    missing = [column.name for column in recipe.columns if column.name not in known]
    if all(reader.style.number(name) is not None for name in names):
        values = f"{len(names)} value{'s' if len(names) > 1 else ''}"
        return [RaggedRow(file=reader.file, line=next(reader.rows())[0], found=values, expected=len(recipe.columns))]
    return [
        NoSuchColumn(source=f"`{reader.file}`", what="column", name=name, columns=listed(names), suggestion=closest(name, names))
        for name in missing[:MOST_MISSING]
    ]
