"""The accuracies of the points of a sweep, a column for those that differ in seeds and folds only."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.report.html.chart import BOTTOM, BOUND, HEIGHT, LEFT, LINE, MINUS, PLUS, RIGHT, TOP, WIDTH, Axis, text_width
from bdnnlang.report.html.markup import Element, el
from bdnnlang.report.sweeps.rows import PointRow, PointState, SweepTable
from bdnnlang.report.sweeps.text import kept_members
from bdnnlang.report.text_table import fit, percent

MOST_COLUMNS = 40
SERIES = (("train_accuracy", "train", PLUS), ("validation_accuracy", "validation", BOUND), ("test_accuracy", "test", MINUS))


@dataclass(frozen=True, slots=True)
class Column:
    """Points that are repetitions of each other, and what they have in common."""

    label: str
    rows: tuple[PointRow, ...]

    def shares(self, name: str) -> list[float]:
        return [float(value) for row in self.rows if (value := row.numbers.get(name)) is not None]


def columns_of(table: SweepTable) -> list[Column]:
    """In the order of their first points; points that have not ended have no accuracies."""
    kept = kept_members(table) if table.repetitions else list(table.members)
    of: dict[tuple[str, ...], list[PointRow]] = {}
    for row in table.rows:
        if row.state is PointState.ENDED:
            of.setdefault(tuple(row.values[name] for name in kept), []).append(row)
    return [Column(fit(", ".join(key), 24), tuple(rows)) for key, rows in of.items()]


def sweep_chart(table: SweepTable) -> Element | None:
    """A dot a point and part, and a line at their mean; None where there are none, or too many columns."""
    columns = columns_of(table)
    if not columns or len(columns) > MOST_COLUMNS:
        return None
    every = [share for column in columns for name, *_ in SERIES for share in column.shares(name)]
    y = Axis(math.floor(min(every) * 20) / 20 if min(every) < 1 else 0.9, 1.0, HEIGHT - BOTTOM, TOP)
    step = (WIDTH - LEFT - RIGHT) / len(columns)
    shown = [one for one in SERIES if any(column.shares(one[0]) for column in columns)]
    return el(
        "svg",
        el("title", "Accuracies of the points"),
        el("desc", "; ".join(_said(column) for column in columns)),
        _grid(y, table, columns, step),
        (_dots(column, LEFT + step * (k + 0.5), shown, step, y) for k, column in enumerate(columns)),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        style="max-width:44rem;min-width:27rem",
    )


def sweep_key(table: SweepTable) -> Element:
    """What the colours mean."""
    shown = [one for one in SERIES if any(column.shares(one[0]) for column in columns_of(table))]
    marks = [(el("span", class_="key", style=f"color:{colour}"), text) for _, text, colour in shown]
    return el("figcaption", (part for mark in marks for part in mark), "; a dot a run, a line at the mean")


def _said(column: Column) -> str:
    means = (f"{text} {percent(statistics.fmean(found))}" for name, text, _ in SERIES if (found := column.shares(name)))
    return f"{column.label}: {', '.join(means)}"


def _grid(y: Axis, table: SweepTable, columns: Sequence[Column], step: float) -> Element:
    lines = [el("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y.at(v), y2=y.at(v)) for v in y.ticks()]
    shares = [el("text", f"{100 * v:.3g} %", x=LEFT - 4, y=y.at(v) + 4, text_anchor="end") for v in y.ticks()]
    every = math.ceil(max(text_width(column.label) + 8 for column in columns) / step)  # whose labels have room
    below = HEIGHT - BOTTOM + 15
    labels = [
        el("text", column.label, x=LEFT + step * (k + 0.5), y=below, text_anchor="middle")
        for k, column in enumerate(columns)
        if k % every == 0
    ]
    names = ", ".join(kept_members(table) if table.repetitions else table.members)
    name = el("text", fit(names, 60), x=(LEFT + WIDTH - RIGHT) / 2, y=HEIGHT - 6, text_anchor="middle")
    return el("g", el("g", lines, style=f"stroke:{LINE}"), shares, labels, name)


def _dots(column: Column, x: float, shown: Sequence[tuple[str, str, str]], step: float, y: Axis) -> Element:
    """The parts beside each other."""
    apart = min(18.0, step / (len(shown) + 1))
    made = []
    for k, (name, text, colour) in enumerate(shown):
        at = x + apart * (k - (len(shown) - 1) / 2)
        found = column.shares(name)
        dots = [el("circle", el("title", f"{text} {percent(v)}"), cx=at, cy=y.at(v), r=3.0) for v in found]
        mean = y.at(statistics.fmean(found)) if found else None
        line = None if mean is None else el("line", x1=at - 7, x2=at + 7, y1=mean, y2=mean, stroke_width=2)
        made.append(el("g", dots, line, fill_opacity=0.55, style=f"fill:{colour};stroke:{colour}"))
    return el("g", made)
