"""`quantize`: levels are whole, exact, the same for new rows, and a lattice of unit 1."""

from __future__ import annotations

import json
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from bdnnlang.data.load import load
from bdnnlang.data.new_rows import load_rows
from bdnnlang.data.preprocessing.impute import Fill
from bdnnlang.data.preprocessing.quantize import Levels
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.language.spec import Builtin, Column, Csv, DataSpec, DataStep, Impute, OneHot, Quantize, Sample, Scale
from bdnnlang.network.numbers import exact

from .conftest import Loader

HERE = Path()
VALUES = st.one_of(
    st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-100),
    st.integers(-99, 99).map(lambda v: v / 10),
    st.sampled_from([1e100, -1e100, 1e-100, 1e15, 0.1, 0.30000000000000004, -0.0]),
)
BITS = st.integers(1, 16)


def table(cells: list[str], *more: list[str]) -> str:
    """Feature columns of these cells, and a class that goes 0, 1, 0, 1, …"""
    names = ",".join(["a", "b", "c"][: 1 + len(more)])
    rows = [",".join([*row, str(i % 2)]) for i, row in enumerate(zip(cells, *more, strict=True))]
    return "\n".join([f"{names},y", *rows]) + "\n"


# ---- one feature


@pytest.mark.parametrize(
    ("bits", "values", "levels"),
    [
        (1, [0, 4, 5, 6, 10], [0, 0, 1, 1, 1]),
        (2, [0, 1, 1.5, 2, 3], [0, 1, 2, 2, 3]),
        (2, [-3, -0.5, 0.4, 3], [0, 1, 2, 3]),
        (4, [0, 0.5, 1, 14.4, 14.5, 15], [0, 1, 1, 14, 15, 15]),
        (16, [0, 32767.49, 32767.5, 65535], [0, 32767, 32768, 65535]),
    ],
)
def test_levels_by_hand(bits: int, values: list[float], levels: list[int]) -> None:
    assert Levels(float(values[0]), float(values[-1]), bits).of(np.array(values, dtype=float)).tolist() == levels


def test_a_half_is_a_half_in_decimals() -> None:
    """0.6 is half-way from 0.3 to 0.9: as decimals, while float64 finds a little less."""
    assert (0.6 - 0.3) / (0.9 - 0.3) < 0.5
    assert Levels(0.3, 0.9, 1).of(np.array([0.3, 0.59999, 0.6, 0.9])).tolist() == [0, 0, 1, 1]


def test_tenths_are_levels() -> None:
    tenths = [k / 10 for k in range(16)]
    assert Levels(0.0, 1.5, 4).of(np.array(tenths)).tolist() == list(range(16))
    halves = [float(f"{k}.{d}5") for k in (0, 1) for d in range(10)][:15]  # 0.05, 0.15, … 1.45 as written
    assert Levels(0.0, 1.5, 4).of(np.array(halves)).tolist() == list(range(1, 16))


def test_values_outside_have_the_level_of_the_nearer_end() -> None:
    assert Levels(0.1, 0.7, 3).of(np.array([-1e100, 0.0, 0.1, 0.7, 0.70001, 1e100])).tolist() == [0, 0, 0, 7, 7, 7]


def test_a_range_of_one_number_has_level_0_only() -> None:
    assert Levels(5.5, 5.5, 4).of(np.array([5.5, -1.0, 1e9])).tolist() == [0, 0, 0]


@given(st.lists(VALUES, min_size=1), VALUES, VALUES, BITS)
def test_a_level_is_the_floor_of_the_place_and_a_half(values: list[float], one: float, other: float, bits: int) -> None:
    least, greatest = min(one, other), max(one, other)
    levels = Levels(least, greatest, bits).of(np.array(values))
    for value, level in zip(values, levels.tolist(), strict=True):
        inside = min(max(exact(value), exact(least)), exact(greatest))
        width = exact(greatest) - exact(least)
        place = (inside - exact(least)) * (2**bits - 1) / width if width else Fraction(0)
        assert level == floor(place + Fraction(1, 2))
        assert abs(level - place) <= Fraction(1, 2)


