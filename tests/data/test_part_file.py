"""A test or validation part that is a file of its own: fitted on the training part alone, columns by name, classes the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.data.dataset import Dataset
from bdnnlang.data.load import load
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Builtin, Column, Csv, DataSpec, Impute, Label, Sample, Scale

from .conftest import span_of

TRAIN = "a,c,y\n" + "".join(f"{i},{('u', '007')[i % 2]},{('no', 'yes')[i % 2]}\n" for i in range(8))
TEST = "y,extra,c,a\nyes,9,007,14\nno,9,new,3.5\nyes,9,007,-7\n"
SPAN = span_of("test = 25%")


def made(folder: Path, test: str, train: str = TRAIN, **settings: object) -> Dataset:
    (folder / "train.csv").write_text(train)
    (folder / "test.csv").write_text(test)
    spec = {"test": Csv("test.csv", span=SPAN)} | settings
    return load(DataSpec(Csv("train.csv", span=span_of('csv("t.csv")')), **spec), folder)  # type: ignore[arg-type]


def refused(folder: Path, test: str, **settings: object) -> tuple[Diagnostic, ...]:
    with pytest.raises(Rejected) as caught:
        made(folder, test, **settings)
    return caught.value.diagnostics


def test_a_file_is_the_test_part_and_all_other_rows_are_for_training(tmp_path: Path) -> None:
    data = made(tmp_path, TEST)
    assert data.validation is None
    assert data.test is not None
    assert len(data.train) == 8
    assert data.test.raw.tolist() == [[14, 1, 0], [3.5, 0, 0], [-7, 1, 0]]
    assert data.test.x[:, 0].tolist() == [2, 0.5, -1]  # scaled by the 0 to 7 of the training part
    assert data.test.y.tolist() == [1, 0, 1]
    assert data.facts()["test_source"] == "csv test.csv"
    assert data.facts()["test_sha256"] == hashlib.sha256(TEST.encode()).hexdigest()
    assert "validation_sha256" not in data.facts()


def test_no_row_of_the_file_changes_what_is_fitted(tmp_path: Path) -> None:
    steps = (Impute("mean"), Scale("standard"))
    before = made(tmp_path, TEST, steps=steps)
    after = made(tmp_path, TEST + "no,9,u,1e9\n", steps=steps)
    assert after.recipe == before.recipe
    assert np.array_equal(after.train.x, before.train.x)
    assert after.classes == before.classes


def test_the_split_seed_has_no_say(tmp_path: Path) -> None:
    one, other = (made(tmp_path, TEST, split_seed=seed).train for seed in (0, 5))
    assert sorted(one.rows) == sorted(other.rows) == list(range(8))


def test_both_parts_may_be_files_or_one_of_them_a_share(tmp_path: Path) -> None:
    (tmp_path / "valid.csv").write_text("a,c,y\n1,u,no\n")
    data = made(tmp_path, TEST, validation=Csv("valid.csv"))
    assert data.validation is not None
    assert (len(data.train), data.validation.raw.tolist()) == (8, [[1, 0, 1]])
    shared = made(tmp_path, TEST, validation=0.25)
    assert shared.validation is not None
    assert (len(shared.train), len(shared.validation)) == (6, 2)
    other = load(DataSpec(Csv("train.csv"), validation=Csv("valid.csv"), test=0.25), tmp_path)
    assert other.test is not None
    assert (len(other.train), len(other.validation or ()), len(other.test)) == (6, 1, 2)


def test_samples_are_drawn_from_the_source_alone(tmp_path: Path) -> None:
    data = made(tmp_path, TEST, steps=(Sample(4),))
    assert data.test is not None
    assert (len(data.train), len(data.test)) == (4, 3)


def test_titles_stand_for_the_columns_of_a_data_set(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text(
        "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),target\n5,3,1,0.2,setosa\n"
    )
    data = load(DataSpec(Builtin("iris"), test=Csv("test.csv"), steps=(Scale("none"),)), tmp_path)
    assert data.test is not None
    assert (data.test.x.tolist(), data.test.y.tolist()) == ([[5, 3, 1, 0.2]], [0])


def test_numbers_as_classes_are_compared_as_numbers(tmp_path: Path) -> None:
    data = made(tmp_path, "a,y\n1,1.0\n2,2\n", train="a,y\n" + "".join(f"{i},{1 + i % 2}\n" for i in range(6)))
    assert data.test is not None
    assert data.test.y.tolist() == [0, 1]


def test_rows_of_classes_left_out_are_left_out_here_too(tmp_path: Path) -> None:
    train = TRAIN + "1,u,maybe\n2,u,maybe\n"
    data = made(tmp_path, TEST + "maybe,9,u,oops\n", train=train, classes=(Label("yes"), Label("no")))
    assert data.test is not None
    assert (data.classes, data.test.y.tolist()) == (("yes", "no"), [0, 1, 0])


@pytest.mark.parametrize(
    ("test", "code", "message", "hint"),
    [
        ("a,y\n1,no\n", "E201", "`test.csv` has no column `c`", "the columns are `a`, `y`"),
        ("a,c,Y\n1,u,no\n", "E201", "`test.csv` has no column `y`", "did you mean `Y`?"),
        (TEST + "maybe,9,u,1\nperhaps,9,u,1\n", "E209",
         "line 5 of `test.csv`, column `y`: `maybe` is no class of the training data, and in 1 more line", "`no`, `yes`"),
        (TEST + ",9,u,1\n", "E209", "line 5 of `test.csv`, column `y`: the class is missing", "correct the row"),
        (TEST + "no,9,u,?\n", "E209", "line 5 of `test.csv`, column `a`: the value is missing", "impute"),
        (TEST + "no,9,u,oops\n", "E209", "line 5 of `test.csv`, column `a`: `oops` is not a number", "write a number"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_its_place(tmp_path: Path, test: str, code: str, message: str, hint: str) -> None:
    (error,) = refused(tmp_path, test)
    assert (error.code, error.span) == (code, SPAN)
    assert message in error.message
    assert hint in error.hint


def test_a_file_without_any_of_the_chosen_classes(tmp_path: Path) -> None:
    (error,) = refused(tmp_path, "a,c,y\n1,u,maybe\n", classes=(Label("yes"), Label("no")))
    assert error.code == "E206"
    assert "no row of `test.csv` has one of the classes `yes`, `no`" in error.message


def test_mistakes_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, "a,y\n1,no\n", validation=Csv("none.csv", span=span_of("data")))
    assert sorted(error.code for error in found) == ["E201", "E211"]


def test_the_target_may_be_named_by_its_number(tmp_path: Path) -> None:
    data = made(tmp_path, TEST, target=Column(3))
    assert data.test is not None
    assert data.test.y.tolist() == [1, 0, 1]


def test_what_training_has_not_seen_is_told(tmp_path: Path) -> None:
    data = made(tmp_path, "a,c,y\n3,purple,no\n900,u,yes\n")
    assert [(one.code, one.span) for one in data.warnings if one.code in ("W252", "W253")] == [("W253", SPAN), ("W252", SPAN)]
    assert "line 2 of `test.csv`, column `c`: `purple` is not in the training data" in [one.message for one in data.warnings]
