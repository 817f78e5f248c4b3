"""Where two networks differ sample by sample, beside a count by hand over the rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import bdnnlang as bd
from bdnnlang import compiler
from bdnnlang.data.dataset import Dataset
from bdnnlang.network.network import Layer, Network
from bdnnlang.report.differences.sample_changes import PartCounts, SampleChange, sample_changes


def iris(**settings: object) -> Dataset:
    lines = "\n".join(f"  {name} = {value}" for name, value in settings.items())
    text = f'bdnn 1\ndata iris {{\n  classes = ["versicolor", "virginica"]\n  scale none\n{lines}\n}}\n'
    return compiler.read_data(bd.load_spec(text + "network { hidden 1 }\ntrain { exact 1s }"), Path())


def petal(threshold: float) -> Network:
    """On where the petal is at least so long."""
    first = Layer(np.array([[0.0, 0.0, 1.0, 0.0]]), np.array([-threshold]))
    return Network((first, Layer(np.array([[1.0]]), np.array([-1.0]))))


def by_hand(data: Dataset, low: float, high: float) -> dict[int, tuple[str, str]]:
    """Row → part and class of the samples between two thresholds."""
    return {
        int(row) + 1: (name, data.classes[y])
        for name, part in (("train", data.train), ("test", data.test))
        if part is not None
        for row, y, x in zip(part.rows, part.y, part.raw[:, 2].astype(float), strict=True)
        if low <= x < high
    }


def test_the_same_split() -> None:
    data = iris()
    found = sample_changes((data, petal(4.7)), (data, petal(5.2)))
    expected = by_hand(data, 4.7, 5.2)
    assert {one.row: (one.part_a, one.true) for one in found.different} == expected
    assert {(one.class_a, one.class_b, one.source) for one in found.different} == {("virginica", "versicolor", "iris")}
    assert all(one.part_a == one.part_b for one in found.different)
    for counts, part in zip(found.parts, (data.train, data.test), strict=True):
        assert part is not None
        of_part = [true for name, true in expected.values() if name == counts.part]
        right = of_part.count("virginica"), of_part.count("versicolor")
        assert counts == PartCounts(counts.part, len(part), len(of_part), *right)
    rows = [one.row for one in found.different if one.part_a == "train"]
    assert rows == sorted(rows)


def test_another_split_compares_the_same_rows() -> None:
    first, second = iris(), iris(split_seed=5, test="40%")
    found = sample_changes((first, petal(4.7)), (second, petal(5.2)))
    here, there = by_hand(first, 4.7, 5.2), by_hand(second, 4.7, 5.2)
    assert {one.row: one.part_a for one in found.different} == {row: part for row, (part, _) in here.items()}
    assert {one.row: one.part_b for one in found.different} == {row: part for row, (part, _) in there.items()}
    assert {one.part_a == one.part_b for one in found.different} == {True, False}
    assert sum(counts.samples for counts in found.parts) == 100


def test_classes_are_compared_by_name() -> None:
    turned = '["virginica", "versicolor"]'
    text = f"bdnn 1\ndata iris {{ classes = {turned}, scale none }}\nnetwork {{ hidden 1 }}\ntrain {{ exact 1s }}"
    other = compiler.read_data(bd.load_spec(text), Path())
    negative = Network((petal(5.0).layers[0], Layer(np.array([[-1.0]]), np.array([0.0]))))
    assert sample_changes((iris(), petal(5.0)), (other, negative)).different == ()


def test_rows_of_another_source_are_not_compared() -> None:
    text = "bdnn 1\ndata random(samples=20, features=4, seed=1) { scale none }\nnetwork { hidden 1 }\ntrain { exact 1s }"
    other = compiler.read_data(bd.load_spec(text), Path())
    found = sample_changes((iris(), petal(4.7)), (other, petal(5.2)))
    assert (found.different, [counts.samples for counts in found.parts]) == ((), [0, 0])


def test_it_has_the_row_the_report_names() -> None:
    data = iris()
    (one, *_) = sample_changes((data, petal(4.7)), (data, petal(5.2))).different
    assert isinstance(one, SampleChange)
    assert one.row - 1 in data.train.rows
