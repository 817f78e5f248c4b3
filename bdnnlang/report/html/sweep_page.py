"""The page of a sweep: its tables and accuracies, and its best runs in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bdnnlang.report.html.markup import Element, el
from bdnnlang.report.html.page import document, run_sections
from bdnnlang.report.html.sweep_chart import sweep_chart, sweep_key
from bdnnlang.report.html.tables import numbers, wide
from bdnnlang.report.stated.reported import Reported
from bdnnlang.report.sweeps.rows import SweepTable
from bdnnlang.report.sweeps.text import ending, group_rows, kept_members, mean_of, point_rows, point_texts
from bdnnlang.report.text_table import counted

MOST_ROWS = 1000  # of the table of points
MOST_RUNS = 6  # that are shown in full


def sweep_page(name: str, about: str, table: SweepTable, runs: Sequence[Reported]) -> str:
    """The whole file; `runs`: those to show in full. Raises ValueError if the preprocessing of a network is damaged."""
    overview = el("div", el("p", ending(table)), *_overview(table), el("p", _shown(table, runs), class_="soft"), class_="panel")
    points = el("div", *_points(table), class_="panel")
    sections = [("sweep", "Sweep", overview), ("points", "Points", points), *run_sections(runs)]
    return document(name, about, sections)


def _overview(table: SweepTable) -> Iterator[Element]:
    if (chart := sweep_chart(table)) is not None:
        yield el("figure", wide(chart, "Accuracies of the points"), sweep_key(table))
    if table.repetitions:
        head, *rows = group_rows(table)
        yield numbers(mean_of(table), head, rows, texts=range(len(kept_members(table)) or 1))


def _shown(table: SweepTable, runs: Sequence[Reported]) -> str:
    if len(runs) == len(table.rows):
        return "Every run is shown in full below."
    said = "greatest validation accuracy, then of least objective" if _validated(table) else "least objective"
    return f"Shown in full below: {counted(len(runs), 'run')} of {said}. The test part has no say in that."


def _validated(table: SweepTable) -> bool:
    return any(row.numbers.get("validation_accuracy") is not None for row in table.rows)


def _points(table: SweepTable) -> Iterator[Element]:
    head, *rows = point_rows(table)
    yield numbers("Points", head, rows[:MOST_ROWS], texts=point_texts(table), hidden=True)
    if len(rows) > MOST_ROWS:
        yield el("p", f"and {len(rows) - MOST_ROWS:,} more", class_="soft")
    if table.failed:
        yield el("ul", (el("li", f"failed: {row.name}: {row.why}") for row in table.failed), class_="bad")
