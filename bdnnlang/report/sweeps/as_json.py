"""`sweep.json` and `sweep.csv` (docs/sweeps.md)."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Any

import bdnnlang
from bdnnlang.report.sweeps.rows import NUMBERS, Group, PointRow, SweepTable

Json = dict[str, Any]
SCHEMA = 1  # of `sweep.json`


def sweep_json(table: SweepTable, origin: Json) -> Json:
    """The content of `sweep.json`; `origin`: `created`, `command` and `spec`."""
    return {
        "schema": SCHEMA,
        "bdnnc": bdnnlang.__version__,
        **origin,
        "members": list(table.members),
        "repetitions": list(table.repetitions),
        "points": [point_json(row) for row in table.rows],
        "summary": [_group_json(group) for group in table.groups()],
    }


def point_json(row: PointRow) -> Json:
    return {
        "folder": row.name,
        "values": dict(row.values),
        "spec_sha256": row.spec_sha256,
        "state": row.state.value,
        "status": row.status and row.status.value,
        **{name: row.numbers.get(name) for name in NUMBERS},
        "why": row.why or None,
    }


def _group_json(group: Group) -> Json:
    spreads = {name: asdict(group.spreads[name]) if name in group.spreads else None for name in NUMBERS}
    return {"values": dict(group.values), "points": group.points, "ended": group.ended, **spreads}


def sweep_csv(table: SweepTable) -> str:
    """A line a point, under the names of members and numbers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*table.members, "state", "status", *NUMBERS, "folder", "why"])
    for row in table.rows:
        numbers = ["" if (value := row.numbers.get(name)) is None else value for name in NUMBERS]
        writer.writerow([*(row.values[name] for name in table.members), row.state, row.status or "", *numbers, row.name, row.why])
    return text.getvalue()