@pytest.mark.parametrize("bits", [0, 17, -1, 4.0, True, None, "4"])
def test_bits_are_1_to_16(bits: object) -> None:
    with pytest.raises(ValueError, match="bits"):
        Levels(0.0, 1.0, bits)  # type: ignore[arg-type]


@pytest.mark.parametrize(("least", "greatest"), [(1.0, 0.0), (float("nan"), 1.0), (0.0, float("inf"))])
def test_ranges_are_finite_and_not_empty(least: float, greatest: float) -> None:
    with pytest.raises(ValueError, match="range"):
        Levels(least, greatest, 4)


# ---- in a data set


@settings(max_examples=examples(40))
@given(st.sampled_from(["breast_cancer", "iris", "wine"]), BITS)
def test_training_rows_are_within_half_a_level(name: str, bits: int) -> None:
    source = Builtin(name)  # type: ignore[arg-type]
    data = load(DataSpec(source, steps=(Sample(60), Quantize(bits))), HERE)
    plain = load(DataSpec(source, steps=(Sample(60), Scale("minmax"))), HERE)
    assert data.lattice is not None
    assert data.lattice.unit == 1
    assert (data.train.x.min(axis=0) == 0).all()
    assert (data.train.x.max(axis=0) == 2**bits - 1).all()
    for i in range(0, len(data.train), 7):
        pairs = zip(data.train.exact_row(i), plain.train.exact_row(i), strict=True)
        assert all(abs(level - place * (2**bits - 1)) <= Fraction(1, 2) for level, place in pairs)
        assert [float(value) for value in data.train.exact_row(i)] == data.train.x[i].tolist()
    assert data.train.is_as_written


@pytest.mark.parametrize("method", ["minmax", "standard", "none"])
def test_the_scaling_before_changes_no_level(method: str) -> None:
    plain = load(DataSpec(Builtin("wine"), steps=(Quantize(5),)), HERE)
    scaled = load(DataSpec(Builtin("wine"), steps=(Scale(method), Quantize(5))), HERE)  # type: ignore[arg-type]
    assert scaled.recipe == plain.recipe
    assert np.array_equal(scaled.train.x, plain.train.x)


def test_levels_are_fitted_to_the_training_part(load_csv: Loader) -> None:
    cells = [f"{i}" for i in range(20)]
    test = load_csv(table(cells), steps=(Quantize(2),)).test
    assert test is not None
    for row in test.rows:
        cells[row] = str(-1000 if row % 2 else 1000)
    data = load_csv(table(cells), steps=(Quantize(2),))
    (column,) = data.recipe.columns
    assert data.test is not None
    assert column.step(Levels) == Levels(float(data.train.rows.min()), float(data.train.rows.max()), 2)
    assert data.test.x[:, 0].tolist() == [0.0 if row % 2 else 3.0 for row in data.test.rows]


def test_constant_features_are_0(load_csv: Loader) -> None:
    data = load_csv(table(["0.1"] * 12, [str(i) for i in range(12)]), steps=(Quantize(3),))
    assert data.test is not None
    assert not data.train.x[:, 0].any()
    assert not data.test.x[:, 0].any()
    assert Recipe.from_json(json.loads(json.dumps(data.recipe.to_json()))) == data.recipe


def test_categories_stay_zeros_and_ones(load_csv: Loader) -> None:
    text = table([str(i) for i in range(12)], ["uvw"[i % 3] for i in range(12)], [str(i % 2) for i in range(12)])
    data = load_csv(text, steps=(OneHot((Column("c"),)), Quantize(4)), test=0)
    assert data.features == ("a", "b=u", "b=v", "b=w", "c=0", "c=1")
    assert data.train.x[:, 0].max() == 15
    assert set(data.train.x[:, 1:].ravel().tolist()) == {0.0, 1.0}


