"""Which class each row has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.diagnosis.errors import BadCell, NoSuchClass, NotClasses, RepeatedClass, TooFewRows
from bdnnlang.data.table import RawColumn, Table, and_more, closest, listed, short
from bdnnlang.data.text.cells import is_exact, read_number
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import DataSpec, Label
from bdnnlang.source import Span

MAX_CLASSES = 50


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Rows whose class is one of those to be learnt, and the class of each."""

    classes: tuple[str, ...]
    rows: Ints  # (m,), ascending row numbers of the table
    y: Ints  # (m,), positions in `classes`

    @property
    def counts(self) -> Ints:
        """Rows of each class, (classes,)."""
        return np.bincount(self.y, minlength=len(self.classes))


def read_target(spec: DataSpec, table: Table, column: RawColumn) -> Target:
    """Find the classes of a table. Raises Rejected if the target is not one of classes."""
    span = spec.target.span if spec.target and spec.target.span else spec.source.span
    _check_present(table, column, span)
    labels = _labels(column)
    present = _ascending(set(labels))
    if spec.classes is None:
        _check_classes(column.name, present, len(labels), span)
        classes = present
    else:
        classes = _chosen(spec.classes, present)
    if len(classes) < 2:
        raise Rejected([_one_class(classes, spec.source.span if spec.classes is None else spec.classes[0].span)])
    place = {name: index for index, name in enumerate(classes)}
    y = np.array([place.get(label, -1) for label in labels], dtype=np.int64)
    rows = np.flatnonzero(y >= 0)
    return Target(classes, rows, y[rows])


def labels_among(column: RawColumn, classes: tuple[str, ...]) -> Ints:
    """The class of each row, as a position in `classes`, (rows,); −1 where it is none of them."""
    place = {name: index for index, name in enumerate(classes)}
    labels = column.as_texts.tolist()
    places = {label: place.get(label, place.get(_name(label), -1)) for label in set(labels)}
    return np.array([places[label] for label in labels], dtype=np.int64)


def _check_present(table: Table, column: RawColumn, span: Span | None) -> None:
    missing = np.flatnonzero(column.missing)
    if not len(missing):
        return
    more = and_more(len(missing))
    file, line = table.source.removeprefix("csv "), int(table.lines[missing[0]])
    problem, advice = "the class is missing", "remove the row, or write its class"
    if column.codes:
        code = column.codes[0]
        problem = f"the class is missing, since `{code}` counts as missing"
        advice = f"if `{code}` is a class, write `missing = []`: then only an empty cell is missing"
    raise Rejected([BadCell(file=file, line=line, column=column.name, problem=problem, advice=advice, more=more, span=span)])


def _labels(column: RawColumn) -> list[str]:
    """Labels as texts; numbers, if all are numbers, as short as they can be written."""
    labels: list[str] = column.as_texts.tolist()
    names = {label: _name(label) for label in set(labels)}
    return [names[label] for label in labels] if _all_numbers(names) else labels


def _name(label: str) -> str:
    """A number as short as it can be written, if it can be written so."""
    number = read_number(label)
    return label if number is None or not is_exact(label, number) else short(number)


def _all_numbers(labels: dict[str, str] | set[str]) -> bool:
    return all(read_number(label) is not None for label in labels)


def _ascending(labels: set[str]) -> tuple[str, ...]:
    if _all_numbers(labels):
        return tuple(sorted(labels, key=lambda label: (float(label), len(label), label)))  # of two that look alike the shorter
    return tuple(sorted(labels))


def _check_classes(column: str, present: tuple[str, ...], rows: int, span: Span | None) -> None:
    if len(present) > MAX_CLASSES or 2 < len(present) > rows / 2:
        raise Rejected([NotClasses(column=column, values=len(present), rows=rows, span=span)])


def _chosen(labels: tuple[Label, ...], present: tuple[str, ...]) -> tuple[str, ...]:
    """The classes a spec lists, in its order."""
    diagnostics: list[Diagnostic] = []
    spans: dict[str, Span | None] = {}
    for label in labels:
        name = str(label.key)
        name = name if name in present else _name(name)
        if name not in present:
            likely = closest(name, present)
            diagnostics.append(NoSuchClass(name=name, classes=listed(present), span=label.span, suggestion=likely))
        elif name in spans:
            diagnostics.append(RepeatedClass(name=name, span=label.span, second=spans[name]))
        else:
            spans[name] = label.span
    if diagnostics:
        raise Rejected(diagnostics)
    return tuple(spans)


def _one_class(classes: tuple[str, ...], span: Span | None) -> TooFewRows:
    problem = f"`{classes[0]}` is the only class"
    return TooFewRows(problem=problem, advice="a network needs two classes to tell apart", span=span)


def check_rows(counts: Counter[str], needed: int, why: str, advice: str, span: Span | None) -> list[TooFewRows]:
    """One diagnostic for each class with fewer rows than `needed`."""
    return [
        TooFewRows(
            problem=f"class `{name}` has {count} row{'s' if count > 1 else ''}, but {needed} are needed: {why}",
            advice=advice,
            span=span,
        )
        for name, count in counts.items()
        if count < needed
    ]
