"""Tables of a sweep: means and deviations as worked out by hand, points that did not end, and how all of it is printed."""

from dataclasses import replace

import pytest

from bdnnlang.report.sweeps.as_json import sweep_csv, sweep_json
from bdnnlang.report.sweeps.rows import Group, PointRow, PointState, Spread, SweepTable
from bdnnlang.report.sweeps.text import report_text
from bdnnlang.run.status import RunStatus


def row(width: int, seed: int, loss: int, test: float) -> PointRow:
    values = {"width": str(width), "seed": str(seed)}
    numbers = {
        "loss": loss,
        "objective": loss,
        "bound": 0,
        "gap": 1.0,
        "train_accuracy": 0.75,
        "test_accuracy": test,
        "seconds": 1.25,
    }
    return PointRow(f"width={width},seed={seed}", values, "…", PointState.ENDED, RunStatus.FEASIBLE, numbers)


ROWS = (row(1, 0, 4, 0.5), row(1, 1, 6, 0.75), row(2, 0, 0, 1.0), row(2, 1, 3, 0.25))
TABLE = SweepTable(("width", "seed"), ("seed",), ROWS)
FAILED = PointRow("width=2,seed=1", {"width": "2", "seed": "1"}, "…", PointState.FAILED, why="E206: too few rows")


def broken() -> SweepTable:
    return replace(TABLE, rows=(*ROWS[:3], FAILED))


def test_means_and_sample_deviations() -> None:
    first, second = TABLE.groups()
    assert (first.values, first.points, first.ended) == ({"width": "1"}, 2, 2)
    assert first.spreads["loss"] == Spread(2, 5.0, pytest.approx(2**0.5))
    assert first.spreads["test_accuracy"] == Spread(2, 0.625, pytest.approx(0.125 * 2**0.5))
    assert second.spreads["loss"] == Spread(2, 1.5, pytest.approx(4.5**0.5))
    assert "validation_accuracy" not in first.spreads


def test_one_value_has_no_deviation_and_a_failed_point_none() -> None:
    _, second = broken().groups()
    assert (second.points, second.ended, second.spreads["loss"]) == (2, 1, Spread(1, 0.0, None))


def test_where_nothing_is_repeated_there_are_no_means() -> None:
    assert list(replace(TABLE, repetitions=()).groups()) == []


def test_where_all_is_repeated_there_is_one_group() -> None:
    (group,) = replace(TABLE, repetitions=("width", "seed")).groups()
    assert isinstance(group, Group)
    assert (group.values, group.points, group.spreads["loss"].mean) == ({}, 4, 3.25)


def test_the_report() -> None:
    assert report_text(TABLE) == (
        "width  seed  loss  bound   train     test  seconds  ended as\n"
        "1      0        4      0  75.0 %   50.0 %      1.2  feasible\n"
        "1      1        6      0  75.0 %   75.0 %      1.2  feasible\n"
        "2      0        0      0  75.0 %  100.0 %      1.2  feasible\n"
        "2      1        3      0  75.0 %   25.0 %      1.2  feasible\n"
        "\n"
        "mean ± sample deviation over seed\n"
        "width  runs       loss      bound         train           test    seconds\n"
        "1         2  5.0 ± 1.4  0.0 ± 0.0  75.0 ± 0.0 %  62.5 ± 17.7 %  1.2 ± 0.0\n"
        "2         2  1.5 ± 2.1  0.0 ± 0.0  75.0 ± 0.0 %  62.5 ± 53.0 %  1.2 ± 0.0\n"
        "\n"
        "4 points: 4 ended\n"
    )


def test_the_report_of_what_went_wrong() -> None:
    text = report_text(broken())
    assert "2      1        –      –       –        –        –  failed\n" in text
    assert "2      1 of 2        0.0        0.0        75.0 %        100.0 %        1.2\n" in text
    assert "  failed: width=2,seed=1: E206: too few rows\n" in text
    assert text.endswith("4 points: 3 ended, 1 failed\n")


def test_the_column_of_a_fold_says_so() -> None:
    folded = replace(
        TABLE,
        members=("width", "fold"),
        repetitions=("fold",),
        rows=(PointRow("p", {"width": "1", "fold": "1"}, "…", numbers={"test_accuracy": 0.5}),),
    )
    assert report_text(folded).splitlines()[0].split() == ["width", "fold", "fold", "ended", "as"]


def test_csv_has_a_line_a_point() -> None:
    lines = sweep_csv(broken()).splitlines()
    assert lines[0] == (
        "width,seed,state,status,loss,objective,bound,gap,train_accuracy,validation_accuracy,test_accuracy,seconds,folder,why"
    )
    assert lines[1] == '1,0,ended,feasible,4,4,0,1.0,0.75,,0.5,1.25,"width=1,seed=0",'
    assert lines[4] == '2,1,failed,,,,,,,,,,"width=2,seed=1",E206: too few rows'


def test_json_has_points_and_summary() -> None:
    content = sweep_json(broken(), {"created": "now"})
    assert (content["schema"], content["created"], content["members"]) == (1, "now", ["width", "seed"])
    assert content["points"][3]["why"] == "E206: too few rows"
    assert content["summary"][0]["loss"] == {"count": 2, "mean": 5.0, "deviation": pytest.approx(2**0.5)}
    assert content["summary"][0]["validation_accuracy"] is None