def test_gaps_are_filled_before(load_csv: Loader) -> None:
    cells = ["0", "?", "10", "20", "30", "", "NA", "30"]
    data = load_csv(table(cells), steps=(Impute("mean"), Quantize(2)), test=0)
    assert data.train.x[:, 0].tolist() == [0, 2, 1, 2, 3, 2, 2, 3]  # the mean is 18: 1.8 levels


def test_rows_that_are_equal_in_levels_are_merged(load_csv: Loader) -> None:
    data = load_csv(table(["0", "1", "9", "10"], ["0", "0", "0.1", "0.1"]), steps=(Quantize(1),), test=0)
    assert data.train.x.tolist() == [[0, 0], [0, 0], [1, 1], [1, 1]]
    assert (data.merged_rows, data.irreducible_errors) == (2, 2)
    assert load_csv(table(["0", "1", "9", "10"]), test=0).merged_rows == 4


# ---- kept and used again

MIXED = table(
    [f"{i * 0.37:.2f}" if i % 9 else "?" for i in range(40)],
    ["uvw"[i % 3] for i in range(40)],
    [f"{i % 7 / 10}" for i in range(40)],
)
STEPS: tuple[DataStep, ...] = (Impute("median"), Scale("standard"), Quantize(4))


def test_the_recipe_maps_new_rows_to_the_same_levels(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(MIXED)
    data = load(DataSpec(Csv("t.csv"), steps=STEPS), tmp_path)
    text = json.dumps(data.recipe.to_json())
    recipe = Recipe.from_json(json.loads(text))
    assert recipe == data.recipe
    assert json.dumps(recipe.to_json()) == text
    rows = load_rows(tmp_path / "t.csv", recipe)
    assert data.test is not None
    for part in (data.train, data.test):
        assert np.array_equal(rows.x[part.rows], part.x)
        assert rows.exact_row(int(part.rows[0])) == part.exact_row(0)
    (tmp_path / "new.csv").write_text("c,a,b\n0.31,-5,u\n9,1e9,x\n0,,w\n")
    new = load_rows(tmp_path / "new.csv", recipe)
    levels, fill = recipe.columns[0].step(Levels), recipe.columns[0].step(Fill)
    assert levels is not None
    assert fill is not None
    assert new.x[:, 0].tolist() == [0, 15, *levels.of(np.array([fill.value]))]
    assert new.x[:, 1:4].tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 1]]
    assert new.x[:, 4].tolist() == [8, 15, 0]  # 0.31 of 0.6 is 7.75 levels


def test_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table(["0.5", "1", "2", "3.5"]))
    data = load(DataSpec(Csv("t.csv"), test=0, steps=(Quantize(4),)), tmp_path)
    assert data.recipe.to_json() == {
        "target": "y",
        "header": ["a", "y"],
        "columns": [{"name": "a", "kind": "level", "seen": [0.5, 3.5], "bits": 4, "least": 0.5, "greatest": 3.5}],
        "lower": [0],
        "upper": [1],
    }


@pytest.mark.parametrize(
    "damage",
    [{"bits": 17}, {"bits": 2.5}, {"bits": True}, {"bits": None}, {"least": 4}, {"greatest": float("inf")}, {"kind": "digit"}],
    ids=str,
)
def test_damaged_levels(tmp_path: Path, damage: dict[str, object]) -> None:
    (tmp_path / "t.csv").write_text(table(["0.5", "1", "2", "3.5"]))
    written = load(DataSpec(Csv("t.csv"), test=0, steps=(Quantize(4),)), tmp_path).recipe.to_json()
    written["columns"][0] |= damage
    with pytest.raises(ValueError, match="preprocessing is damaged"):
        Recipe.from_json(written)
    for key in damage:
        del written["columns"][0][key]
    with pytest.raises(ValueError, match="preprocessing is damaged"):
        Recipe.from_json(written)
