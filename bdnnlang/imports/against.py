"""A network as a point of a model file: each row, bound and whole number of the file, and its objective, without rounding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import assert_never

from bdnnlang.arrays import Floats
from bdnnlang.imports.errors import rejection
from bdnnlang.model.milp import Milp
from bdnnlang.model.model import Model
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, shown, simple
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.solve import Naming, models
from bdnnlang.solve.answers.base import AnswerError, Kind
from bdnnlang.solve.files import text
from bdnnlang.solve.models.base import Bounds, Entry, IsWhole, Side, Word

WAY = "compile the spec of the run again, with its formulation: `bdnnc compile RUN/spec.bdnn -o x.mps`"
SIGNS = {"L": "<=", "G": ">=", "E": "="}


@dataclass
class Checked:
    """What a file states of a point: how much of it was tried, and in words what does not hold."""

    rows: int = 0
    bounds: int = 0
    whole: int = 0
    objective: Rational = 0  # in units of the loss
    broken: list[tuple[str, str]] = field(default_factory=list)  # `row c3`, and how it does not hold


def against(training: TrainingProblem, network: Network, path: Path) -> Checked:
    """Try the point that a network is in the model of its spec by a file of that model. Raises Rejected, OSError."""
    model = Model.for_file(training)
    try:
        checked = _tried(path, model.milp, model.encode(network))
    except AnswerError as refused:
        raise rejection(refused, path) from None
    checked.objective = simple(model.problem.unit * Fraction(checked.objective))
    return checked


def _tried(path: Path, milp: Milp, x: Floats) -> Checked:
    """Item by item: nothing of the matrix is kept."""
    point, checked = _Point(milp, x), Checked()
    activity: dict[str, Fraction] = {}
    objective = Fraction(0)
    bounded: set[str] = set()
    sides: set[str] = set()
    for item in models.read(path):
        match item:
            case Entry(row=row, value=value):
                term = value * point.at(item.column)
                if row is None:
                    objective += term
                else:
                    activity[row.text] = activity.get(row.text, Fraction(0)) + term
            case Side():
                sides.add(point.row(item.row))
                checked.broken += _side(item, activity.pop(item.row.text, Fraction(0)))
            case Bounds():
                checked.broken += _bounds(item, point.at(item.column))
                bounded.add(item.column.text)
            case IsWhole(column=column):
                checked.whole += 1
                if point.at(column).denominator != 1:
                    checked.broken.append((f"column {column.text}", f"is {_said(point.at(column))}, which is not whole"))
            case _:
                assert_never(item)
    point.check_all(bounded, sides)
    checked.rows, checked.bounds, checked.objective = len(sides), len(bounded), objective
    return checked


def _side(item: Side, activity: Fraction) -> Iterator[tuple[str, str]]:
    yield from _compared(f"row {item.row.text}", activity, item.relation, item.value)


def _bounds(item: Bounds, value: Fraction) -> Iterator[tuple[str, str]]:
    for bound, relation in ((item.lower, "G"), (item.upper, "L")):
        if bound is not None:
            yield from _compared(f"column {item.column.text}", value, relation, bound)


def _compared(what: str, value: Fraction, relation: str, limit: Fraction) -> Iterator[tuple[str, str]]:
    """Nothing where the relation holds."""
    if not {"L": value <= limit, "G": value >= limit, "E": value == limit}[relation]:
        off = float(abs(value - limit))
        yield what, f"{_said(value)} {SIGNS[relation]} {_said(limit)} does not hold, by {off:.3g}"


def _said(value: Fraction) -> str:
    return str(shown(simple(value)))


class _Point:
    """The values of a point by the names of its columns, long or short as the first one of the file is.

    A float is the shortest decimal that stands for it, as it is in files: a weight at its bound then is no more than the bound.
    """

    def __init__(self, milp: Milp, x: Floats) -> None:
        self.milp, self.x = milp, x
        self.values: dict[str, Fraction] = {}
        self.rows: set[str] = set()

    def at(self, column: Word) -> Fraction:
        """Raises AnswerError for a name that no column has."""
        if not self.values:
            self._choose(column.text)
        if column.text not in self.values:
            raise column.wrong("is no column of the model of the run", Kind.OTHER_MODEL)
        return self.values[column.text]

    def row(self, row: Word) -> str:
        if not self.rows:
            self._choose("")
        if row.text not in self.rows:
            raise row.wrong("is no row of the model of the run", Kind.OTHER_MODEL)
        return row.text

    def _choose(self, first: str) -> None:
        short = text.labels(self.milp, "short")[0].tolist()
        naming: Naming = "short" if first.encode() in short else "long"
        columns, rows = text.labels(self.milp, naming)
        self.values = {
            name.decode(): Fraction(repr(value)) for name, value in zip(columns.tolist(), self.x.tolist(), strict=True)
        }
        if self.milp.offset != 0 or not self.milp.columns:
            self.values[text.ONE] = Fraction(1)
        self.rows = {name.decode() for name in text.sides(self.milp, rows).names.tolist()}

    def check_all(self, bounded: set[str], sides: set[str]) -> None:
        """Raises AnswerError where columns or rows of the model are not in the file."""
        for kind, own, there in (("column", self.values.keys(), bounded), ("row", self.rows, sides)):
            if missing := sorted(own - there):
                problem = f"it has {len(there):,} of the {len(own):,} {kind}s of the model, and not `{missing[0]}`"
                raise AnswerError(Kind.OTHER_MODEL, problem, way=WAY)
