"""The block `compare`: the same as calling scikit-learn directly, and the bytes that are claimed."""

from __future__ import annotations

import json
import time
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from problems import network_spec
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.tree import DecisionTreeClassifier

from bdnnlang import compiler
from bdnnlang.budget import Interrupt
from bdnnlang.compare.baselines import _rounded, compare, has_converged, most_passes, resolved
from bdnnlang.folder import execute as runs
from bdnnlang.folder import verify as verification
from bdnnlang.language.spec import Logistic, Majority, Mlp, Paper, Tree

SPEC = """bdnn 1
data iris { validation = 20%, split_seed = 2 }
network { weights in {-1, 0, 1}, hidden 3, hidden 2 }
train { seed = 5, exact 1s { node_limit = 20 } }
compare { mlp { paper }, mlp { hidden = [7], epochs = 40 }, logistic, tree { depth = 2 }, tree, majority }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("compare")
    (place / "x.bdnn").write_text(SPEC)
    return place


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    spec, _ = compiler.read_spec(folder / "x.bdnn")
    training = compiler.training_problem(spec, compiler.read_data(spec, folder))
    place = folder / "run"
    runs.run_spec(training, folder / "x.bdnn", folder=place, emit=lambda fact: None, interrupt=Interrupt())
    return place


def read(place: Path) -> dict[str, Any]:
    return dict(json.loads((place / "run.json").read_text()))


def write(place: Path, content: dict[str, Any]) -> None:
    (place / "run.json").write_text(json.dumps(content))


def test_the_same_as_scikit_learn(folder: Path) -> None:
    spec, _ = compiler.read_spec(folder / "x.bdnn")
    data = compiler.read_data(spec, folder)
    assert data.validation is not None
    assert data.test is not None
    x, y = data.train.x, data.train.y
    common: dict[str, Any] = {"learning_rate_init": 1e-3, "batch_size": 64, "alpha": 0.0, "random_state": 5}
    models = [
        MLPClassifier((3, 2), max_iter=30, tol=0.0, n_iter_no_change=30, **common),
        MLPClassifier((7,), max_iter=40, tol=0.0, n_iter_no_change=40, **common),
        LogisticRegression(max_iter=1000),
        DecisionTreeClassifier(max_depth=2, random_state=5),
        DecisionTreeClassifier(random_state=5),
    ]
    found = compare(spec, data)
    names = ["mlp", "mlp_int8"] * 2 + ["logistic", "tree", "tree", "majority"]
    assert [one.model for one in found] == names
    for one, model in zip([one for one in found if one.model != "mlp_int8"], models, strict=False):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, y)
        shares = [model.score(part.x, part.y) for part in (data.train, data.validation, data.test)]
        assert [one.train_accuracy, one.validation_accuracy, one.test_accuracy] == shares
    assert found[-1].train_accuracy == np.bincount(y).max() / len(y)
    assert [found[0].settings, found[5].settings] == [(("hidden", (3, 2)), ("epochs", 30)), (("depth", 2),)]
    assert [one.passes for one in found] == [30, 30, 40, 40, *[None] * 4]
    assert [one.converged for one in found] == [False] * 4 + [True] + [None] * 3


def test_an_mlp_converges(folder: Path) -> None:
    spec, _ = compiler.read_spec(folder / "x.bdnn")
    data = compiler.read_data(spec, folder)
    model = MLPClassifier((100,), batch_size=64, max_iter=5000, alpha=0.0, random_state=5).fit(data.train.x, data.train.y)
    mlp, int8 = compare(replace(spec, compare=(Mlp((100,)),)), data)
    assert mlp.train_accuracy == model.score(data.train.x, data.train.y)
    assert (mlp.settings, mlp.passes, mlp.converged) == ((("hidden", (100,)), ("epochs", None)), model.n_iter_, True)
    assert (int8.model, int8.passes, int8.converged) == ("mlp_int8", model.n_iter_, True)
    assert has_converged(model.loss_curve_)
    assert not has_converged(model.loss_curve_[:-1])


def test_bytes_of_models(folder: Path) -> None:
    """Parameters, and 8 bytes for each of the four features."""
    spec, _ = compiler.read_spec(folder / "x.bdnn")
    found = compare(spec, compiler.read_data(spec, folder))
    paper, paper_int8, wide, wide_int8, logistic, shallow, _, majority = (one.bytes for one in found)
    assert (paper, paper_int8) == (4 * 32 + 32, 32 + 6 * 4 + 32)  # 4 · 3 + 3, 3 · 2 + 2 and 2 · 3 + 3
    assert (wide, wide_int8) == (4 * (4 * 7 + 7 + 7 * 3 + 3) + 32, 59 + 4 * 4 + 32)
    assert logistic == 4 * (4 * 3 + 3) + 32
    assert shallow == 11 + 32  # 5 nodes, two questions of 32 + 2 + 3 bits, three leaves of 2: 85 bits are 11 bytes
    assert majority == 1
    assert {one.preprocessing_bytes for one in found[:-1]} == {32}
    assert found[-1].preprocessing_bytes == 0


def test_int8_weights_are_those_that_are_counted() -> None:
    """Each array has 255 levels, 0 among them, and none is further away than half a step."""
    array = np.array([[0.1, -2.54, 0.0], [1.0, 2.0, -0.009]])
    rounded = _rounded(array)
    assert np.allclose(rounded / 0.02, [[5, -127, 0], [50, 100, 0]])
    assert not _rounded(np.zeros(3)).any()


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([1.0 - 0.01 * step for step in range(40)], False),
        ([1.0] * 11, False),
        ([1.0] * 12, True),
        ([1.0 - 0.00009 * step for step in range(12)], True),  # never by 1e-4 from one pass to the next
        ([1.0] * 11 + [0.5] + [0.5] * 10, False),
        ([1.0] * 11 + [0.5] + [0.5] * 11, True),
        ([1.0] * 12 + [0.5], True),  # a training that stops by then does not see the last one
    ],
)
def test_convergence(losses: list[float], expected: bool) -> None:
    assert has_converged(losses) is expected


def test_a_limit_for_every_size() -> None:
    assert [most_passes(samples) for samples in (75, 900, 20_000, 1_000_000)] == [10_000, 10_000, 500, 30]


def test_without_parts_and_without_hidden_layers(folder: Path) -> None:
    spec, _ = compiler.read_spec(folder / "x.bdnn", sets=["data.test=0%", "data.validation=0%"])
    spec = replace(spec, network=network_spec(), compare=(Mlp(training=(Paper(),)), Majority()))
    mlp, int8, majority = compare(spec, compiler.read_data(spec, folder))
    assert mlp.settings == (("hidden", ()), ("epochs", 30))
    assert (mlp.validation_accuracy, int8.validation_accuracy, majority.test_accuracy) == (None, None, None)
    assert resolved(Tree(3), spec) == Tree(3)
    assert resolved(Logistic(), spec) == Logistic()


# ---- in the run folder


def test_rows_of_the_run(run: Path) -> None:
    content = read(run)
    own, mlp, *_ = content["compare"]
    assert content["schema"] == 3
    assert own["model"] == "bdnn"
    assert own["settings"] == {"hidden": [3, 2]}
    assert own["test_accuracy"] == content["result"]["test_accuracy"]
    assert mlp["settings"] == {"hidden": [3, 2], "epochs": 30}
    assert set(mlp) == set(own) == {
        *("model", "settings", "train_accuracy", "validation_accuracy", "test_accuracy"),
        *("bytes", "preprocessing_bytes", "passes", "converged", "seconds"),
    }  # fmt: skip


def test_an_honest_run_holds(run: Path) -> None:
    assert [claim.name for claim in verification.verify_run(run) if not claim.holds] == []


@pytest.mark.parametrize(
    ("row", "key", "by", "name"),
    [
        (0, "bytes", 1, "compare[0].bytes"),
        (0, "test_accuracy", 0.001, "compare[0].test_accuracy"),
        (1, "bytes", -4, "compare[1].bytes"),
        (1, "passes", 1, "compare[1].passes"),  # 30, as the spec says
        (2, "bytes", -1, "compare[2].bytes"),
        (3, "test_accuracy", -0.2, "compare[3].test_accuracy"),
        (4, "preprocessing_bytes", -1, "compare[4].preprocessing_bytes"),
        (5, "train_accuracy", -0.1, "compare[5].train_accuracy"),
        (6, "validation_accuracy", -0.1, "compare[6].validation_accuracy"),
        (8, "train_accuracy", 0.1, "compare[8].train_accuracy"),
    ],
)
def test_a_false_row_is_found(run: Path, row: int, key: str, by: float, name: str) -> None:
    content = read(run)
    forged = json.loads(json.dumps(content))
    forged["compare"][row][key] += by
    try:
        write(run, forged)
        assert [claim.name for claim in verification.verify_run(run) if not claim.holds] == [name]
    finally:
        write(run, content)


@pytest.mark.parametrize(("key", "by"), [("verified_objective", 0.5), ("verified_loss", 1)])
def test_a_false_objective_is_found(run: Path, key: str, by: float) -> None:
    content = read(run)
    forged = json.loads(json.dumps(content))
    forged["result"][key] += by
    try:
        write(run, forged)
        assert f"result.{key}" in [claim.name for claim in verification.verify_run(run) if not claim.holds]
    finally:
        write(run, content)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ("class_weight = balanced", "optimal"),
        ("loss = zero_one + 0.1 * l2, class_weight = [1, 0.3]", "optimal_at_margin"),  # l2 asks for real biases
    ],
)
def test_fractions_survive_the_run_folder(tmp_path: Path, facts: str, status: str) -> None:
    """An optimum of 75/76 is stored as a decimal, and is still the optimum."""
    text = 'bdnn 1\ndata iris { classes = ["versicolor", "virginica"], sample 50, scale none }\n'
    network = "network { weights in {-1, 0, 1}, hidden 1 }\n"
    (tmp_path / "x.bdnn").write_text(f"{text}{network}train {{ {facts}, exact 20s }}\ncompare {{ majority }}\n")
    spec, _ = compiler.read_spec(tmp_path / "x.bdnn")
    training = compiler.training_problem(spec, compiler.read_data(spec, tmp_path))
    place = tmp_path / "run"
    done = runs.run_spec(training, tmp_path / "x.bdnn", folder=place, emit=lambda fact: None, interrupt=Interrupt()).json
    assert done["result"]["status"] == status
    assert [claim.name for claim in verification.verify_run(place) if not claim.holds] == []
    assert set(done["stages"][0]) >= {"claimed_objective", "verified_objective"}
    assert json.loads((place / "run.json").read_text()) == json.loads(json.dumps(done))


def test_a_row_that_is_missing_is_found(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the other rows keep the seconds that they state, however long a fit takes here."""
    content = read(run)
    fit = MLPClassifier.fit

    def slow(self: MLPClassifier, *args: Any) -> Any:
        time.sleep(0.3)
        return fit(self, *args)

    monkeypatch.setattr(MLPClassifier, "fit", slow)
    try:
        write(run, {**content, "compare": content["compare"][:-1]})
        assert [claim.name for claim in verification.verify_run(run) if not claim.holds] == ["compare"]
    finally:
        write(run, content)


def test_what_a_library_warns_of_is_no_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fit = LogisticRegression.fit

    def warns(self: LogisticRegression, *args: Any) -> Any:
        warnings.warn("an option goes away", FutureWarning, stacklevel=1)
        return fit(self, *args)

    monkeypatch.setattr(LogisticRegression, "fit", warns)
    spec, _ = compiler.read_spec(folder / "x.bdnn")
    (compared,) = compare(replace(spec, compare=(Logistic(),)), compiler.read_data(spec, folder))
    assert compared.model == "logistic"
