"""The network as an estimator: scikit-learn's own checks, pipelines, searches, weights, and what it says of a fit."""

from __future__ import annotations

import pickle
import re
import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from child_python import said_by
from report.html.seen import Seen
from sklearn import config_context
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils import get_tags
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.estimator_checks import parametrize_with_checks

import bdnnlang as bd

PAGE = Path(__file__).resolve().parents[2] / "docs" / "estimator.md"
XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "yes", "yes", "no"])


def quick(**parameters: Any) -> bd.BDNNClassifier:
    return bd.BDNNClassifier(**{"hidden": (2,), "solver": None, "time_limit": 20, **parameters})


EXPECTED = {"check_class_weight_classifiers": "without an error on the training samples it does not matter what errors cost"}


@parametrize_with_checks([quick()], expected_failed_checks=lambda estimator: EXPECTED)
def test_scikit_learn_finds_nothing_wrong(estimator: Any, check: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def test_what_time_ends_may_differ_the_next_time() -> None:
    tags = [get_tags(one).non_deterministic for one in (quick(), quick(solver="scip"), quick(prove=True), quick(spec="x.bdnn"))]
    assert tags == [False, True, True, True]


def test_xor_is_learned_and_proved() -> None:
    model = quick(prove=True).fit(*XOR)
    assert model.predict(XOR[0]).tolist() == XOR[1]
    assert (model.loss_, model.bound_, model.gap_, model.status_) == (0, 0, 0.0, "optimal")
    assert model.classes_.tolist() == ["no", "yes"]
    assert model.score(*XOR) == 1.0
    assert model.explain()[-1].startswith("else")


def test_the_solver_proves_what_the_search_has_not() -> None:
    x, y = [[0], [1], [2], [3]], [0, 1, 0, 1]
    model = bd.BDNNClassifier(hidden=(1,), time_limit=20, random_state=3).fit(x, y)
    assert (model.loss_, model.bound_, model.status_) == (1, 1, "optimal")


def test_the_decision_is_the_pre_activation_of_the_output() -> None:
    model = quick().fit([[0], [1], [2], [3]], [0, 0, 1, 1])
    layers = model.network_.layers
    hidden = (np.array([[0.0], [1], [2], [3]]) @ layers[0].weights.T + layers[0].biases >= 0).astype(float)
    expected = (hidden @ layers[1].weights.T + layers[1].biases).ravel()
    decision = model.decision_function([[0], [1], [2], [3]])
    assert np.allclose(decision, expected)
    assert ((decision > 0) == (model.predict([[0], [1], [2], [3]]) == 1)).all()


def test_many_classes_have_no_decision_function() -> None:
    model = quick().fit([[0], [1], [2]], ["a", "b", "c"])
    assert model.predict([[0], [1], [2]]).tolist() == ["a", "b", "c"]
    assert not hasattr(model, "decision_function")


def test_weights_count_samples_so_many_times() -> None:
    """Equal samples of both classes: the heavier one wins, at the cost of the other, in the units of the weights."""
    x, y = [[0.0], [0.0], [1.0]], [0, 1, 1]
    model = quick(hidden=(1,)).fit(x, y, sample_weight=[0.75, 0.5, 1.0])
    assert (model.loss_, model.predict([[0.0]]).tolist()) == (Fraction(1, 2), [0])
    model = quick(hidden=(1,), class_weight={1: 4.0}).fit(x, y)
    assert (model.loss_, model.predict([[0.0]]).tolist()) == (1, [1])
    with pytest.raises(ValueError, match="round them"):
        quick().fit(x, y, sample_weight=[0.123456789, 1.0, 1e6])


def test_weights_that_others_work_out() -> None:
    """7 samples of one class and 6 of the other: 13/14 and 13/12, as floats."""
    x, y = [[0.0]] * 7 + [[1.0]] * 5 + [[0.0]], [0] * 7 + [1] * 6
    model = quick(hidden=(1,)).fit(x, y, sample_weight=compute_sample_weight("balanced", y))
    assert model.loss_ == Fraction(13, 12)


def test_in_a_pipeline_and_a_search_with_two_jobs() -> None:
    x, y = np.array([[i, (7 * i) % 5] for i in range(24)], dtype=float), np.array([int(8 <= i < 16) for i in range(24)])
    pipe = make_pipeline(MinMaxScaler(), quick(random_state=1))
    search = GridSearchCV(pipe, {"bdnnclassifier__hidden": [(1,), (2,)]}, n_jobs=2, cv=3).fit(x, y)
    assert search.best_params_ == {"bdnnclassifier__hidden": (2,)}
    assert search.score(x, y) == 1.0


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_names_of_a_frame_are_kept(library: str) -> None:
    frames = pytest.importorskip(library)
    frame = frames.DataFrame({"length": [0.0, 1.0, 2.0, 3.0], "width": [1.0, 1.0, 1.0, 1.0]})
    model = quick(hidden=(1,)).fit(frame, frames.Series(["a", "a", "b", "b"]), sample_weight=frames.Series([1, 2, 1, 1]))
    assert model.feature_names_in_.tolist() == ["length", "width"]
    assert "length" in model.explain()[0]
    assert model.predict(frame).tolist() == ["a", "a", "b", "b"]
    assert model.feature_importances(frame).tolist() == [0.5, 0.0]
    with pytest.raises(ValueError, match="must be in the same order"):
        model.predict(frame[["width", "length"]])


def test_which_features_matter() -> None:
    x = [[0, 5], [1, 5], [2, 5], [3, 5]]
    model = quick(hidden=(1,)).fit(x, [0, 0, 1, 1])
    assert model.used_features().tolist()[0]
    importances = model.feature_importances(x)
    assert importances[0] == 0.5


def test_the_example_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    exec(code, found := {})  # type: ignore[var-annotated]
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{found['model'].loss_} {found['model'].bound_} {found['model'].status_.value}"
    assert "else" in lines[-2]
    assert len(found["model"].feature_importances(found["scaled"])) == 4
    assert found["search"].best_score_ > 0.8


def test_from_a_spec() -> None:
    spec = "bdnn 1\nnetwork { weights in {-1, 0, 1}, hidden 2 }\ntrain { local_search { restarts = 9 } }\n"
    model = bd.BDNNClassifier.from_spec(spec, time_limit=20)
    assert clone(model).fit(*XOR).network_.widths == (2, 2, 1)


def test_an_error_of_the_parameters_is_a_spec_error() -> None:
    with pytest.raises(bd.SpecError, match="unknown domain"):
        quick(weights="trinary").fit(*XOR)
    with pytest.raises(NotFittedError):
        quick().predict([[0, 0]])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"hidden": 4}, "The 'hidden' parameter of BDNNClassifier must be an array-like"),
        ({"time_limit": 0}, r"The 'time_limit' parameter of BDNNClassifier must be a float in the range \[0.01, inf\)"),
        ({"time_limit": float("inf")}, "The 'time_limit' parameter"),
        ({"weights": None}, "The 'weights' parameter of BDNNClassifier must be an instance of 'str'"),
        ({"class_weight": "heavy"}, "The 'class_weight' parameter"),
        ({"class_weight": {"maybe": 2.0}}, r"class_weight names 'maybe', and the classes are \['no', 'yes'\]"),
        ({"n_jobs": 0}, "n_jobs is 0: give at least one thread"),
        ({"n_jobs": "all"}, "The 'n_jobs' parameter"),
    ],
)
def test_parameters_of_another_kind(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        quick(**parameters).fit(*XOR)


@pytest.mark.parametrize(("n_jobs", "threads"), [(None, 1), (1, 1), (3, 3), (-1, 8), (-3, 6), (-9, 1)])
def test_jobs_are_the_threads_of_a_solver(n_jobs: int | None, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert quick(n_jobs=n_jobs)._spec(["no", "yes"]).train.threads == threads


def test_a_robust_network_counts_what_can_be_moved_across() -> None:
    """At 0 and 1: within 0.4 of either there is room for a threshold, within 0.6 there is none."""
    x, y = [[0.0], [1.0]], [0, 1]
    losses = [quick(hidden=(1,), weights="[-1, 1]", robust=f"linf({radius})").fit(x, y).loss_ for radius in (0.4, 0.6)]
    assert losses == [0, 1]


def test_a_pickle_needs_no_solver(tmp_path: Any) -> None:
    path = tmp_path / "model.pickle"
    path.write_bytes(pickle.dumps(quick().fit(*XOR)))
    code = """
import pickle, sys
from pathlib import Path
model = pickle.loads(Path(sys.argv[1]).read_bytes())
say(model.predict([[0, 1], [1, 1]]).tolist())
say([name for name in ("pyscipopt", "highspy", "ortools", "pysat") if name in sys.modules])
"""
    assert said_by(code, path) == [["yes", "no"], []]


def test_a_notebook_draws_the_network() -> None:
    """With the names of the columns, whatever is in them."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"<script>alert(1)</script>": [0.0, 1, 2, 3], "other": [1.0, 0, 1, 0]})
    model = quick(hidden=(1,))
    assert "sk-estimator" in model._repr_html_()  # scikit-learn's, before it is fitted
    with config_context(display="text"):
        assert model._repr_html_() == ""
    bundle = model.fit(frame, ["<a>", "<a>", "<b>", "<b>"])._repr_mimebundle_()
    assert bundle == {"text/plain": repr(model), "text/html": model._repr_html_()}
    seen = Seen(bundle["text/html"])
    assert seen.of("text") == ['"<script>a…/script>"', "h1", '"<b>"']
