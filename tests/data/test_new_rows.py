"""A recipe is all that is needed to scale new rows: through JSON, by name or by position, bit for bit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.data.load import load
from bdnnlang.data.new_rows import load_rows
from bdnnlang.data.preprocessing.impute import Fill
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Builtin, Column, Csv, DataSpec, Drop, Impute, OneHot, Random, Scale

from .conftest import Loader
from .csv_files import write_files

HERE = Path()

MIXED = "id,a,c,k,y\n" + "".join(
    f"r{i},{i * 0.37:.2f},{('u', '007', 'w')[i % 3]},{i % 4},{'no' if i % 5 else 'yes'}\n" for i in range(40)
)
MIXED_STEPS = (Drop((Column("id"),)), Impute("median"), OneHot((Column("k"),)), Scale("standard"))


def test_recipe_round_trips_through_json(load_csv: Loader) -> None:
    for recipe in (
        load_csv(MIXED, steps=MIXED_STEPS).recipe,
        load(DataSpec(Builtin("breast_cancer"), steps=(Scale("standard"),)), HERE).recipe,
        load(DataSpec(Random(50, 3)), HERE).recipe,
    ):
        text = json.dumps(recipe.to_json())
        again = Recipe.from_json(json.loads(text))
        assert again == recipe
        assert json.dumps(again.to_json()) == text
        assert again.features == recipe.features


@pytest.mark.parametrize("damage", ["target", "header", "columns", "lower", "upper"])
def test_damaged_recipe(damage: str) -> None:
    data = load(DataSpec(Builtin("iris")), HERE).recipe.to_json()
    without = {key: value for key, value in data.items() if key != damage}
    with pytest.raises(ValueError, match="preprocessing is damaged"):
        Recipe.from_json(without)
    for value in (7, None, [None]):
        with pytest.raises(ValueError, match="preprocessing is damaged"):
            Recipe.from_json(without | {damage: value})
    with pytest.raises(ValueError, match="preprocessing is damaged"):
        Recipe.from_json([])


def test_recipe_reproduces_the_training_part(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(MIXED)
    data = load(DataSpec(Csv("t.csv"), steps=MIXED_STEPS), tmp_path)
    recipe = Recipe.from_json(json.loads(json.dumps(data.recipe.to_json())))
    rows = load_rows(tmp_path / "t.csv", recipe)
    assert data.test is not None
    for part in (data.train, data.test):
        assert np.array_equal(rows.x[part.rows], part.x)
        assert np.array_equal(rows.raw[part.rows], part.raw)
        assert rows.exact_row(int(part.rows[0])) == part.exact_row(0)


def test_new_rows_by_name_and_by_position(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(MIXED)
    recipe = load(DataSpec(Csv("t.csv"), steps=MIXED_STEPS), tmp_path).recipe
    variants = {
        "by name, other order, other delimiter": "k;extra;c;a\n2;9;007;1.5\n3.0;9;new;?\n",
        "all columns": "r1,1.5,007,2,no\nr2,,new,3,no\n",
        "all but the target": "r1,1.5,007,2\nr2,NA,new,3\n",
        "the used ones": "1.5,007,2\n?,new,3\n",
    }
    fill = recipe.columns[0].step(Fill)
    assert fill is not None
    expected = [[1.5, 1, 0, 0, 0, 0, 1, 0], [fill.value, 0, 0, 0, 0, 0, 0, 1]]
    for text in variants.values():
        (tmp_path / "new.csv").write_text(text)
        assert load_rows(tmp_path / "new.csv", recipe).raw.tolist() == expected


def test_new_rows_all_of_a_text_category_that_looks_like_a_number(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(MIXED)
    recipe = load(DataSpec(Csv("t.csv"), steps=MIXED_STEPS), tmp_path).recipe
    (tmp_path / "new.csv").write_text("a,c,k\n1,007,1\n1,7,1\n")
    assert load_rows(tmp_path / "new.csv", recipe).raw[:, 1].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("a,c\n1,u\n", "E201", "`new.csv` has no column `k`"),
        ("1,2,3,4,5,6\n", "E213", "line 1 of `new.csv` has 6 values, where 3 are expected"),
        ("a,c,k\n1,u,1\nx,u,1\n", "E209", "line 3 of `new.csv`, column `a`: `x` is not a number"),
        ("a,c,k\n", "E211", "no rows"),
        ("", "E211", "it is empty"),
    ],
)
def test_bad_new_rows(tmp_path: Path, text: str, code: str, message: str) -> None:
    (tmp_path / "t.csv").write_text(MIXED)
    recipe = load(DataSpec(Csv("t.csv"), steps=MIXED_STEPS), tmp_path).recipe
    (tmp_path / "new.csv").write_text(text)
    with pytest.raises(Rejected) as caught:
        load_rows(tmp_path / "new.csv", recipe)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == code
    assert message in diagnostic.message
    assert diagnostic.hint


def test_new_rows_without_imputation(tmp_path: Path) -> None:
    write_files(tmp_path)
    recipe = load(DataSpec(Csv("plain.csv")), tmp_path).recipe
    with pytest.raises(Rejected, match=r"line 5 of `gaps\.csv`, column `a`: the value is missing, and in 1 more line"):
        load_rows(tmp_path / "gaps.csv", recipe)


def test_the_advice_is_about_the_rows(tmp_path: Path) -> None:
    write_files(tmp_path)
    recipe = load(DataSpec(Csv("plain.csv")), tmp_path).recipe
    with pytest.raises(Rejected) as caught:
        load_rows(tmp_path / "gaps.csv", recipe)
    assert caught.value.diagnostics[0].hint == "fill the value in; only a network trained with `impute` can do without it"


def test_a_feature_and_a_target_of_the_same_word_are_two_columns(load_csv: Loader, tmp_path: Path) -> None:
    """`class` is the feature also where the target `class_` is not there, and the target is nothing that stands for it."""
    recipe = load_csv("class,b,class_\n" + "".join(f"{i},{i % 3},{'no' if i % 2 else 'yes'}\n" for i in range(20))).recipe
    (tmp_path / "new.csv").write_text("b,class\n2,7\n")
    assert load_rows(tmp_path / "new.csv", recipe).raw.tolist() == [[7.0, 2.0]]
    (tmp_path / "new.csv").write_text("b,class_,class\n2,yes,7\n")
    assert load_rows(tmp_path / "new.csv", recipe).raw.tolist() == [[7.0, 2.0]]
    (tmp_path / "new.csv").write_text("b,class_\n2,yes\n")
    with pytest.raises(Rejected):
        load_rows(tmp_path / "new.csv", recipe)
