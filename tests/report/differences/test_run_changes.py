"""Metrics of runs, of every schema that is read; the clock makes no difference."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.network.network import Layer, Network
from bdnnlang.report.differences.run_changes import run_changes
from bdnnlang.strict_json import Json, parse

RUNS = Path(__file__).parents[2] / "folder" / "runs"
NETWORK = Network((Layer(np.array([[1.0, 0.0]]), np.array([0.0])), Layer(np.array([[1.0]]), np.array([-1.0]))))


def stated(schema: str = "schema_2") -> Json:
    return parse((RUNS / schema / "run.json").read_text())


@pytest.mark.parametrize("schema", ["schema_1", "schema_2", "schema_2_compare"])
def test_a_run_is_like_itself(schema: str) -> None:
    assert run_changes(stated(schema), stated(schema), (NETWORK, NETWORK)) == ()


def test_each_metric_is_named_and_the_clock_does_not_count() -> None:
    a, b = stated(), copy.deepcopy(stated())
    b["result"] |= {
        "status": "optimal",
        "verified_loss": 2,
        "bound": 2,
        "gap": 0,
        "train_accuracy": Decimal("0.75"),
        "seconds": Decimal("1.5"),
    }
    b["data"] |= {"sha256": "other", "classes": ["no", "maybe"]}
    b["versions"] |= {"numpy": "9.9"}
    b |= {"bdnnc": "0.2.0", "created": None}
    b["stages"] = []
    wider = Network((Layer(np.ones((2, 2)), np.zeros(2)), Layer(np.ones((1, 2)), np.zeros(1))))
    found = {change.place: (change.a, change.b) for change in run_changes(a, b, (NETWORK, wider)) if change.counts}
    assert found == {
        "status": ("feasible", "optimal"),
        "loss": (3, 2),
        "bound": (0, 2),
        "gap": (1.0, 0),
        "train_accuracy": (0.625, 0.75),
        "layers": ("2 → 1 → 1", "2 → 2 → 1"),
        "weights other than 0": (2, 6),
        "model: columns": (19, None),
        "model: binaries": (12, None),
        "model: rows": (45, None),
        "model: nonzeros": (98, None),
        "data.sha256": (a["data"]["sha256"], "other"),
        "data.classes": ("no, yes", "no, maybe"),
        "versions.numpy": ("2.4.6", "9.9"),
        "bdnnc": ("0.1.0", "0.2.0"),
    }
    clock = [change.place for change in run_changes(a, b, (NETWORK, wider)) if not change.counts]
    assert clock == ["created", "seconds"]


def test_a_run_without_a_network_and_one_with() -> None:
    found = {change.place: (change.a, change.b) for change in run_changes(stated(), stated(), (None, NETWORK))}
    assert found == {"layers": (None, "2 → 1 → 1"), "weights other than 0": (None, 2)}
