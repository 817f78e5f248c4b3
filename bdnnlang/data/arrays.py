"""Arrays as tables: columns of numbers or texts from whatever Python programs have, and what is wrong with them."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import compact
from bdnnlang.data.diagnosis.cells import MISSING_VALUE, check_column
from bdnnlang.data.diagnosis.errors import BadCell, NotClasses, TooManyDigits, TooMuchData
from bdnnlang.data.diagnosis.row_warnings import FarOutside, UnseenCategory
from bdnnlang.data.table import Cells, RawColumn, Table, excess, raw_column
from bdnnlang.data.target import Target, read_target
from bdnnlang.data.text.cells import PLAIN
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Csv, DataSpec, Label

SAMPLES, LABELS = "x", "y"  # what messages call the arrays
ARRAYS, TARGET = "arrays", "class"  # the source, and the column of labels
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
            return "fill the value in, or leave the row out"
        return "leave the row out" if "class is missing" in self.problem else "give a finite number, in other units if need be"


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


def of_array(diagnostic: Diagnostic, kind: type[Diagnostic] | None = None) -> Diagnostic:
    """The same, in words that fit an array; `kind`: in whose words, if not those of the table."""
    kind = kind or OF_ARRAYS.get(type(diagnostic))
    if kind is None:
        return diagnostic
    facts = {field.name: getattr(diagnostic, field.name) for field in dataclasses.fields(diagnostic)}
    return kind(**{**facts, "more": facts["more"].replace(" line", " row")})


def wrong(name: str, problem: str, advice: str) -> Rejected:
    """The error that says what is wrong with an array as a whole."""
    return Rejected([WrongArray(file=name, problem=problem, advice=advice)])


def as_array(name: str, values: object, dimensions: int | None = None) -> NDArray[Any]:
    """An array-like as an array. Raises Rejected."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise wrong(name, "has rows of different lengths", "give every row a value for each column") from None
    if dimensions is not None and array.ndim != dimensions:
        has = f"has {array.ndim} dimension{'s' if array.ndim != 1 else ''}"
        if dimensions == 1:
            raise wrong(name, f"{has}, not one", "give one value for each row")
        raise wrong(name, f"{has}, not two: rows and columns", "write one row as `[[…]]`")
    return array


def table_of(name: str, columns: Iterable[tuple[str, NDArray[Any]]], as_text: Iterable[str] = ()) -> Table:
    """Named columns as a table; those of `as_text` keep how their values are written. Raises Rejected."""
    texts = set(as_text)
    found = [_column(name, title, values, as_text=title in texts) for title, values in columns]
    lengths = {len(column.numbers) for column in found}
    if len(lengths) > 1:
        raise wrong(name, "has columns of different lengths", "give every column a value for each row")
    return Table(name, tuple(found), np.arange(max(lengths, default=0), dtype=np.int64), "")


def _column(name: str, title: str, values: NDArray[Any], *, as_text: bool) -> RawColumn:
    if values.ndim != 1:
        raise wrong(name, f"has no single value in each row of column `{title}`", "give one number or text a row")
    exact = values.dtype.kind in "bf" or (values.dtype.kind in "iu" and (not len(values) or _largest(values) <= LARGEST_WHOLE))
    if exact and not as_text:
        return RawColumn(title, compact(values.astype(np.float64) + 0.0))
    return raw_column(title, Cells(texts_of(values)), PLAIN, as_text=as_text)


def _largest(values: NDArray[Any]) -> int:
    return max(abs(int(values.max())), abs(int(values.min())))


def texts_of(values: NDArray[Any]) -> Sequence[str]:
    """As they would stand in a file; truth is 1 or 0, and what Python has for a missing value is empty."""
    return [_text(value) for value in values.tolist()]


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


# ---- samples to train on


