"""New rows from arrays, for a fitted Recipe: the counterpart of `data/new_rows.py`, which reads files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.api.specs import tell
from bdnnlang.data.arrays import WrongValue, as_array, of_array, table_of, wrong
from bdnnlang.data.dataset import Rows
from bdnnlang.data.diagnosis.cells import MISSING_VALUE
from bdnnlang.data.diagnosis.errors import BadCell, NoSuchColumn
from bdnnlang.data.diagnosis.oddities import oddities
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.data.table import Names, closest, listed
from bdnnlang.diagnostics import Diagnostic, Rejected

NAME = "x"  # what messages call the array


@dataclass(frozen=True, kw_only=True)
class WrongNewValue(WrongValue):
    """A value that a trained network cannot be asked about"""

    @property
    def hint(self) -> str:
        if self.problem.startswith(MISSING_VALUE):
            return "fill the value in; only a network trained with `impute` can do without it"
        return "give a number, as the training data have them in this column"


def rows_of(x: object, recipe: Recipe) -> Rows:
    """Rows from an array-like (rows, columns), or from columns by name. Raises Rejected; what is odd is a SpecWarning."""
    rows, odd = read_rows(x, recipe)
    tell(odd)
    return rows


def read_rows(x: object, recipe: Recipe) -> tuple[Rows, list[Diagnostic]]:
    """The same, and what is odd. Raises Rejected.

    Without names the columns are all those of the training data but the target, or only the used ones, in their order.
    """
    columns = _by_name(x, recipe) if hasattr(x, "keys") else _by_place(x, recipe)
    table = table_of(NAME, columns, as_text=[column.name for column in recipe.columns if not column.by_number])
    if found := recipe.check(table):
        raise Rejected(map(_of_new_rows, found))
    raw = recipe.raw(table)
    rows = Rows(x=recipe.scale(raw), raw=raw, rows=np.arange(table.rows, dtype=np.int64), recipe=recipe)
    return rows, [of_array(one) for one in oddities(table, recipe)]


def _of_new_rows(diagnostic: Diagnostic) -> Diagnostic:
    return of_array(diagnostic, WrongNewValue if isinstance(diagnostic, BadCell) else None)


def _by_name(x: Any, recipe: Recipe) -> Iterator[tuple[str, NDArray[Any]]]:
    """The used columns of a table with `keys()`, such as a dict or a DataFrame."""
    keys = list(x.keys())
    names = [str(key) for key in keys]
    index = Names(names)
    places = {column.name: index.find(column.name) for column in recipe.columns}
    missing = [name for name, place in places.items() if place is None]
    if missing:
        raise Rejected(
            NoSuchColumn(source=f"`{NAME}`", what="column", name=name, columns=listed(names), suggestion=closest(name, names))
            for name in missing
        )
    yield from ((name, as_array(NAME, x[keys[place]])) for name, place in places.items() if place is not None)


def _by_place(x: object, recipe: Recipe) -> Iterator[tuple[str, NDArray[Any]]]:
    """The used columns of an array, which go by their order."""
    array = as_array(NAME, x, 2)
    used = [column.name for column in recipe.columns]
    whole = [name for name in recipe.header if name != recipe.target]
    names = next((names for names in (whole, used) if len(names) == array.shape[1]), None)
    if names is None:
        wanted = f"{len(used)}" if len(used) == len(whole) else f"{len(used)} or {len(whole)}"
        raise wrong(NAME, f"has {array.shape[1]} columns, where {wanted} are expected", f"the columns are {listed(used)}")
    yield from ((name, array[:, names.index(name)]) for name in used)
