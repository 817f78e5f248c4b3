"""Samples from arrays: what becomes of them, and every mistake with its row and column."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import Rejected

X = [[0.5, 3], [0.1, 4], [0.5, 3], [0.2, 0]]


def test_numbers_are_the_decimals_that_they_print_as() -> None:
    found = Dataset.from_arrays(X, [0, 1, 1, 0])
    assert found.train.exact_row(1) == (Fraction(1, 10), Fraction(4))
    assert found.lattice is not None
    assert found.lattice.unit == Fraction(1, 10)
    assert found.train.x.tolist() == found.train.raw.tolist() == X
    assert (found.rows, found.merged_rows, found.irreducible_errors) == (4, 3, 1)
    assert (found.validation, found.test, found.warnings) == (None, None, ())


def test_the_arrays_of_the_program_stay_its_own() -> None:
    x, y = np.array(X), np.array([0, 1, 1, 0])
    found = Dataset.from_arrays(x, y)
    x[0, 0], y[0] = 7, 1
    assert (found.train.x[0, 0], found.train.y[0]) == (0.5, 0)


@pytest.mark.parametrize(
    ("y", "names", "classes", "places"),
    [
        (["b", "a", "a", "b"], None, ("a", "b"), [1, 0, 0, 1]),
        ([10, 9, 9, 10], None, ("9", "10"), [1, 0, 0, 1]),
        (np.array([1.0, 0.0, 0.0, 1.0]), None, ("0", "1"), [1, 0, 0, 1]),
        ([True, False, False, True], None, ("0", "1"), [1, 0, 0, 1]),
        ([1, 0, 0, 1], ["z", "a"], ("z", "a"), [1, 0, 0, 1]),
        (np.array([1.0, 0.0, 0.0, 1.0]), np.array(["z", "a"]), ("z", "a"), [1, 0, 0, 1]),
        (["z", "a", "a", "z"], ["z", "a"], ("z", "a"), [0, 1, 1, 0]),
        (["1", "0", "0", "1"], ["1", "0"], ("1", "0"), [0, 1, 1, 0]),
        ([1, 0, 0, 1], ["1", "0"], ("1", "0"), [1, 0, 0, 1]),
        (["NA", "?", "?", "NA"], None, ("?", "NA"), [1, 0, 0, 1]),
    ],
)
def test_labels_become_classes(y: Any, names: Any, classes: tuple[str, ...], places: list[int]) -> None:
    found = Dataset.from_arrays(X, y, class_names=names)
    assert (found.classes, found.train.y.tolist()) == (classes, places)


def test_names_of_features() -> None:
    y = [0, 1, 1, 0]
    assert Dataset.from_arrays(X, y).features == ("x1", "x2")
    assert Dataset.from_arrays(X, y, ["class", "b"]).recipe.header == ("class", "b", "class2")
    columns = {"width": [0.5, 0.1, 0.5, 0.2], "height": [3, 4, 3, 0]}
    assert Dataset.from_arrays(columns, y).features == ("width", "height")
    assert Dataset.from_arrays(columns, y, ["b", "c"]).features == ("b", "c")


def test_other_samples_have_another_hash() -> None:
    hashes = {Dataset.from_arrays(x, y).sha256 for x, y in ((X, [0, 1, 1, 0]), (X, [1, 0, 0, 1]), (X[::-1], [0, 1, 1, 0]))}
    assert len(hashes) == 3


WRONG: dict[str, tuple[Any, ...]] = {
    "`x` has 1 dimension, not two: rows and columns": ([1, 2], [0, 1]),
    "`x` has no values": ([[]], [0]),
    "`x` has rows of different lengths": ([[1, 2], [1]], [0, 1]),
    "`x` has columns of different lengths": ({"a": [1, 2], "b": [1]}, [0, 1]),
    "`x` has more than 200,000 rows": (np.zeros((200_001, 1)), np.zeros(200_001)),
    "`y` has 2 dimensions, not one": ([[1], [2]], [[0], [1]]),
    "`y` has 1 labels for 2 rows of `x`": ([[1], [2]], [0]),
    "`0` is the only class": ([[1], [2]], [0, 0]),
    "`y` has 4 different labels for 4 rows, too many to be classes": (X, [0.1, 0.2, 0.3, 0.4]),
    "`y` has the label `2` in row 1, which has no name among the 2 `class_names`": ([[1], [2]], [0, 2], None, ["a", "b"]),
    "the target has no class `b`": ([[1], [2]], [0, 0], None, ["a", "b"]),
    "row 1 of `y`, column `class`: the class is missing": ([[1], [2]], [0, None]),
    "row 0 of `y`, column `class`: the class is missing, and in 1 more row": ([[1], [2]], [float("nan"), float("nan")]),
    "row 1 of `x`, column `x1`: the value is missing": ([[1], [None]], [0, 1]),
    "row 1 of `x`, column `x1`: `a` is not a number": ([[1], ["a"]], [0, 1]),
    "row 1 of `x`, column `b`: `inf` is not a finite number": ([[1], [float("inf")]], [0, 1], ["b"]),
    "row 1 of `x`, column `x1`: `1e-200` is not between 1e-100 and 1e100 in size": ([[1], [1e-200]], [0, 1]),
    "`feature_names` has 2 names for 1 columns of `x`": ([[1], [2]], [0, 1], ["a", "b"]),
    "`feature_names` has an empty name, or one twice: `a`": ([[1, 2], [2, 3]], [0, 1], ["a", "a"]),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_is_wrong(message: str) -> None:
    with pytest.raises(Rejected) as raised:
        Dataset.from_arrays(*WRONG[message])
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.message == message
    assert diagnostic.hint


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(Rejected) as raised:
        Dataset.from_arrays([[1, "a"], [None, 2]], [0, 1])
    assert [one.message for one in raised.value.diagnostics] == [
        "row 1 of `x`, column `x1`: the value is missing",
        "row 0 of `x`, column `x2`: `a` is not a number",
    ]
