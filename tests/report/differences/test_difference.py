"""A difference as text and as JSON."""

from __future__ import annotations

from bdnnlang.report.differences.change import Change
from bdnnlang.report.differences.difference import Difference
from bdnnlang.report.differences.sample_changes import PartCounts, SampleChange, SampleChanges

SAMPLES = SampleChanges(
    (PartCounts("train", 1200, 2, 1, 0), PartCounts("test", 1, 0, 0, 0)),
    (
        SampleChange("csv a.csv", 7, "no", "train", "train", "no", "yes"),
        SampleChange("csv a.csv", 1009, "no", "train", "test", "maybe", "yes"),
    ),
)
WHOLE = Difference(
    "a",
    "b",
    (Change("train.exact", "1min", None),),
    model=(),
    run=(Change("gap", 0.5, 1), Change("loss", 1234, 12.345678901), Change("data.source", "x" * 100, None)),
    samples=SAMPLES,
    notes=("something is not known",),
)


def test_as_text() -> None:
    assert list(WHOLE.lines(None)) == [
        "a → b",
        "spec",
        "  train.exact  1min  →  –",
        "model: no difference",
        "run",
        "  gap          50.0 %" + 60 * " " + "→  100.0 %",
        "  loss         1,234" + 61 * " " + "→  12.3457",
        "  data.source  " + 32 * "x" + "…" + 31 * "x" + "  →  –",
        "samples",
        "  training: 2 of 1,200 samples in different classes: the first is right in 1 of them, the second in 0",
        "  test: 0 of 1 sample in different classes",
        "    row  part            class  first says  second says",
        "      7  training        no     no          yes",
        "  1,009  training, test  no     maybe       yes",
        "note: something is not known",
    ]


def test_of_many_samples_the_first_are_listed() -> None:
    assert list(WHOLE.lines(1))[-4:] == [
        "  row  part      class  first says  second says",
        "    7  training  no     no          yes",
        "  … and 1 more (`--limit 0` lists all)",
        "note: something is not known",
    ]


def test_as_json() -> None:
    found = WHOLE.as_json()
    assert (found["schema"], found["a"], found["b"], found["differ"]) == (1, "a", "b", True)
    assert found["spec"] == [{"place": "train.exact", "a": "1min", "b": None, "counts": True}]
    assert found["samples"]["different"][1] == {
        "source": "csv a.csv",
        "row": 1009,
        "true": "no",
        "part_a": "train",
        "part_b": "test",
        "class_a": "maybe",
        "class_b": "yes",
    }
    assert Difference("a", "b", ()).as_json()["model"] is None


def test_times_and_sizes_make_no_difference() -> None:
    clock = (Change("seconds", 1.0, 2.0, counts=False),)
    assert not Difference("a", "b", (), run=clock).exists
    assert Difference("a", "b", (), run=(Change("loss", 1, 2),)).exists
    assert Difference("a", "b", (Change("data", "iris", "wine"),)).exists
    assert Difference("a", "b", (), samples=SAMPLES).exists
