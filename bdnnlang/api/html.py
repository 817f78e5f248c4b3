"""A result as one piece of HTML for a notebook: it needs nothing from elsewhere, and every text is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bdnnlang.run.status import RunStatus

if TYPE_CHECKING:
    from bdnnlang.api.result import Result

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


def page(result: Result) -> str:
    """Status, numbers, rules and notes; the whole report can be unfolded."""
    (_, status), *others = result.lines()
    badge = f'<span style="{BADGE};background:{COLORS[result.status]}">{escape(status)}</span>'
    rows = "".join(_row(name, value) for name, value in others)
    rules = "" if result.file is None else _page("\n".join(result.rules()))
    report = f"<details><summary>report</summary>{_page(result.summary())}</details>"
    return f'<div><p>{badge}</p><table style="border-collapse:collapse">{rows}</table>{rules}{report}</div>'


def _row(name: str, value: str) -> str:
    return f'<tr><th style="{CELL}">{escape(name)}</th><td style="{CELL}">{escape(value)}</td></tr>'


def _page(text: str) -> str:
    return f'<pre style="{PAGE}">{escape(text)}</pre>'
