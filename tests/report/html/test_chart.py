"""Places on axes, ticks, and what a chart says to who cannot see it."""

import pytest

from bdnnlang.report.html.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, curve_chart, linear_ticks, progress_chart
from bdnnlang.report.stated.trace import StageSpan, Trace
from report.html.seen import Seen

TRACE = Trace(
    stages=(StageSpan("local_search", 0.0, 1.0), StageSpan("exact", 1.0, 10.0)),
    objective=((0.0, 100.0), (0.5, 10.0), (5.0, 4.0)),
    proved=((0.0, 0.0), (10.0, 4.0)),
    reported=(((2.0, 1.5), (4.0, 3.0)),),
)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.7, 1, [0.7, 0.8, 0.9, 1.0]),
        (0, 39.5, [0, 10, 20, 30]),
        (-3, 3, [-2, 0, 2]),
        (5, 5, [5]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert linear_ticks(low, high) == pytest.approx(ticks)


def test_an_axis() -> None:
    axis = Axis(0, 10, 100, 200)
    assert [axis.at(value) for value in (0, 5, 10)] == [100, 150, 200]
    steep = Axis(0, 99, 0, 2, logarithmic=True)
    assert [steep.at(value) for value in (0, 9, 99)] == pytest.approx([0, 1, 2])
    assert steep.ticks() == [0, 1, 3, 10, 30]
    assert Axis(3, 3, 0, 1).at(3) == 0  # a range of one value


def test_lines_of_a_chart() -> None:
    made = str(progress_chart(TRACE, penalised=False))
    seen = Seen(made)
    y = Axis(0, 100, HEIGHT - BOTTOM, TOP, logarithmic=True)
    x = Axis(0, 10, LEFT, WIDTH - RIGHT)
    reported, proved, objective = seen.values("path", "d")
    assert objective == (
        f"M{x.at(0):.1f} {y.at(100):.1f}H{x.at(0.5):.1f}V{y.at(10):.1f}H{x.at(5):.1f}V{y.at(4):.1f}H{x.at(10):.1f}"
    )
    assert proved == f"M{x.at(0):.1f} {y.at(0):.1f}H{x.at(10):.1f}V{y.at(4):.1f}H{x.at(10):.1f}"
    assert reported == f"M{x.at(2):.1f} {y.at(1.5):.1f}H{x.at(4):.1f}V{y.at(3):.1f}"
    assert "stages" not in seen.text
    assert {"local_search", "exact", "seconds · loss on a logarithmic scale"} <= set(seen.of("text"))


def test_what_a_chart_says() -> None:
    seen = Seen(str(progress_chart(TRACE, penalised=True)))
    assert seen.of("title")[0] == "Objective and bound over 10.0 seconds"
    assert seen.of("desc") == [
        "objective 4 after 5.0 s; bound 4 after 10.0 s; stage local_search until 1.0 s; stage exact until 10.0 s"
    ]
    assert seen.values("svg", "role") == ["img"]


def test_no_name_of_a_stage_is_on_another() -> None:
    stages = tuple(StageSpan(f"data_split number {k}", k / 10, (k + 1) / 10) for k in range(10))
    seen = Seen(str(progress_chart(Trace(stages, ((0.0, 1.0),)), penalised=False)))
    names = [text for text in seen.of("text") if text.startswith("data_split")]
    assert names == [stage.name for stage in stages[: len(names)]]
    assert 2 <= len(names) < 10
    assert seen.of("title")[1:11] == [stage.name for stage in stages]  # all of them on hovering


def test_a_curve() -> None:
    seen = Seen(str(curve_chart([(0, 0.95), (1, 0.75)], "size", "Accuracy")))
    x, y = Axis(0, 1, LEFT, WIDTH - RIGHT), Axis(0.7, 1, HEIGHT - BOTTOM, TOP)
    assert seen.values("path", "d") == [f"M{x.at(0):.1f} {y.at(0.95):.1f}L{x.at(1):.1f} {y.at(0.75):.1f}"]
    assert seen.of("desc") == ["0: 95.0 %, 1: 75.0 %"]
    assert {"95.0 %", "75.0 %", "70 %", "100 %"} <= set(seen.of("text"))
