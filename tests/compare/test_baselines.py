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
from bdnnlang.compare.baselines import compare, resolved
from bdnnlang.folder import execute as runs
from bdnnlang.folder import verify as verification
from bdnnlang.language.spec import Integers, Interval, Logistic, Majority, Mlp, NetworkSpec, Tree, Values
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.memory import network_bytes

SPEC = """bdnn 1
data iris { validation = 20%, split_seed = 2 }
network { weights in {-1, 0, 1}, hidden 3, hidden 2 }
train { seed = 5, exact 1s { node_limit = 20 } }
compare { mlp, mlp { hidden = [7], epochs = 40 }, logistic, tree { depth = 2 }, tree, majority }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("compare")
    (place / "x.bdnn").write_text(SPEC)
    return place


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    spec, _ = compiler.read_spec(folder / "x.bdnn")
    data = compiler.read_data(spec, folder)
    place = folder / "run"
    runs.run_spec(spec, folder / "x.bdnn", data, folder=place, emit=lambda fact: None, interrupt=Interrupt())
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
    common: dict[str, Any] = {"learning_rate_init": 1e-3, "batch_size": 64, "alpha": 0.0, "tol": 0.0, "random_state": 5}
    models = [
        MLPClassifier((3, 2), max_iter=30, n_iter_no_change=30, **common),
        MLPClassifier((7,), max_iter=40, n_iter_no_change=40, **common),
        LogisticRegression(max_iter=1000),
        DecisionTreeClassifier(max_depth=2, random_state=5),
        DecisionTreeClassifier(random_state=5),
    ]
    found = compare(spec, data)
    assert [one.model for one in found] == ["mlp", "mlp", "logistic", "tree", "tree", "majority"]
    for one, model in zip(found, models, strict=False):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, y)
        shares = [model.score(part.x, part.y) for part in (data.train, data.validation, data.test)]
        assert [one.train_accuracy, one.validation_accuracy, one.test_accuracy] == shares
    assert found[-1].train_accuracy == np.bincount(y).max() / len(y)
    assert [found[0].settings, found[3].settings] == [(("hidden", (3, 2)), ("epochs", 30)), (("depth", 2),)]


def test_bytes_of_models(folder: Path) -> None:
    spec, _ = compiler.read_spec(folder / "x.bdnn")
    found = compare(spec, compiler.read_data(spec, folder))
    mlp, wide, logistic, shallow, _, majority = (one.bytes for one in found)
    assert mlp == 4 * (4 * 3 + 3 + 3 * 2 + 2 + 2 * 3 + 3)
    assert wide == 4 * (4 * 7 + 7 + 7 * 3 + 3)
    assert logistic == 4 * (4 * 3 + 3)
    assert shallow == 2 * 8 + 3 * 1  # two questions tell three classes apart
    assert majority == 1


def test_without_parts_and_without_hidden_layers(folder: Path) -> None:
    spec, _ = compiler.read_spec(folder / "x.bdnn", sets=["data.test=0%", "data.validation=0%"])
    spec = replace(spec, network=network_spec(), compare=(Mlp(), Majority()))
    mlp, majority = compare(spec, compiler.read_data(spec, folder))
    assert mlp.settings == (("hidden", ()), ("epochs", 30))
    assert (mlp.validation_accuracy, majority.test_accuracy) == (None, None)
    assert resolved(Tree(3), spec) == Tree(3)
    assert resolved(Logistic(), spec) == Logistic()


def net(*layers: tuple[list[list[float]], list[float]]) -> Network:
    return Network(tuple(Layer(np.array(w), np.array(b)) for w, b in layers))


@pytest.mark.parametrize(
    ("network", "spec", "expected"),
    [
        (net(([[1.0, 0.0, -1.0]], [2.0])), network_spec((), Integers(-1, 1)), 1),  # 3 · 2 + 1 bits
        (net(([[1.0, 0.0, -1.0]] * 4, [3.0, -4.0, 0.0, 1.0])), network_spec((), Integers(-1, 1)), 5),  # 12 · 2 + 4 · 3
        (net(([[1.0] * 9], [0.0])), network_spec((), Values((-1.0, 1.0)), Integers(-8, 7)), 2),  # 9 · 1 + 4
        (net(([[0.5, -0.25]], [0.0])), network_spec((), Interval(-1.0, 1.0)), 1),  # quarters: −1 … 2 are 4 · 2 bits… and 1
        (net(([[0.1, 0.3]], [0.0])), network_spec((), Interval(-1.0, 1.0)), 17),  # no dyadics: 2 · 64 + 1
        (net(([[1.0], [1.0]], [5.0, 5.0])), network_spec((), Integers(-1, 1), thresholds="per_layer"), 1),  # 2 · 2 + 1
        (net(([[1.0], [1.0]], [0.0, 0.0])), network_spec((), Integers(-1, 1), thresholds="zero"), 1),
    ],
)
def test_bytes_of_networks(network: Network, spec: NetworkSpec, expected: int) -> None:
    assert network_bytes(network, spec) == expected


# ---- in the run folder


def test_rows_of_the_run(run: Path) -> None:
    content = read(run)
    own, mlp, *_ = content["compare"]
    assert own["model"] == "bdnn"
    assert own["settings"] == {"hidden": [3, 2]}
    assert own["test_accuracy"] == content["result"]["test_accuracy"]
    assert mlp["settings"] == {"hidden": [3, 2], "epochs": 30}
    assert set(mlp) == {
        *("model", "settings", "train_accuracy", "validation_accuracy", "test_accuracy", "bytes", "seconds"),
    }


def test_an_honest_run_holds(run: Path) -> None:
    assert [claim.name for claim in verification.verify_run(run) if not claim.holds] == []


@pytest.mark.parametrize(
    ("row", "key", "by", "name"),
    [
        (0, "bytes", 1, "compare[0].bytes"),
        (0, "test_accuracy", 0.001, "compare[0].test_accuracy"),
        (1, "bytes", -4, "compare[1].bytes"),
        (2, "test_accuracy", -0.2, "compare[2].test_accuracy"),
        (3, "train_accuracy", -0.1, "compare[3].train_accuracy"),
        (4, "validation_accuracy", -0.1, "compare[4].validation_accuracy"),
        (6, "train_accuracy", 0.1, "compare[6].train_accuracy"),
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
    data = compiler.read_data(spec, tmp_path)
    place = tmp_path / "run"
    done = runs.run_spec(spec, tmp_path / "x.bdnn", data, folder=place, emit=lambda fact: None, interrupt=Interrupt()).json
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
