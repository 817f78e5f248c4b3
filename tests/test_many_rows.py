"""`specs/many_rows.py`: a table that is the same each time, and a short spec that ends with more than a constant network."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from bdnnlang import cli

SCRIPT = Path(__file__).parent.parent / "specs" / "many_rows.py"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def test_the_rows_are_the_same_each_time(script: dict[str, Any]) -> None:
    assert script["rows"](50) == script["rows"](50)
    assert script["rows"](1) == [("46", "2894", "23446", "49", "3.46", "3", "school", "south", "yes")]


def test_its_spec_learns(script: dict[str, Any], tmp_path: Path) -> None:
    script["write"](tmp_path, 400)
    path, folder = tmp_path / "many_rows.bdnn", tmp_path / "run"
    text = path.read_text()
    assert len(text.splitlines()) == 5
    assert cli.main(["check", str(path)]) == 0
    short = text.replace("local_search 30s", "local_search { restarts = 3, steps = 300 }").replace(
        "mlp, tree, logistic", "majority"
    )
    path.write_text(short)
    assert cli.main(["run", str(path), "--out", str(folder)]) == 0
    done = json.loads((folder / "run.json").read_text())
    assert done["result"]["train_accuracy"] > 0.65
    assert "4 starts" in done["stages"][0]["notes"][0]
    assert cli.main(["verify", str(folder)]) == 0
