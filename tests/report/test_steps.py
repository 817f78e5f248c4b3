"""Steps of a stage in a line, in the plan and in the stream."""

import pytest
from problems import dataset, network_spec, spec

from bdnnlang.compiler import training_problem
from bdnnlang.language.spec import DataSplit, Exact, LocalSearch
from bdnnlang.report.plan import make_plan, plan_text
from bdnnlang.report.steps import WIDEST, sparkline, step_line, steps_line
from bdnnlang.report.stream import Stream
from bdnnlang.run.facts import StepEnded, StepRecord
from bdnnlang.run.records import StageRecord
from bdnnlang.run.status import StageStatus

LAYER = StepRecord(0.84, StageStatus.OPTIMAL, 11, 12, layer=2)
SUBSETS = StepRecord(1.26, StageStatus.FEASIBLE, 3, 4, validation_accuracy=0.9123, subsets=5, samples=64)
DATA = dataset([[float(v)] for v in (1, 2, 3, 4, 5, 6)], [0, 0, 1, 0, 1, 1])
NOTHING = StepRecord(2.0, StageStatus.NO_SOLUTION, None, None, subsets=2, samples=9)


def record(*steps: StepRecord) -> StageRecord:
    return StageRecord("data_split", "x", "paper", 3.0, "feasible", 3, 4, None, None, None, 1, 1, 1, 1, steps=steps)


@pytest.mark.parametrize(
    ("values", "bars"),
    [([], ""), ([0], "▁"), ([0, 0], "▁▁"), ([5], "█"), ([0, 7, 14], "▁▅█"), ([14, 7, 2, 1], "█▅▂▁")],
)
def test_sparkline(values: list[float], bars: str) -> None:
    assert sparkline(values) == bars


def test_a_long_sparkline_ends_with_the_last_value() -> None:
    bars = sparkline([9.0] * 999 + [0.0])
    assert len(bars) == WIDEST
    assert bars[-2:] == "█▁"


def test_lines() -> None:
    assert step_line(LAYER) == "layer 2: loss 12, 0.8 s"
    assert step_line(SUBSETS) == "5 subsets of 64 samples: loss 4, validation 91.2 %, 1.3 s"
    assert step_line(NOTHING) == "2 subsets of 9 samples: loss –, 2.0 s"
    whole = "data_split: loss █▃ 12 → 4, least 4; 2 steps, 0.8 to 1.3 s each"
    assert steps_line(record(LAYER, SUBSETS)) == whole
    assert steps_line(record(NOTHING)) == "data_split: 1 step, 2.0 to 2.0 s each"


def test_a_step_in_the_stream() -> None:
    (line,) = Stream()(StepEnded("data_split", 3, SUBSETS))
    assert (line["type"], line["stage"], line["number"]) == ("step", "data_split", 3)
    assert (line["loss"], line["subsets"], line["layer"]) == (4, 5, None)


def test_stages_in_a_plan() -> None:
    stages = (LocalSearch(5.0, "alternate", restarts=2), DataSplit(splits=3, minibatch=4, step_time=2.0), Exact("rest"))
    plan = make_plan(training_problem(spec(network_spec((2,)), stages=stages[:2], time=None), DATA))
    assert plan.stages == ("local_search 5s (alternate, 2 restarts)", "data_split (3 splits of 4 samples)")
    assert plan.seconds == 11.0
    plan = make_plan(training_problem(spec(network_spec((2,)), stages=stages, time=60.0), DATA))
    assert plan_text(plan).endswith("exact rest; 60 s in all")
