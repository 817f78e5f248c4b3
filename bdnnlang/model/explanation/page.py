"""A row or column of a model in words: what `bdnnc explain-row` prints."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.model.blocks import Columns, Role
from bdnnlang.model.explanation.history import Change, column_history, row_history
from bdnnlang.model.explanation.kinds import COLUMNS, Asked, Index, RowKind, row_kind
from bdnnlang.model.explanation.names import Member, find, suggestion, written
from bdnnlang.model.explanation.origin import line_of
from bdnnlang.model.explanation.terms import Terms
from bdnnlang.model.milp import Family
from bdnnlang.model.model import Model
from bdnnlang.model.text import number_text, row_text
from bdnnlang.problem.training import TrainingProblem

COLUMNS_SHOWN = 16  # of a row
ROWS_SHOWN = 6  # of a column
WIDTH = 110

_OTHERS = {
    "ONE": "a column fixed at 1, whose cost is the constant of the objective: readers disagree on how else to write one",
    "COST": "the row of the objective; the head of the file says what it counts",
}


class NoSuchName(Exception):  # noqa: N818  (it says what happened)
    """A model has no row and no column of that name; `suggestion` is one that it has, if any is near."""

    def __init__(self, name: str, suggested: str | None) -> None:
        super().__init__(name)
        self.suggestion = suggested


@dataclass(frozen=True, eq=False)
class Explainer:
    """A model whose rows and columns can be asked for by name."""

    training: TrainingProblem
    model: Model

    def page(self, name: str) -> str:
        """What the row or column of that name is. Raises NoSuchName."""
        milp = self.model.milp
        if name in _OTHERS:
            return f"{name}\n\n{_OTHERS[name]}"
        if (column := find(name, milp.col_families)) is not None and column.number is not None:
            return "\n".join([name, "", *self._column(column.number)])
        if (row := find(name, milp.row_families)) is not None:
            return "\n".join([name, "", *self._row(row)])
        raise NoSuchName(name, suggestion(name, (*milp.col_families, *milp.row_families)))

    # ---- rows

    def _row(self, row: Member) -> list[str]:
        kind = row_kind(row.family.name)
        says = kind.says.format_map(self.terms.words(kind.indices, row.index, kind.layer(row.family.name), None))
        columns = self._columns_of(row.number)
        history = row_history(self.model, row, columns, self.names)
        return [
            *_entry("says", says),
            *_entry("row", "not in the model" if row.number is None else self._row_text(row.number)),
            *_entries("columns", self._words(columns)),
            *_entries("sample", self._sample(kind.indices, row.index)),
            *_entry("equation", f"{kind.equation}   ({_source(kind)})"),
            *_history(history),
            *_entry("asked by", self._line(kind.asked, kind.layer(row.family.name), row.family.name)),
        ]

    def _words(self, columns: Ints) -> list[str]:
        shown = [f"{self.names[j]}: {self.column_words(j)}" for j in columns[:COLUMNS_SHOWN].tolist()]
        return shown + [f"and {len(columns) - COLUMNS_SHOWN} more"] * (len(columns) > COLUMNS_SHOWN)

    def _sample(self, kinds: tuple[Index, ...], index: tuple[int, ...]) -> list[str]:
        """The features of the sample that a name is about, as the data have them."""
        row = next((i for kind, i in zip(kinds, index, strict=True) if kind is Index.SAMPLE), None)
        if Index.ERROR in kinds:
            row = int(self.terms.errors[0, index[0]])
        return [] if row is None else [self.terms.features(row, COLUMNS_SHOWN)]

    def _line(self, asked: Asked, layer: int, name: str) -> str:
        return line_of(self.training.spec, asked, layer, name)

    def _row_text(self, number: int) -> str:
        start, column, value = self._by_row
        part = slice(start[number], start[number + 1])
        milp = self.model.milp
        return row_text(column[part], value[part], milp.row_lower[number], milp.row_upper[number], self.names)

    def _columns_of(self, row: int | None) -> Ints:
        if row is None:
            return np.zeros(0, dtype=np.int64)
        start, column, _ = self._by_row
        return column[start[row] : start[row + 1]]

    # ---- columns

    def _column(self, column: int) -> list[str]:
        family = self._family_of(column)
        kind, index = COLUMNS[family.role], self._index(column)
        rows = self._rows_of(column)
        kinds = {row.family.name: row_kind(row.family.name) for row in rows}
        few = len(rows) <= ROWS_SHOWN
        others = np.unique(np.concatenate([self._columns_of(row.number) for row in rows])) if few and rows else np.zeros(0, int)
        return [
            *_entry("is", self.column_words(column)),
            *_entry("column", self._box(column)),
            *_entries("means", self._meaning(family, index)),
            *_entries("rows", self._shown(rows) or ["none"]),
            *_entries("columns", self._words(others[others != column])),
            *_entries("sample", self._sample(kind.indices, index)),
            *_entries("equations", [f"{stem}: {kind.equation}   ({_source(kind)})" for stem, kind in kinds.items()]),
            *_history(column_history(self.model, column, self.names)),
            *_entry("asked by", self._line(kind.asked, family.layer, family.name)),
        ]

    def _shown(self, rows: list[Member]) -> list[str]:
        """The rows of a column; of many their names."""
        if len(rows) <= ROWS_SHOWN:
            return [f"{written(row.family, row.index)}: {self._row_text(row.number or 0)}" for row in rows]
        names = ", ".join(written(row.family, row.index) for row in rows[:ROWS_SHOWN])
        return [f"{names} and {len(rows) - ROWS_SHOWN} more"]

    def column_words(self, number: int) -> str:
        """What a column is."""
        family = self._family_of(number)
        kind = COLUMNS[family.role]
        return kind.says.format_map(self.terms.words(kind.indices, self._index(number), family.layer, family))

    def _index(self, column: int) -> tuple[int, ...]:
        family = self._family_of(column)
        return tuple(int(i) for i in np.unravel_index(column - family.first, family.shape))

    def _box(self, number: int) -> str:
        milp = self.model.milp
        kind = "integer" if milp.integrality[number] else "continuous"
        low, high = number_text(milp.col_lower[number]), number_text(milp.col_upper[number])
        cost = f", cost {number_text(milp.col_cost[number])}" if milp.col_cost[number] else ""
        return f"{kind}, from {low} to {high}{cost}"

    def _meaning(self, family: Columns, index: tuple[int, ...]) -> list[str]:
        """What a value of the column stands for, where it is not itself."""
        scaling = self.model.problem.input_scaling
        if family.layer == 1 and scaling is not None and family.role is Role.WEIGHTS:
            scale, centre = number_text(scaling.scale[index[1]]), number_text(scaling.centre[index[1]])
            return [f"the weight times {scale}, of the feature minus {centre}, up to a positive factor of the neuron (unit_rows)"]
        if family.layer == 1 and scaling is not None and family.role is Role.BIASES:
            return ["the bias for features that are centred, up to a positive factor of the neuron (unit_rows)"]
        return [f"value times {family.unit} (lattice)"] if family.unit != 1 else []

    def _rows_of(self, column: int) -> list[Member]:
        """The rows that a column stands in, in order."""
        milp = self.model.milp
        numbers = milp.index[milp.start[column] : milp.start[column + 1]].tolist()
        return [_member(number, milp.row_families) for number in numbers]

    # ---- tables

    @cached_property
    def terms(self) -> Terms:
        return Terms(self.training, self.model.built)

    @cached_property
    def names(self) -> list[str]:
        """Of all columns."""
        return [name.decode() for name in self.model.milp.col_names()]

    @cached_property
    def _by_row(self) -> tuple[Ints, Ints, np.ndarray]:
        start, column, value = self.model.milp.by_row()
        return start, column.astype(np.int64), value

    def _family_of(self, column: int) -> Columns:
        return next(family for family in self.model.problem.columns if column < family.first + family.size)


def _member(number: int, families: tuple[Family, ...]) -> Member:
    """The row with this number."""
    first = 0
    for family in families:
        if number < first + family.size:
            flat = number - first if family.kept is None else int(family.kept[number - first])
            return Member(family, tuple(int(i) for i in np.unravel_index(flat, family.shape)), number)
        first += family.size
    raise AssertionError("no such row")


def _source(kind: RowKind) -> str:
    return f"{kind.source}; docs/models.md {kind.section}" if kind.source else f"docs/models.md {kind.section}"


def _history(changes: list[Change]) -> list[str]:
    return _entries("history", [f"{change.by}: {line}" for change in changes for line in change.lines])


def _entry(key: str, text: str) -> list[str]:
    return _entries(key, [text])


def _entries(key: str, texts: list[str]) -> list[str]:
    """The texts below one another, the key before the first."""
    lines = [line for text in texts for line in textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)]
    return [f"{key if k == 0 else '':<11}{line}".rstrip() for k, line in enumerate(lines)]
