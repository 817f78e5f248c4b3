"""`bdnnc pareto`: a table of points, each of them a run folder whose claims hold."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from bdnnlang.cli import main

SPEC = """bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { local_search 1s { restarts = 0 } }
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.bdnn").write_text(SPEC)


def test_a_table_and_run_folders(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pareto", "x.bdnn", "--points", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (folder,) = Path("runs").iterdir()
    assert folder.name.startswith("x-pareto-")
    assert json.loads((folder / "pareto.json").read_text()) == found
    first, last = found["points"]
    assert [one["limit"] for one in found["runs"]] == [None, 4]
    assert (last["bytes"], last["nonzeros"], last["loss"]) == (4, 0, 37)
    assert first["bytes"] == 4 + 2 + 5 * 2 + 4 + 4  # two features, two weights of layer 1, one above, one neuron
    assert first["loss"] <= 4
    assert [one["bytes"] for one in csv.DictReader(io.StringIO((folder / "pareto.csv").read_text()))] == ["24", "4"]
    assert main(["verify", str(folder / last["folder"])]) == 0
    assert "bytes <= 4" in (folder / last["folder"] / "spec.bdnn").read_text()


def test_text_and_a_folder_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    assert main(["pareto", "x.bdnn", "--points", "1", "--out", "out"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].split() == ["bytes", "loss", "bound", "proved", "weights", "train", "test", "seconds", "run"]
    assert said.out.endswith("folder: out-2\n")
    assert "bdnnc: any size: 24 bytes, objective" in said.err


def test_flags_that_make_no_sense(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pareto", "x.bdnn", "--json", "--csv"]) == 2
    assert "`--json` and `--csv` do not go together" in capsys.readouterr().err
