"""What the requirements of a spec come to on each part: as lines, and as JSON."""

from __future__ import annotations

from typing import Any

from bdnnlang.problem.class_scores import parts_of
from bdnnlang.problem.requirement.base import Measured
from bdnnlang.report.summary import Summary
from bdnnlang.report.text_table import aligned

Json = dict[str, Any]


def measured(summary: Summary) -> dict[str, tuple[Measured, ...]]:
    """By the name of the part; nothing without a network or without requirements."""
    if summary.run.best is None or not summary.training.requirements:
        return {}
    network = summary.run.best.network
    return {name: summary.training.requirements.measured(network, part) for name, part in parts_of(summary.data)}


def requirement_lines(summary: Summary) -> list[str]:
    """A line a requirement: it holds on the training part, and whether it holds on the others is said."""
    found = measured(summary)
    if not found:
        return []
    names = list(found)
    rows = [["require", *names]]
    for number, one in enumerate(found["train"]):
        rows.append([f"  {one.text}", *(_cell(found[name][number]) for name in names)])
    return aligned(rows)


def _cell(one: Measured) -> str:
    return one.words if one.holds else f"{one.words}: does not hold"


def requirements_json(summary: Summary) -> Json:
    """`requirements`: of each the text, and of each part the value, exact to 17 digits, and whether it holds."""
    found = measured(summary)
    if not found:
        return {}
    return {
        "requirements": [
            {"text": one.text, **{name: _json(parts[number]) for name, parts in found.items()}}
            for number, one in enumerate(found["train"])
        ]
    }


def _json(one: Measured) -> Json:
    return {"value": None if one.value is None else float(one.value), "holds": one.holds}
