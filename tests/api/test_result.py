"""Results: classes of new rows, rules, and what there is to say without a network."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris

import bdnnlang as bd
from api.texts import IRIS
from bdnnlang.api.result import _named
from bdnnlang.run.status import RunStatus

COLOURS = "age,colour,state\n" + "".join(f"{20 + 5 * i},{('red', 'blue')[i % 2]},{('well', 'ill')[i // 5]}\n" for i in range(10))


@pytest.fixture(scope="module")
def iris() -> bd.Result:
    return bd.train(IRIS)


@pytest.fixture(scope="module")
def coloured(tmp_path_factory: pytest.TempPathFactory) -> bd.Result:
    """A network on a number that is scaled, a text, and a column that is dropped; any answer will do."""
    folder = tmp_path_factory.mktemp("colours")
    lines = COLOURS.splitlines()
    (folder / "colours.csv").write_text("\n".join([f"id,{lines[0]}", *(f"{i % 3},{line}" for i, line in enumerate(lines[1:]))]))
    data = 'data csv("colours.csv") { drop [id], onehot [colour], test = 0% }'
    (folder / "colours.bdnn").write_text(IRIS.replace(IRIS.splitlines()[2], data))
    return bd.train(folder / "colours.bdnn")


def test_predictions_are_those_that_the_accuracies_count(iris: bd.Result) -> None:
    bunch = load_iris()
    rows = bunch.target > 0
    classes = bunch.target_names[bunch.target[rows]]
    right = int((iris.predict(bunch.data[rows]) == classes).sum())
    assert right == round(75 * iris.accuracies["train"] + 25 * iris.accuracies["test"]) == 96


def test_one_row_that_lies_on_the_threshold_is_decided_exactly(iris: bd.Result) -> None:
    """`petal_length + petal_width >= 6.5`: in float64 4.7 + 1.8 is 6.5, and 4.3 + 2.2 is 6.5, but 5.4 + 1.1 - 6.5 is not 0."""
    assert iris.predict([[6.0, 3.0, 5.4, 1.1], [6.0, 3.0, 5.4, 1.0999999]]).tolist() == ["virginica", "versicolor"]


def test_columns_by_name_in_any_order_among_others(coloured: bd.Result) -> None:
    by_place = coloured.predict([[25, "red"], [60, "blue"]])
    by_name = coloured.predict({"colour": ["red", "blue"], "else": [None, None], "age": [25, 60]})
    whole = coloured.predict([[1, 25, "red"], [1, 60, "blue"]])
    assert by_place.tolist() == by_name.tolist() == whole.tolist()
    assert set(by_place.tolist()) <= {"well", "ill"}


def test_rows_of_a_file(coloured: bd.Result, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("colour;age\nred;25\nblue;60\n")
    assert coloured.predict(str(tmp_path / "new.csv")).tolist() == coloured.predict([[25, "red"], [60, "blue"]]).tolist()


def test_no_rows(iris: bd.Result) -> None:
    assert iris.predict(np.zeros((0, 4))).shape == (0,)


@pytest.mark.parametrize(
    ("classes", "labels"),
    [
        (("a", "b"), ["a", "b"]),
        (("0", "1"), [0, 1]),
        (("-1", "1"), [-1, 1]),
        (("01", "1"), ["01", "1"]),
        (("0.5", "1"), ["0.5", "1"]),
    ],
)
def test_classes_that_are_whole_numbers_are_integers(classes: tuple[str, ...], labels: list[object]) -> None:
    assert _named(classes).tolist() == labels


def test_a_run_without_a_network_has_no_answers(iris: bd.Result) -> None:
    nothing = replace(
        iris, status=RunStatus.NO_NETWORK, file=None, loss=None, objective=None, bound=None, gap=None, accuracies={}, report=""
    )
    for ask in (lambda: nothing.predict([[1, 2, 3, 4]]), nothing.rules):
        with pytest.raises(bd.NoNetwork, match="the run found no network: no network"):
            ask()
    assert nothing.network is None
    assert nothing.classes == ()
    assert nothing.summary().splitlines()[0] == "result    no network"
    assert "no network" in nothing._repr_html_()


def test_what_is_said_where_there_is_no_report(iris: bd.Result) -> None:
    numbers = {"loss": Fraction(7, 2), "objective": Fraction(15, 4), "bound": 3, "gap": 0.2, "margin": 0.001}
    changed = replace(iris, report="", status=RunStatus.OPTIMAL_AT_MARGIN, notes=("exact: a note",), **numbers)
    assert changed.summary().splitlines() == [
        "result    optimal at margin",
        "loss      3.5",
        "objective 3.75",
        "bound     3 (gap 20.0 %), for networks with margin ≥ 0.001",
        "accuracy  train 96.0 %, test 96.0 %",
        "network   4 → 1 → 1",
        "note      exact: a note",
    ]
    assert repr(changed).startswith("Result(status='optimal_at_margin', loss=Fraction(7, 2), bound=3, gap=0.2, margin=0.001, ")
