"""`bdnnc verify` of a sweep's folder: what it states holds, and whatever is changed in it is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bdnnlang as bd
from bdnnlang import cli

SPEC = """bdnn 1
param width = 1 in int[1, 4]
param seed = 0
param limit = 1s
data csv("xor.csv") { scale none, test = 0% }
network { weights in ternary, hidden width }
train { seed = seed, local_search limit { restarts = 0 } }
sweep { width in {1, 2}, seed in int[0, 1], limit in {0.5s} }
"""
FOLDS = SPEC.replace("int[0, 1], limit in {0.5s}", "{0}, cross_validate = 2")
XOR = "a,b,y\n" + "0,0,0\n0,1,1\n1,0,1\n1,1,0\n" * 2


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sweeps, from a folder that is not the current one."""
    place = tmp_path_factory.mktemp("finished")
    (place / "xor.csv").write_text(XOR)
    for name, text in (("seeds", SPEC), ("folds", FOLDS)):
        (place / f"{name}.bdnn").write_text(text)
        assert cli.main(["run", str(place / f"{name}.bdnn"), "--out", str(place / "runs" / name)]) == 0
    return place


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "copy") / "runs" / "seeds"


@pytest.mark.parametrize("name", ["seeds", "folds"])
def test_all_of_it_holds(finished: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(finished / "runs" / name)]) == 0
    out = capsys.readouterr().out
    assert "claims of its run folder hold" in out
    assert "ok      sweep.csv: the table of these rows" in out
    assert bd.verify(finished / "runs" / name)


def change(content: dict[str, Any], path: str, value: object) -> None:
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in steps:
        content = content[step]  # type: ignore[index]
    content[last] = value  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        ("points.1.loss", 7, "points[1].loss"),
        ("points.2.train_accuracy", 1.0, "points[2].train_accuracy"),
        ("points.0.status", "optimal", "points[0].status"),
        ("points.0.values.width", "2", "points[0].values.width"),
        ("points.0.values.limit", "1s", "points[0].values.limit"),
        ("points.0.spec_sha256", "0", "points[0].spec_sha256"),
        ("repetitions", ["width", "seed"], "repetitions"),
        ("summary.0.loss.mean", 7.5, "summary"),
        ("summary.0.loss.deviation", 0.25, "summary"),
    ],
)
def test_another_number_is_found(copy: Path, path: str, value: object, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads((copy / "sweep.json").read_text())
    change(content, path, value)
    (copy / "sweep.json").write_text(json.dumps(content))
    assert cli.main(["verify", str(copy)]) == 4
    assert f"WRONG   {wrong}:" in capsys.readouterr().out


def rewritten(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


@pytest.mark.parametrize(
    ("name", "edit", "wrong"),
    [
        ("sweep.csv", rewritten("ended", "failed"), "sweep.csv"),
        ("report.txt", rewritten("runs", "rums"), "report.txt"),
        ("width=1,seed=0,limit=0.5s/report.txt", rewritten("loss", "lost"), "width=1,seed=0,limit=0.5s: report.txt"),
    ],
)
def test_another_text_is_found(
    copy: Path, name: str, edit: Callable[[str], str], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (copy / name).read_text()
    assert edit(text) != text
    (copy / name).write_text(edit(text))
    assert cli.main(["verify", str(copy)]) == 4
    assert f"WRONG   {wrong}:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema", 2),
        ("points", [{}]),
        ("points.0.folder", "../x"),
        ("points.0.loss", "many"),
        ("points.0.state", "done"),
        ("members", ["a"]),
    ],
)
def test_damage_is_said(copy: Path, path: str, value: object, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads((copy / "sweep.json").read_text())
    change(content, path, value)
    (copy / "sweep.json").write_text(json.dumps(content))
    assert cli.main(["verify", str(copy)]) == 1
    assert "is damaged" in capsys.readouterr().err


def test_a_run_that_lacks_a_number_is_damaged(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = copy / "width=1,seed=0,limit=0.5s" / "run.json"
    content = json.loads(run.read_text())
    del content["result"]["gap"]
    run.write_text(json.dumps(content))
    assert cli.main(["verify", str(copy)]) in (1, 4)
    assert "internal" not in capsys.readouterr().err
