"""A result as HTML: a piece of it for a notebook, or a page. It needs nothing from elsewhere, and every text is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.files import write_text
from bdnnlang.report.html.markup import Element, el
from bdnnlang.run.status import RunStatus

if TYPE_CHECKING:
    from bdnnlang.api.result import Result
    from bdnnlang.network.export.network_json import NetworkFile
    from bdnnlang.report.sweeps.rows import SweepTable

COLORS = {
    RunStatus.OPTIMAL: "#1a7f37",
    RunStatus.OPTIMAL_AT_MARGIN: "#0e7490",
    RunStatus.FEASIBLE: "#9a6700",
    RunStatus.INTERRUPTED: "#9a6700",
    RunStatus.CLAIM_REJECTED: "#b42318",
    RunStatus.INFEASIBLE: "#b42318",
    RunStatus.NO_NETWORK: "#b42318",
}
BADGE = "color:#fff;padding:1px 8px;border-radius:9px;font-weight:600"
CELL = "text-align:left;padding:1px 14px 1px 0;vertical-align:top"
PAGE = "white-space:pre;overflow-x:auto;font-size:90%;line-height:1.35"


def piece(result: Result) -> str:
    """Status, numbers, the network drawn, its rules, and notes; the whole report can be unfolded."""
    (_, status), *others = result.lines()
    badge = el("span", status, style=f"{BADGE};background:{COLORS[result.status]}")
    rows = [el("tr", el("th", name, scope="row", style=CELL), el("td", value, style=CELL)) for name, value in others]
    return str(
        el(
            "div",
            el("p", badge),
            el("table", rows, style="border-collapse:collapse"),
            None if result.file is None else [_drawn(result.file), _text("\n".join(result.rules()))],
            el("details", el("summary", "report"), _text(result.summary())),
        )
    )


def sweep_piece(table: SweepTable) -> str:
    """The accuracies drawn, and the tables."""
    from bdnnlang.report.html.sweep_chart import sweep_chart, sweep_key
    from bdnnlang.report.sweeps.text import report_text

    chart = sweep_chart(table)
    figure = None if chart is None else el("figure", chart, sweep_key(table), style="margin:0")
    return str(el("div", figure, _text(report_text(table))))


def _drawn(file: NetworkFile) -> Element:
    """In the colours of the notebook."""
    from bdnnlang.report.html.drawing import drawing

    return el("div", drawing(file), style="overflow-x:auto")


def _text(text: str) -> Element:
    return el("pre", text, style=PAGE)


def write_page(result: Result, path: Path) -> Path:
    """The page of one run. Raises CannotRead, OSError."""
    from bdnnlang.folder.reported import reported
    from bdnnlang.report.html.page import page
    from bdnnlang.report.stated.of_summary import reported_of

    if result.run is not None:
        run = reported_of(result.run, result.facts, result.run.data.source)
    else:
        assert result.folder is not None
        run = reported(result.folder)
    write_text(path, page([run]))
    return path
