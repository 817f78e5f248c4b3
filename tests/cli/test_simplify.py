"""`bdnnc simplify`: a run folder of its own, with fewer weights and the same answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bdnnlang import cli

SPEC = """\
bdnn 1
data csv("d.csv") { test = 0%, scale none }
network { weights in {-1, 0, 1}, hidden 2 }
train { local_search 1s }
"""
LAYERS = [
    {"weights": [[1, 0], [1, -1]], "biases": [-2.5, -0.5]},  # the second one is not read
    {"weights": [[1, 0]], "biases": [-0.5]},
]
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simplify")
    (folder / "d.csv").write_text("a,b,y\n" + "".join(f"{i % 6},{i % 4},{'yes' if i % 6 > 2 else 'no'}\n" for i in range(24)))
    (folder / "s.bdnn").write_text(SPEC)
    (folder / "n.json").write_text(json.dumps({"layers": LAYERS}))
    assert cli.main(["import", str(folder / "s.bdnn"), str(folder / "n.json"), "--out", str(folder / "r")]) == 0
    return folder / "r"


def test_a_run_folder_of_its_own(run: Path, capsys: Captured) -> None:
    assert cli.main(["simplify", str(run)]) == 0
    assert "2 of 4 weights are left; every answer stays" in capsys.readouterr().err
    smaller = run.with_name("r-simplified")
    layers = json.loads((smaller / "network.json").read_text())["layers"]
    assert layers == [{"weights": [[1, 0], [0, 0]], "biases": [-2.5, -0.5]}, {"weights": [[1, 0]], "biases": [-0.5]}]
    assert json.loads((smaller / "run.json").read_text())["result"]["verified_loss"] == 0
    assert cli.main(["verify", str(smaller)]) == 0
    capsys.readouterr()
    assert cli.main(["simplify", str(smaller)]) == 0
    assert "nothing to leave out: all of its 2 weights are needed" in capsys.readouterr().err


def test_other_data_are_refused(run: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "d.csv").write_text("a,b,y\n0,0,no\n5,1,yes\n")
    assert cli.main(["simplify", str(run), "--data", str(tmp_path), "--out", str(tmp_path / "r")]) != 0
    assert "are others than the run had" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()
