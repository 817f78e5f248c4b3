"""What is odd about new rows is said with its line, and the pages about it keep their word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang.data.diagnosis.oddities import MOST_VALUES, unknown_labels
from bdnnlang.data.diagnosis.row_warnings import TRAINED
from bdnnlang.data.load import load
from bdnnlang.data.new_rows import NewRows, load_rows
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.diagnostics import Diagnostic, registered
from bdnnlang.language.spec import Column, Csv, DataSpec, DataStep, Drop, Impute, OneHot, Quantize
from bdnnlang.render import render

FOLDER = Path(__file__).parents[1] / "errors"


def recipe_of(folder: Path, text: str = TRAINED, *steps: DataStep, header: bool | None = None) -> Recipe:
    (folder / "trained.csv").write_text(text)
    return load(DataSpec(Csv("trained.csv", header=header), test=0, steps=steps), folder).recipe


def said(folder: Path, text: str, recipe: Recipe | None = None) -> list[Diagnostic]:
    (folder / "new.csv").write_text(text)
    rows: NewRows = load_rows(folder / "new.csv", recipe or recipe_of(folder))
    return [*rows.warnings, *(unknown_labels(rows.table, rows.target, ("ill", "well")) if rows.target else ())]


@pytest.mark.parametrize("page", registered("bdnnlang.data.diagnosis.row_warnings"), ids=lambda page: page.code)
def test_the_pages_are_right(page: type[Diagnostic], tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    found = said(tmp_path, page.bad)
    assert {type(one) for one in found} == {page}
    assert said(tmp_path, page.good) == []
    golden(FOLDER / f"{page.code}.csv", page.bad)
    golden(FOLDER / f"{page.code}.err", render(found, "full"))


def test_each_unseen_category_is_told_once_up_to_a_few(tmp_path: Path) -> None:
    found = said(tmp_path, "age,colour\n30,green\n30,red\n30,green\n30,Blue\n")
    assert [one.message for one in found] == [
        "line 2 of `new.csv`, column `colour`: `green` is not in the training data, and in 1 more line",
        "line 5 of `new.csv`, column `colour`: `Blue` is not in the training data",
    ]
    assert [one.hint for one in found] == ["it counts as none of `blue`, `red`", "did you mean `blue`?"]
    many = "age,colour\n" + "".join(f"30,c{i}\n" for i in range(50))
    assert len(said(tmp_path, many)) == MOST_VALUES


def test_numbers_as_categories_are_compared_as_numbers(tmp_path: Path) -> None:
    recipe = recipe_of(tmp_path, "k,y\n" + "".join(f"{i % 3},{i % 2}\n" for i in range(12)), OneHot((Column("k"),)))
    found = said(tmp_path, "k\n1.0\n7\n", recipe)
    assert [one.message for one in found] == ["line 3 of `new.csv`, column `k`: `7` is not in the training data"]
    assert found[0].hint == "it counts as none of `0`, `1`, `2`"


@pytest.mark.parametrize(("age", "is_far"), [("65", False), ("110", False), ("111", True), ("-25", False), ("-25.1", True)])
def test_far_is_more_than_the_width_of_the_range(age: str, is_far: bool, tmp_path: Path) -> None:
    """Ages are 20 to 65 in training."""
    assert [one.code for one in said(tmp_path, f"age,colour\n{age},red\n")] == (["W253"] if is_far else [])


def test_levels_do_not_hide_what_is_far(tmp_path: Path) -> None:
    recipe = recipe_of(tmp_path, TRAINED, Impute("median"), Quantize(2))
    (one,) = said(tmp_path, "age,colour\n1e9,red\n,red\n", recipe)
    assert one.message == "line 2 of `new.csv`, column `age`: 1000000000 is far outside the training range"


def test_any_other_value_of_a_constant_column_is_far(tmp_path: Path) -> None:
    recipe = recipe_of(tmp_path, "a,b,y\n" + "".join(f"{i},7,{i % 2}\n" for i in range(6)))
    assert [one.code for one in said(tmp_path, "a,b\n1,7\n2,8\n", recipe)] == ["W253"]


def test_a_file_of_version_0_1_knows_no_range(tmp_path: Path) -> None:
    plain = recipe_of(tmp_path).to_json()
    assert plain["columns"][0].pop("seen") == [20, 65]
    assert said(tmp_path, "age,colour\n1000,red\n", Recipe.from_json(plain)) == []


def test_positions_are_natural_where_training_had_no_names_either(tmp_path: Path) -> None:
    text = "".join(f"{i},{i % 3},{'no' if i < 6 else 'yes'}\n" for i in range(12))
    recipe = recipe_of(tmp_path, text, header=False)
    assert said(tmp_path, "1,2\n2,1\n", recipe) == []
    dropped = recipe_of(tmp_path, text, Drop((Column(1),)), header=False)
    assert [one.code for one in said(tmp_path, "2\n1\n", dropped)] == ["W251"]


def test_a_column_that_is_not_used_may_be_there_twice(tmp_path: Path) -> None:
    assert said(tmp_path, "age,note,note,colour\n30,a,b,red\n") == []
    rows = load_rows(tmp_path / "new.csv", recipe_of(tmp_path))
    assert rows.raw.tolist() == [[30, 0, 1]]


def test_of_two_columns_the_first_is_read(tmp_path: Path) -> None:
    (one,) = said(tmp_path, "\nage,colour,age\n30,red,31\n")
    assert one.message == "line 2 of `new.csv` names two columns `age`"
    assert load_rows(tmp_path / "new.csv", recipe_of(tmp_path)).raw.tolist() == [[30, 0, 1]]
