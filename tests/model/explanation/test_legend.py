"""The legend of a model: every column and every family of rows, in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang.model.explanation import legend as legends
from model.explanation.specs import SPECS, built

GOLDEN = Path(__file__).parent / "golden"


def test_a_legend(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "whole.columns.json", built("whole").legend())


@pytest.mark.parametrize("name", SPECS)
def test_it_names_every_column_and_every_family_of_rows(name: str) -> None:
    file = built(name)
    said = json.loads(file.legend())
    assert [column["name"] for column in said["columns"]] == [each.decode() for each in file.milp.col_names()]
    assert [family["name"] for family in said["row_families"]] == [f.name for f in file.milp.row_families if f.size]
    assert sum(family["count"] for family in said["row_families"]) == file.milp.rows


def test_what_the_indices_stand_for() -> None:
    """Samples 3 and 4 of the table are equal and merged; 6 and 7 are equal with unlike classes."""
    said = json.loads(built("whole").legend())
    columns = {column["name"]: column for column in said["columns"]}
    assert columns["W1_1_0"]["feature"] == "length"
    assert columns["u1_2_1"] == {"name": "u1_2_1", "is": "activations", "layer": 1} | {
        "sample": 2,
        "row": 4,
        "class": "raven",
        "neuron": 1,
    }
    assert said["samples"][1] == {"rows": [2, 3], "classes": ["crow", "crow"]}
    assert said["samples"][4] == {"rows": [6, 7], "classes": ["crow", "raven"]}


def test_what_values_stand_for() -> None:
    columns = {column["name"]: column for column in json.loads(built("gaps").legend())["columns"]}
    assert (columns["yW1_0_1_0"]["feature"], columns["yW1_0_1_0"]["value"]) == ("width", -2.0)
    assert columns["b1_0"]["neuron"] is None  # of all
    scaled = json.loads(built("real").legend())["features"]
    assert scaled == [{"name": "length", "scale": 2.0, "centre": 3.0}, {"name": "width", "scale": 2.0, "centre": 3.0}]


def test_a_large_model_has_its_families_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legends, "MOST_COLUMNS", 10)
    file = built("whole")
    said = json.loads(file.legend())
    assert (said["columns"], said["columns_left_out"]) == ([], file.milp.columns)
    assert said["column_families"][0]["shape"] == [2, 2]
