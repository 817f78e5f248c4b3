"""New rows from arrays, for a fitted Recipe: the counterpart of `data/new_rows.py`, which reads files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.api.specs import tell
from bdnnlang.data.dataset import Rows
from bdnnlang.data.diagnosis.cells import MISSING_VALUE
from bdnnlang.data.diagnosis.errors import BadCell, NoSuchColumn, TooManyDigits
from bdnnlang.data.diagnosis.oddities import oddities
from bdnnlang.data.diagnosis.row_warnings import FarOutside, UnseenCategory
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.data.table import Names, RawColumn, Table, closest, listed, raw_column
from bdnnlang.data.text.cells import PLAIN
from bdnnlang.diagnostics import Diagnostic, Rejected

NAME = "x"  # what messages call the array
LARGEST_WHOLE = 2**53  # up to here float64 has every whole number


@dataclass(frozen=True, kw_only=True)
class WrongArray(BadCell):
    """An array of a shape that fits nothing"""

    title = "`{file}` {problem}"

    line: int = 0
    column: str = ""


@dataclass(frozen=True, kw_only=True)
class WrongValue(BadCell):
    """A value that cannot be read; its row is counted from 0"""

    title = "row {line} of `{file}`, column `{column}`: {problem}{more}"

    @property
    def hint(self) -> str:
        if self.problem.startswith(MISSING_VALUE):
            return "fill the value in; only a network trained with `impute` can do without it"
        return "give a number, as the training data have them in this column"


@dataclass(frozen=True, kw_only=True)
class LongNumber(TooManyDigits):
    """A number with more digits than can be kept; its row is counted from 0"""

    title = "row {line} of `{file}`, column `{column}`: `{cell}` would be read as `{number}`{other}{more}"
    help = "round the number"


@dataclass(frozen=True, kw_only=True)
class UnseenValue(UnseenCategory):
    """A category that training has not seen; its row is counted from 0"""

    title = "row {line} of `{file}`, column `{column}`: `{value}` is not in the training data{more}"


@dataclass(frozen=True, kw_only=True)
class FarValue(FarOutside):
    """A number far outside the training range; its row is counted from 0"""

    title = "row {line} of `{file}`, column `{column}`: {value} is far outside the training range{more}"


OF_ARRAYS: dict[type[Diagnostic], type[Diagnostic]] = {
    BadCell: WrongValue,
    TooManyDigits: LongNumber,
    UnseenCategory: UnseenValue,
    FarOutside: FarValue,
}


def rows_of(x: object, recipe: Recipe) -> Rows:
    """Rows from an array-like (rows, columns), or from columns by name. Raises Rejected; what is odd is a SpecWarning.

    Without names the columns are all those of the training data but the target, or only the used ones, in their order.
    """
    table = _table(_by_name(x, recipe) if hasattr(x, "keys") else _by_place(x, recipe), recipe)
    if found := recipe.check(table):
        raise Rejected(map(_of_array, found))
    tell(map(_of_array, oddities(table, recipe)))
    raw = recipe.raw(table)
    return Rows(x=recipe.scale(raw), raw=raw, rows=np.arange(table.rows, dtype=np.int64), recipe=recipe)


def _of_array(diagnostic: Diagnostic) -> Diagnostic:
    """The same, in words that fit an array."""
    kind = OF_ARRAYS.get(type(diagnostic))
    if kind is None:
        return diagnostic
    facts = {field.name: getattr(diagnostic, field.name) for field in dataclasses.fields(diagnostic)}
    return kind(**{**facts, "more": facts["more"].replace(" line", " row")})


def _wrong(problem: str, advice: str) -> Rejected:
    return Rejected([WrongArray(file=NAME, problem=problem, advice=advice)])


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
    yield from ((name, _array(x[keys[place]])) for name, place in places.items() if place is not None)


def _by_place(x: object, recipe: Recipe) -> Iterator[tuple[str, NDArray[Any]]]:
    """The used columns of an array, which go by their order."""
    array = _array(x)
    if array.ndim != 2:
        dimensions = f"{array.ndim} dimension{'s' if array.ndim != 1 else ''}"
        raise _wrong(f"has {dimensions}, not two: rows and columns", "write one row as `[[…]]`")
    used = [column.name for column in recipe.columns]
    whole = [name for name in recipe.header if name != recipe.target]
    names = next((names for names in (whole, used) if len(names) == array.shape[1]), None)
    if names is None:
        wanted = f"{len(used)}" if len(used) == len(whole) else f"{len(used)} or {len(whole)}"
        raise _wrong(f"has {array.shape[1]} columns, where {wanted} are expected", f"the columns are {listed(used)}")
    yield from ((name, array[:, names.index(name)]) for name in used)


def _array(x: object) -> NDArray[Any]:
    try:
        return np.asarray(x)
    except ValueError:
        raise _wrong("has rows of different lengths", "give every row a value for each column") from None


def _table(columns: Iterable[tuple[str, NDArray[Any]]], recipe: Recipe) -> Table:
    by_text = {column.name for column in recipe.columns if not column.by_number}
    found = [_column(name, values, as_text=name in by_text) for name, values in columns]
    lengths = {len(column.numbers) for column in found}
    if len(lengths) > 1:
        raise _wrong("has columns of different lengths", "give every column a value for each row")
    rows = np.arange(lengths.pop(), dtype=np.int64)
    return Table(NAME, tuple(found), rows, "")


def _column(name: str, values: NDArray[Any], *, as_text: bool) -> RawColumn:
    if values.ndim != 1:
        raise _wrong(f"has no single value in each row of column `{name}`", "give one number or text a row")
    exact = values.dtype.kind in "bf" or (values.dtype.kind in "iu" and (not len(values) or _largest(values) <= LARGEST_WHOLE))
    if exact and not as_text:
        return RawColumn(name, values.astype(np.float64) + 0.0)
    return raw_column(name, _texts(values.tolist()), PLAIN, as_text=as_text)


def _largest(values: NDArray[Any]) -> int:
    return max(abs(int(values.max())), abs(int(values.min())))


def _texts(values: Sequence[object]) -> list[str]:
    """As they would stand in a file; what Python has for a missing value is none there."""
    return ["" if value is None or value != value else str(value) for value in values]
