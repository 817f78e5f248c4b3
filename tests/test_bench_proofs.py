"""`specs/bench/proofs.py`: the section, from made-up cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scripts import script

proofs = script("bench/proofs.py")


def cell(spec: str, kind: str, ended: str, time: float, bound: float, verified: float) -> dict[str, Any]:
    proved = ended != "limit"
    run = {"bound": bound, "verified": verified}
    return {"spec": spec, "kind": kind, "ended": ended, "proved": proved, "time": time, "runs": [run]}


CELLS = [
    cell("a", "tight/scip", "limit", 60.0, 0, 5),
    cell("a", "schedule", "optimal", 2.4, 4, 4),
    cell("b", "tight/scip", "at margin", 12.0, 1, 1),
    cell("b", "schedule", "optimal", 3.0, 0, 0),
    cell("c", "tight/scip", "limit", 60.0, 0, 10),
    cell("c", "schedule", "limit", 60.0, 4, 10),
    cell("d", "tight/scip", "optimal", 1.0, 0, 0),
    cell("d", "schedule", "limit", 60.0, 0, 1),
]


def test_the_section_has_the_hard_ones_and_counts_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"date": "2026-11-26", "cells": CELLS}))
    page = tmp_path / "page.md"
    assert proofs.main([str(tmp_path / "a.json"), "--page", str(page)]) == 0
    lines = page.read_text().splitlines()
    assert [line for line in lines if line.startswith("| `")][:3] == [
        "| `a` | 0 … 5 | – | 4 | 2.40 | ≥ 25 |",
        "| `b` | 1, at margin | 12.00 | 0 | 3.00 | 4.0 |",
        "| `c` | 0 … 10 | – | 4 … 10 | – |  |",
    ]
    assert [line for line in lines if line.startswith("- ")] == [
        "- of these 3, `tight` proves 1, `schedule` 2",
        "- of the other 1, which `tight` proves in 5 s, `schedule` proves 0",
        "- specs that only `tight` proves: `d`",
        "- geometric mean of the ratios: ≥ 10.0",
    ]


@pytest.mark.parametrize("ended", ["optimal", "at margin"])
def test_what_is_proved_soon_has_no_row(ended: str) -> None:
    easy = [cell("e", kind, ended, 5.0, 1, 1) for kind in ("tight/scip", "schedule")]
    assert "`e`" not in proofs.section([{"date": "today", "cells": easy}])
