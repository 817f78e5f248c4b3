"""`thermometer`: thresholds are numbers of the training part that part its rows evenly; features are whether they are reached."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from bdnnlang.data.load import load
from bdnnlang.data.new_rows import load_rows
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.data.preprocessing.thermometer import FittedThresholds, thresholds
from bdnnlang.language.spec import Builtin, Column, Csv, DataSpec, DataStep, Impute, OneHot, Sample, Scale, Thermometer
from bdnnlang.network.numbers import exact

from .conftest import Loader

VALUES = st.one_of(st.integers(-3, 3).map(float), st.integers(-99, 99).map(lambda v: v / 10), st.sampled_from([1e100, -1e-100]))


def table(cells: Sequence[str], **more: Sequence[str]) -> str:
    """Feature column `a` of these cells, others, and a class that goes 0, 1, 0, 1, …"""
    rows = [",".join([*row, str(i % 2)]) for i, row in enumerate(zip(cells, *more.values(), strict=True))]
    return "\n".join([",".join(["a", *more, "y"]), *rows]) + "\n"


# ---- thresholds


@pytest.mark.parametrize(
    ("values", "most", "found"),
    [
        ([1, 2, 3, 4], 1, [3]),  # half of the rows below it
        ([1, 2, 3, 4], 3, [2, 3, 4]),  # a quarter in each
        ([1, 2, 3, 4], 9, [2, 3, 4]),  # no more than there are values
        ([4, 1, 3, 2, 6, 5], 2, [3, 5]),
        ([0, 0, 0, 0, 0, 0, 0, 1, 2, 3], 2, [1, 2]),  # 7 of 10 below 1: the next one is the nearest to another third
        ([0, 1, 2, 3, 3, 3, 3, 3, 3, 3], 2, [2, 3]),  # none has 2 thirds below it
        ([0, 0, 1], 1, [1]),
        ([0.1, 0.1], 4, [0.1]),  # the only one
        ([0.7, 0.1, 0.30000000000000004], 2, [0.30000000000000004, 0.7]),
    ],
)
def test_thresholds_by_hand(values: list[float], most: int, found: list[float]) -> None:
    assert thresholds(np.array(values, dtype=float), most) == tuple(found)


@given(st.lists(VALUES, min_size=1, max_size=40), st.integers(1, 12))
def test_each_is_the_first_with_its_share_of_the_rows_below_it(values: list[float], most: int) -> None:
    """Unless the ones before it, or those still to come, leave no choice."""
    found = thresholds(np.array(values), most)
    candidates = sorted(set(values))[1:] or [values[0]]
    count = min(most, len(candidates))
    assert len(found) == count
    places = [candidates.index(value) for value in found]
    assert sorted(set(places)) == places
    for i, place in enumerate(places, start=1):
        shares = [Fraction(sum(v < candidate for v in values), len(values)) for candidate in candidates]
        first = next((j for j, share in enumerate(shares) if share >= Fraction(i, count + 1)), len(candidates))
        if place > first:
            assert place == places[i - 2] + 1
        if place < first:
            assert place == len(candidates) - 1 - (count - i)


@pytest.mark.parametrize("values", [(), (1.0, 1.0), (2.0, 1.0), (0.0, float("inf")), (float("nan"),)])
def test_thresholds_are_finite_and_ascend(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        FittedThresholds(values)


# ---- in a data set


def test_features_are_whether_thresholds_are_reached(load_csv: Loader) -> None:
    data = load_csv(table(["10", "20", "30", "40"], b=["0.1", "0.1", "0.2", "0.2"]), steps=(Thermometer(3),), test=0)
    assert data.features == ("a>=20", "a>=30", "a>=40", "b>=0.2")
    assert data.train.x.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 1], [1, 1, 1, 1]]
    assert data.lattice is not None
    assert data.lattice.unit == 1


@settings(max_examples=examples(10))
@given(st.sampled_from(["iris", "wine"]), st.integers(1, 9))
def test_training_rows_are_parted_exactly(name: str, count: int) -> None:
    source = Builtin(name)  # type: ignore[arg-type]
    data = load(DataSpec(source, steps=(Sample(60), Thermometer(count))), Path())
    plain = load(DataSpec(source, steps=(Sample(60), Scale("none"))), Path())
    rows, first = [plain.train.exact_row(i) for i in range(len(plain.train))], 0
    for j, column in enumerate(data.recipe.columns):
        fitted = column.step(FittedThresholds)
        assert fitted is not None
        for threshold in fitted.values:
            reached = [row[j] >= exact(threshold) for row in rows]
            assert data.train.x[:, first].tolist() == reached
            assert 0 < sum(reached) < len(reached)
            first += 1


@pytest.mark.parametrize("method", ["minmax", "standard", "none"])
def test_the_scaling_before_changes_no_feature(method: str) -> None:
    plain = load(DataSpec(Builtin("iris"), steps=(Thermometer(3),)), Path())
    scaled = load(DataSpec(Builtin("iris"), steps=(Scale(method), Thermometer(3))), Path())  # type: ignore[arg-type]
    assert scaled.recipe == plain.recipe


def test_they_are_fitted_to_the_training_part(load_csv: Loader) -> None:
    cells = [f"{i}" for i in range(20)]
    test = load_csv(table(cells), steps=(Thermometer(2),)).test
    assert test is not None
    for row in test.rows:
        cells[row] = "-1000" if row % 2 else "1000"
    data = load_csv(table(cells), steps=(Thermometer(2),))
    assert data.test is not None
    assert data.recipe.columns[0].step(FittedThresholds) == FittedThresholds(thresholds(data.train.rows.astype(float), 2))
    assert data.test.x.tolist() == [[row % 2 == 0] * 2 for row in data.test.rows]


def test_categories_and_gaps(load_csv: Loader) -> None:
    text = table(["0", "?", "10", "20", "30", "NA"], b=list("uvuvuv"), c=list("010101"))
    steps: tuple[DataStep, ...] = (Impute("median"), OneHot((Column("c"),)), Thermometer(2))
    data = load_csv(text, steps=steps, test=0)
    assert data.features == ("a>=15", "a>=20", "b=u", "b=v", "c=0", "c=1")  # the median, 15, is a value like others
    assert data.train.x[:, :2].tolist() == [[0, 0], [1, 0], [0, 0], [1, 1], [1, 1], [1, 0]]


# ---- kept and used again


def test_new_rows_and_the_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table(["0.5", "1", "2", "3.5"], b=["x", "y", "x", "y"]))
    data = load(DataSpec(Csv("t.csv"), test=0, steps=(Thermometer(2),)), tmp_path)
    written = data.recipe.to_json()
    assert written["columns"][0] == {"name": "a", "kind": "thermometer", "seen": [0.5, 3.5], "thresholds": [2, 3.5]}
    recipe = Recipe.from_json(json.loads(json.dumps(written)))
    assert recipe == data.recipe
    (tmp_path / "new.csv").write_text("b,a\ny,-5\nx,1e9\nz,1.9999999999999998\nx,2\n")
    assert load_rows(tmp_path / "new.csv", recipe).x.tolist() == [[0, 0, 0, 1], [1, 1, 1, 0], [0, 0, 0, 0], [1, 0, 1, 0]]


@pytest.mark.parametrize(
    "damage", [{"thresholds": []}, {"thresholds": [2, 1]}, {"thresholds": "2"}, {"kind": "number"}, {"bits": 3}]
)
def test_damaged_thresholds(tmp_path: Path, damage: dict[str, object]) -> None:
    (tmp_path / "t.csv").write_text(table(["0.5", "1", "2", "3.5"]))
    written = load(DataSpec(Csv("t.csv"), test=0, steps=(Thermometer(2),)), tmp_path).recipe.to_json()
    written["columns"][0] |= damage
    with pytest.raises(ValueError, match="preprocessing is damaged"):
        Recipe.from_json(written)


# ---- in rules


@settings(max_examples=examples(100))
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=5, unique=True).map(sorted),
    st.lists(st.integers(-2, 2), min_size=5, max_size=5),
    st.integers(-3, 3),
)
def test_a_condition_holds_where_the_neuron_is_1(values: list[int], weights: list[int], bias: int) -> None:
    fitted = FittedThresholds(tuple(map(float, values)))
    used = weights[: len(values)]
    condition = fitted.condition("a", list(map(Fraction, used)), Fraction(bias))
    for a in np.arange(-6, 6.5, 0.5).tolist():
        is_on = sum(w for w, value in zip(used, values, strict=True) if a >= value) + bias >= 0
        holds = {"always": True, "never": False}.get(condition)
        assert (eval(condition.removeprefix("if "), {"a": a}) if holds is None else holds) == is_on


def test_a_condition_in_words() -> None:
    fitted = FittedThresholds((1.5, 2.0, 3.0))
    assert fitted.condition("a", [Fraction(1), Fraction(-1), Fraction(1)], Fraction(-1)) == "if 1.5 <= a < 2 or a >= 3"
    assert fitted.term("a", 2) == "[a >= 3]"
    assert fitted.use() == "3 0/1 features"
