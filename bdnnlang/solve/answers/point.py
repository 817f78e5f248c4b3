"""What a file states, as a point of a program: each value at its column, and nothing accepted that is no solution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.answers.base import Again, AnswerError, Bits, Header, Item, Kind, Named, Numbered, Place
from bdnnlang.solve.files import text
from bdnnlang.solve.files.text import Naming
from bdnnlang.solve.outcome import UnsupportedModelError
from bdnnlang.solve.pseudo_boolean import pseudo_boolean
from bdnnlang.strict_json import printable

WHOLE = 5e-5  # how far an integer column may be off: programs allow 1e-5 and print eight digits
ROWS = 1e-5  # how far a row may be off, of the largest of its terms, or of 1
NO_NAMING = "leave out `--names` (`names`): which names a file has, if any, is recognised"
UNSOLVED = ("infeasible", "stopped", "limit", "interrupt")  # in the status of a program that may have no solution
CLAIM = 1e-4  # how far an objective may be from the one that the file says, likewise


@dataclass
class Stated:
    """The values of a file: `x` (columns,), NaN where it has none, and what it says of them."""

    x: Floats
    header: Header = field(default_factory=Header)
    places: dict[int, Place] = field(default_factory=dict)  # of the values that are not whole, though they should be
    by_order: bool = False  # have the values no names?

    @property
    def is_given(self) -> NDArray[np.bool_]:
        """(columns,)"""
        return ~np.isnan(self.x)

    @property
    def filled(self) -> Floats:
        """With 0 where the file has no value, (columns,): programs leave zeros out."""
        return np.where(self.is_given, self.x, 0.0)


class Columns:
    """The columns of a program by the names that they have in files, long or short, and by their order.

    `naming`: names of this kind and no others; None: both are recognised.
    """

    def __init__(self, milp: Milp, naming: Naming | None = None) -> None:
        self.milp, self.naming = milp, naming
        self.has_one = milp.offset != 0 or not milp.columns  # then files have a column of that name at the end
        kinds: tuple[Naming, ...] = ("short", "long") if naming is None else (naming,)
        self.places = {name: place for kind in kinds for place, name in enumerate(self._names(kind))}
        self._rows: set[str] | None = None

    def _names(self, naming: Naming) -> list[str]:
        return [name.decode() for name in text.labels(self.milp, naming)[0].tolist()]

    @property
    def count(self) -> int:
        """As files have them."""
        return self.milp.columns + self.has_one

    def unknown(self, item: Named) -> AnswerError:
        """What to say of a name that no column has."""
        other: Naming = "short" if self.naming == "long" else "long"
        if self.naming is None or item.name not in self._names(other):
            return AnswerError(Kind.OTHER_MODEL, f"`{printable(item.name)}` is no column of the model", item.place)
        problem = f"`{printable(item.name)}` is one of the {other} names, and the file should have {self.naming} ones"
        return AnswerError(Kind.OTHER_MODEL, problem, item.place, NO_NAMING)

    def check_nameless(self, place: Place | None) -> None:
        """Raises AnswerError for values without names, where it is said which they have."""
        if self.naming is not None:
            raise AnswerError(Kind.OTHER_MODEL, "its values have no names", place, NO_NAMING)

    def is_row(self, name: str) -> bool:
        """Programs that print all of a model print its rows too."""
        if self._rows is None:
            named = [row.decode() for naming in ("long", "short") for row in text.labels(self.milp, naming)[1].tolist()]
            self._rows = {text.COST, *named}
        return name.removesuffix(text.LOWER_SIDE.decode()) in self._rows


def collect(items: Iterable[Item], columns: Columns) -> Stated:
    """Each value at its column. Raises AnswerError for a column that the program has not, or one that has two values."""
    milp = columns.milp
    stated = Stated(np.full(milp.columns, np.nan))
    for item in items:
        match item:
            case Header():
                stated.header = _merged(stated.header, item)
            case Again():
                stated = Stated(np.full(milp.columns, np.nan))
            case Named(name=name):
                column = columns.places.get(name)
                if column is None and name != text.ONE and not columns.is_row(name):
                    raise columns.unknown(item)
                if column is not None:
                    _set(stated, column, item, milp)
            case Numbered(number=number, of=of):
                columns.check_nameless(item.place)
                if of != columns.count:
                    raise AnswerError(Kind.OTHER_MODEL, f"it has {of:,} columns, and the model {columns.count:,}", item.place)
                stated.by_order = True
                if number <= milp.columns:
                    _set(stated, number - 1, item, milp)
            case Bits():
                columns.check_nameless(item.line.place())
                _set_bits(stated, item, milp)
            case _:
                assert_never(item)
    if not stated.is_given.any():
        said = f", and says `{printable(stated.header.status)}`" if stated.header.status else ""
        raise AnswerError(Kind.NO_SOLUTION, f"it holds no values{said}")
    return stated


def _merged(before: Header, item: Header) -> Header:
    objective = before.objective if item.objective is None else item.objective
    return Header(item.status or before.status, objective)


def _set(stated: Stated, column: int, item: Named | Numbered, milp: Milp) -> None:
    if not np.isnan(stated.x[column]):
        raise AnswerError(Kind.DAMAGED, f"`{milp.col_names()[column].decode()}` has two values", item.place)
    stated.x[column] = value = item.value
    if milp.integrality[column] and abs(value - round(value)) > WHOLE and (place := item.place) is not None:
        stated.places.setdefault(column, place)


def _set_bits(stated: Stated, item: Bits, milp: Milp) -> None:
    """Columns of the bits of an OPB file of the program; those that a solver leaves out are in no row of it."""
    if milp.order is not None:
        raise AnswerError(Kind.OTHER_MODEL, "OPB files are never in another order (`--permute`)", item.line.place())
    try:
        program = pseudo_boolean(milp, "an OPB file")
    except UnsupportedModelError as refused:
        raise AnswerError(Kind.OTHER_MODEL, f"there is no OPB file of this model: {refused}", item.line.place()) from None
    if (largest := max(item.values)) > max(1, program.variables):
        problem = f"it has a variable x{largest}, and the OPB file of the model {program.variables:,} variables"
        raise AnswerError(Kind.OTHER_MODEL, problem, item.line.place())
    bits = np.array([item.values.get(number, False) for number in range(1, program.variables + 1)], dtype=np.int64)
    stated.x = program.decode(bits)
    if item.objective is not None:
        meant = (item.objective + program.offset) / program.scale
        stated.header = Header(stated.header.status, meant)


# ---- is it a solution?


def check(stated: Stated, milp: Milp) -> Floats:
    """The point (columns,), integer columns rounded, if the values satisfy the program. Raises AnswerError."""
    try:
        return _checked(stated, milp)
    except AnswerError as refused:
        if not any(word in stated.header.status.lower() for word in UNSOLVED):
            raise
        said = f"it says `{printable(stated.header.status)}`, and {refused.problem}"
        raise AnswerError(Kind.NO_SOLUTION, said, refused.place) from None


def _checked(stated: Stated, milp: Milp) -> Floats:
    x = stated.filled
    _check_whole(stated, x, milp)
    _check_box(stated, x, milp)
    _check_rows(x, milp)
    _check_cones(x, milp)
    point = np.where(milp.integrality == 1, np.rint(x), x)
    _check_objective(stated.header, milp.objective(point), milp)
    return point


def _check_whole(stated: Stated, x: Floats, milp: Milp) -> None:
    """Raises AnswerError for a fraction where there should be a whole number."""
    off = np.where(milp.integrality == 1, np.abs(x - np.rint(x)) - 1e-7 * np.abs(x), 0.0)
    if off.max(initial=0.0) <= WHOLE:
        return
    worst = int(off.argmax())
    place = stated.places.get(worst) or next(iter(stated.places.values()), None)
    fraction = f"`{milp.col_names()[worst].decode()}` is {x[worst]:.9g}, and has to be a whole number"
    # Values without names are those of an integer solution, by what is written before them: then their order is another one.
    raise AnswerError(Kind.NOT_SATISFIED if stated.by_order else Kind.RELAXATION, fraction, place)


def _check_box(stated: Stated, x: Floats, milp: Milp) -> None:
    off = np.maximum(milp.col_lower - x, x - milp.col_upper) / np.maximum(1.0, np.abs(np.clip(x, milp.col_lower, milp.col_upper)))
    if off.max(initial=0.0) <= ROWS:
        return
    worst = int(off.argmax())
    name, low, high = milp.col_names()[worst].decode(), milp.col_lower[worst], milp.col_upper[worst]
    said = f"`{name}` is {x[worst]:.9g}" if stated.is_given[worst] else f"`{name}` has no value, and cannot be 0"
    raise AnswerError(Kind.NOT_SATISFIED, f"{said}: its bounds are {low:g} and {high:g}")


def _check_rows(x: Floats, milp: Milp) -> None:
    terms = milp.value * x[milp.column_of]
    size = np.ones(milp.rows)
    np.maximum.at(size, milp.index, np.abs(terms))
    activity = np.bincount(milp.index, weights=terms, minlength=milp.rows)
    off = np.maximum(milp.row_lower - activity, activity - milp.row_upper) / size
    if off.max(initial=0.0) <= ROWS:
        return
    worst, count = int(off.argmax()), int((off > ROWS).sum())
    name = milp.row_names()[worst].decode()
    broken = f"its values break {count:,} of the {milp.rows:,} rows, `{name}` by {off[worst] * size[worst]:.3g}"
    raise AnswerError(Kind.NOT_SATISFIED, broken)


def _check_cones(x: Floats, milp: Milp) -> None:
    for cone in milp.cones:
        if cone.violation(x) > ROWS * max(1.0, abs(float(x[cone.bound]))):
            problem = f"its values break the cone of `{milp.col_names()[cone.bound].decode()}` by {cone.violation(x):.3g}"
            raise AnswerError(Kind.NOT_SATISFIED, problem)


def _check_objective(header: Header, objective: float, milp: Milp) -> None:
    """Raises AnswerError where a file says another objective than its own values have: a part of it is lost."""
    said = header.objective
    if said is not None and abs(said - objective) > CLAIM * max(
        1.0, abs(objective), float(np.abs(milp.col_cost).max(initial=0.0))
    ):
        raise AnswerError(Kind.NOT_SATISFIED, f"it says that the objective is {said:.9g}, and its values come to {objective:.9g}")