def samples_of(
    x: object, y: object, feature_names: Sequence[str] | None, class_names: Sequence[str] | None
) -> tuple[Table, Target]:
    """Features and, as the last column, labels; and which class each sample has. Raises Rejected."""
    features = table_of(SAMPLES, _features(x, feature_names))
    labels = _labels(y, class_names, features.rows)
    if limit := excess(features.rows, len(features.columns)):
        raise Rejected([TooMuchData(what=f"`{SAMPLES}`", limit=limit)])
    found = [wrong for column in features.columns for wrong in check_column(features, column, number=True, imputed=False)]
    if found:
        raise Rejected(map(of_array, found))
    target = RawColumn(_free(TARGET, features.names), np.full(len(labels), np.nan), np.array(labels, dtype=object))
    classes = None if class_names is None else tuple(map(Label, class_names))
    of_labels = replace(features, source=LABELS, columns=(target,))
    try:
        found_classes = read_target(DataSpec(Csv(ARRAYS), classes=classes), of_labels, target)
    except Rejected as rejected:
        raise Rejected(map(_of_labels, rejected.diagnostics)) from None
    table = replace(features, source=ARRAYS, columns=(*features.columns, target), sha256=_digest(features, labels))
    return table, found_classes


def _features(x: Any, names: Sequence[str] | None) -> list[tuple[str, NDArray[Any]]]:
    """Columns with their names. Raises Rejected."""
    if hasattr(x, "keys"):
        columns = [as_array(SAMPLES, x[key]) for key in x.keys()]  # noqa: SIM118  (a DataFrame is no dict)
        known = [str(key) for key in x.keys()]  # noqa: SIM118
    else:
        columns = list(as_array(SAMPLES, x, 2).T)
        known = [f"x{j + 1}" for j in range(len(columns))]
    if not columns or not columns[0].size:
        raise wrong(SAMPLES, "has no values", "give a row for each sample, and a column for each feature")
    known = known if names is None else [str(name) for name in names]
    if len(known) != len(columns):
        raise wrong("feature_names", f"has {len(known)} names for {len(columns)} columns of `{SAMPLES}`", "name each column once")
    twice = next((name for j, name in enumerate(known) if not name.strip() or name in known[:j]), None)
    if twice is not None:
        raise wrong("feature_names", f"has an empty name, or one twice: `{twice}`", "name each column once")
    return list(zip(known, columns, strict=True))


def _labels(y: object, names: Sequence[str] | None, rows: int) -> list[str]:
    """The label of each sample as a text. Raises Rejected."""
    given = as_array(LABELS, y, 1)
    labels = list(texts_of(given))
    if len(labels) != rows:
        raise wrong(LABELS, f"has {len(labels)} labels for {rows} rows of `{SAMPLES}`", "give one label for each row")
    if names is None:
        return labels
    known = {text: str(name) for k, name in enumerate(names) for text in (str(k), f"{k}.0")}
    if any(isinstance(label, str) for label in given.tolist()) and set(labels) <= {"", *map(str, names)}:
        return labels
    odd = next((i for i, label in enumerate(labels) if label and label not in known), None)
    if odd is not None:
        problem = f"has the label `{labels[odd][:40]}` in row {odd}, which has no name among the {len(names)} `class_names`"
        raise wrong(LABELS, problem, "with `class_names` labels are names there, or 0, 1, …: their positions")
    return [known.get(label, "") for label in labels]


def _free(name: str, taken: Sequence[str]) -> str:
    """`name`, or with the first number that makes it one that is not taken."""
    numbered = (f"{name}{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def _of_labels(diagnostic: Diagnostic) -> Diagnostic:
    if not isinstance(diagnostic, NotClasses):
        return of_array(diagnostic)
    problem = f"has {diagnostic.values} different labels for {diagnostic.rows} rows, too many to be classes"
    return WrongArray(file=LABELS, problem=problem, advice="give each class one label, and each several samples")


def _digest(features: Table, labels: Sequence[str]) -> str:
    """Of numbers, names and labels."""
    digest = hashlib.sha256()
    for column in features.columns:
        digest.update(np.ascontiguousarray(column.numbers, dtype="<f8").tobytes())
    digest.update("\n".join([*features.names, *labels]).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
