"""Rows from arrays: what is wrong with them is said with its row and column, and no numpy error gets through."""

import numpy as np
import pytest

import bdnnlang as bd
from bdnnlang.api.rows import rows_of
from bdnnlang.data.preprocessing.onehot import Categories
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe

RECIPE = Recipe(
    target="y",
    header=("id", "a", "b", "y"),
    columns=(Encoding("a", seen=(0.0, 10.0)), Encoding("b", (Categories(("blue", "red")),))),
    lower=(0.0, 0.0, 0.0),
    upper=(10.0, 1.0, 1.0),
)

WRONG = {
    "`x` has 1 dimension, not two: rows and columns": [1, 2],
    "`x` has 0 dimensions, not two: rows and columns": object(),
    "`x` has 3 dimensions, not two: rows and columns": np.zeros((2, 2, 2)),
    "`x` has 1 columns, where 2 or 3 are expected": [[1]],
    "`x` has rows of different lengths": [[1, "red"], [1]],
    "`x` has columns of different lengths": {"a": [1, 2], "b": ["red"]},
    "`x` has no single value in each row of column `a`": {"a": [[1, 2]], "b": ["red"]},
    "`x` has no column `b`": {"a": [1]},
    "row 1 of `x`, column `a`: `green` is not a number": [[1, "red"], ["green", "red"]],
    "row 0 of `x`, column `a`: `inf` is not a finite number, and in 1 more row": {"a": [np.inf, np.inf], "b": ["red", "red"]},
    "row 1 of `x`, column `a`: the value is missing": {"a": [1.0, np.nan], "b": ["red", "red"]},
    "row 0 of `x`, column `a`: the value is missing": [[None, "red"], [1, "red"]],
    "row 0 of `x`, column `a`: `1e+101` is not between 1e-100 and 1e100 in size": {"a": [1e101], "b": ["red"]},
    "row 0 of `x`, column `a`: `9007199254740993` would be read as `9007199254740992`": {"a": [2**53 + 1], "b": ["red"]},
    "row 0 of `x`, column `a`: `(1+2j)` is not a number": {"a": [1 + 2j], "b": ["red"]},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_is_wrong(message: str) -> None:
    with pytest.raises(bd.SpecError) as raised:
        rows_of(WRONG[message], RECIPE)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.message == message or diagnostic.message.startswith(f"{message}, as in all rows")
    assert diagnostic.hint
    assert diagnostic.span is None


def test_the_hint_is_for_a_network_that_is_trained() -> None:
    with pytest.raises(bd.SpecError, match="hint: fill the value in; only a network trained with `impute` can do without it"):
        rows_of([[None, "red"]], RECIPE)
    with pytest.raises(bd.SpecError, match="hint: give a number, as the training data have them in this column"):
        rows_of([["green", "red"]], RECIPE)


def test_values_are_scaled_and_encoded() -> None:
    rows = rows_of(np.array([[5, "red"], [2.5, "blue"]], dtype=object), RECIPE)
    assert rows.x.tolist() == [[0.5, 0.0, 1.0], [0.25, 1.0, 0.0]]
    assert rows.raw.tolist() == [[5.0, 0.0, 1.0], [2.5, 1.0, 0.0]]
    assert rows.rows.tolist() == [0, 1]


@pytest.mark.parametrize("kind", [np.int8, np.uint64, np.float32, np.float64, bool, object])
def test_kinds_of_numbers(kind: type) -> None:
    assert rows_of({"a": np.array([1, 0], dtype=kind).astype(kind), "b": ["red", "red"]}, RECIPE).raw[:, 0].tolist() == [1.0, 0.0]


def test_what_training_has_not_seen_is_a_warning() -> None:
    with pytest.warns(bd.SpecWarning) as caught:
        rows_of([[5, "Red"], [100, "blue"], [200, "blue"]], RECIPE)
    assert [str(one.message).splitlines()[0] for one in caught] == [
        "warning[W253]: row 1 of `x`, column `a`: 100 is far outside the training range, and in 1 more row",
        "warning[W252]: row 0 of `x`, column `b`: `Red` is not in the training data",
    ]
