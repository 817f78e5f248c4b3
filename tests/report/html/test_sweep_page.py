"""The page of a sweep: a column for what is repeated, dots at the accuracies, and the best runs by what is no test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bdnnlang.report.html.chart import BOTTOM, HEIGHT, MINUS, TOP, Axis
from bdnnlang.report.html.sweep_chart import MOST_COLUMNS, columns_of, sweep_chart
from bdnnlang.report.html.sweep_page import sweep_page
from bdnnlang.report.sweeps.rows import PointState, SweepTable, best
from report.html.seen import Seen
from report.sweeps.test_tables import FAILED, ROWS, TABLE, broken, row


def test_columns() -> None:
    assert [(column.label, column.shares("test_accuracy")) for column in columns_of(TABLE)] == [
        ("1", [0.5, 0.75]),
        ("2", [1.0, 0.25]),
    ]
    assert [column.label for column in columns_of(replace(TABLE, repetitions=()))] == ["1, 0", "1, 1", "2, 0", "2, 1"]
    assert [len(column.rows) for column in columns_of(broken())] == [2, 1]
    assert sweep_chart(replace(TABLE, rows=(FAILED,))) is None
    many = tuple(row(k, 0, 1, 0.5) for k in range(MOST_COLUMNS + 1))
    assert sweep_chart(replace(TABLE, rows=many)) is None


def test_dots_and_means() -> None:
    chart = sweep_chart(TABLE)
    assert chart is not None
    seen = Seen(str(chart))
    y = Axis(0.25, 1.0, HEIGHT - BOTTOM, TOP)
    heights = [float(value) for value in seen.values("circle", "cy")]
    shares = [0.75, 0.75, 0.5, 0.75, 0.75, 0.75, 1.0, 0.25]  # train and test of each column
    assert heights == pytest.approx([y.at(share) for share in shares], abs=0.01)
    assert seen.of("desc") == ["1: train 75.0 %, test 62.5 %; 2: train 75.0 %, test 62.5 %"]
    assert str(chart).count(MINUS) == 4  # fill and line of two columns


def test_the_best_by_objective_or_by_validation() -> None:
    assert best(TABLE, 2) == [ROWS[2], ROWS[3]]
    assert best(broken(), 9) == list(ROWS[:3])
    validated = [
        replace(one, numbers={**one.numbers, "validation_accuracy": v}) for one, v in zip(ROWS, (0.9, 0.8, 0.1, 0.9), strict=True)
    ]
    assert best(replace(TABLE, rows=tuple(validated)), 1) == [validated[3]]  # of equal ones that of least objective


def test_a_page() -> None:
    evil = replace(FAILED, why="<b>no</b>", values={"width": "<i>", "seed": "1"})
    table = SweepTable(("width", "seed"), ("seed",), (*ROWS, evil))
    seen = Seen(sweep_page("a & b", "today", table, []))
    assert seen.of("h1") == ["a & b"]
    assert seen.of("h2") == ["Sweep", "Points"]
    assert "5 points: 4 ended, 1 failed" in seen.text
    assert "5.0 ± 1.4" in seen.text  # the loss of width 1
    assert "mean ± sample deviation over seed" in seen.of("caption")
    assert "failed: width=2,seed=1: <b>no</b>" in seen.text
    assert "<i>" in seen.of("th")
    assert evil.state is PointState.FAILED
