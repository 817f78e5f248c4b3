"""`bdnnc diff` on real specs and runs, and what git makes of it with the settings of docs/git.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bdnnlang import cli

SPEC = """bdnn 1
data csv("rows.csv") {
  scale none
  test = 25%
}
network {
  weights in {-1, 0, 1}
  hidden 1
}
train {
  local_search 5s { restarts = 0 }
}
"""
ROWS = "a,b,y\n" + "".join(f"{i % 7},{i % 5},{int(i % 7 > i % 5)}\n" for i in range(70))
PAGE = Path(__file__).parents[2] / "docs" / "git.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two specs, and two runs of the first: as it is, and of a network that is always off."""
    folder = tmp_path_factory.mktemp("diff")
    (folder / "rows.csv").write_text(ROWS)
    (folder / "one.bdnn").write_text(SPEC)
    (folder / "two.bdnn").write_text(SPEC.replace("25%", "30%  # more").replace("hidden 1", "hidden 2").replace("5s", "6s"))
    assert cli.main(["run", str(folder / "one.bdnn"), "--out", str(folder / "run")]) == 0
    network = json.loads((folder / "run" / "network.json").read_text())
    network["layers"][-1] = {"weights": [[0]], "biases": [-1]}
    (folder / "off.json").write_text(json.dumps(network))
    words = ["import", str(folder / "one.bdnn"), str(folder / "off.json"), "--out", str(folder / "off")]
    assert cli.main(words) == 0
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: str | Path, code: int = 0) -> str:
    assert cli.main(["diff", *map(str, words)]) == code
    return capsys.readouterr().out


def test_two_specs_and_their_models(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = folder / "one.bdnn", folder / "two.bdnn"
    assert said(capsys, a, b).splitlines() == [
        f"{a} → {b}",
        "spec",
        "  data.test           25%  →  30%",
        "  network.hidden      1    →  2",
        "  train.local_search  5s   →  6s",
        "model",
        "  samples  52  →  49",
        "  time     5s  →  6s",
    ]


def test_without_data_none_is_needed(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moved = Path(shutil.copy(folder / "two.bdnn", tmp_path))
    lines = said(capsys, folder / "one.bdnn", moved, "--no-data").splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["spec", "data.test", "network.hidden", "train.local_search"]
    assert cli.main(["diff", str(folder / "one.bdnn"), str(moved)]) == 1
    assert "cannot read `rows.csv`" in capsys.readouterr().err


def test_two_runs_sample_by_sample(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(said(capsys, folder / "run", folder / "off", "--format", "json"))
    assert (found["spec"], found["model"], found["differ"]) == ([], None, True)
    run = json.loads((folder / "run" / "run.json").read_text())
    counts = {part: sum(row[1] for row in matrix) for part, matrix in run["confusion"].items()}
    assert {part["part"]: part["different"] for part in found["samples"]["parts"]} == counts
    truth = [line.split(",")[2] for line in ROWS.splitlines()[1:]]
    for one in found["samples"]["different"]:
        assert (one["true"], one["class_a"], one["class_b"]) == (truth[one["row"] - 1], "1", "0")
    places = [change["place"] for change in found["run"]]
    assert {"loss", "train_accuracy"} <= set(places)


def test_a_run_and_a_spec(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, folder / "run", folder / "one.bdnn", "--exit-code").splitlines()[1:] == [
        "spec: no difference",
        "model: no difference",
    ]


@pytest.mark.parametrize(
    ("a", "b", "code"), [("one.bdnn", "one.bdnn", 0), ("one.bdnn", "two.bdnn", 1), ("run", "run", 0), ("run", "off", 1)]
)
def test_the_exit_code_says_whether_they_differ(
    folder: Path, capsys: pytest.CaptureFixture[str], a: str, b: str, code: int
) -> None:
    said(capsys, folder / a, folder / b, "--no-data")
    said(capsys, folder / a, folder / b, "--no-data", "--exit-code", code=code)


def test_data_that_are_gone_leave_the_samples_out(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (moved := tmp_path / "deep" / "runs").mkdir(parents=True)
    for name in ("run", "off"):
        shutil.copytree(folder / name, moved / name)
    last = said(capsys, moved / "run", moved / "off").splitlines()[-1]
    assert last.startswith("note: no sample is compared: the data of ")
    (moved / "rows.csv").write_text(ROWS.replace("6,", "5,"))
    last = said(capsys, moved / "run", moved / "off").splitlines()[-1]
    assert last.startswith("note: no sample is compared: the data of ")


def test_standard_input_is_read_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diff", "-", "-"]) == 2
    assert "standard input can be read once only" in capsys.readouterr().err


def test_the_document_has_both_files(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.bdnn").write_text("bdnn 1\ndta iris\n")
    assert cli.main(["diff", str(folder / "one.bdnn"), str(tmp_path / "bad.bdnn"), "--output", "json"]) == 1
    document = json.loads(capsys.readouterr().err)
    assert [(Path(file["path"]).name, file["ok"]) for file in document["files"]] == [("one.bdnn", True), ("bad.bdnn", False)]


# ---- git, with what docs/git.md says


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One commit of a spec, then other spaces, comments and a time; git configured as the page says."""
    for words in (["init", "-q"], ["config", "user.email", "a@b.c"], ["config", "user.name", "a"]):
        git(tmp_path, *words)
    attributes, commands = re.findall(r"```(?:gitattributes|sh)\n(.*?)```", PAGE.read_text(), re.DOTALL)[:2]
    (tmp_path / ".gitattributes").write_text(attributes)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "bdnnc").write_text(f'#!/bin/sh\nexec {sys.executable} -m bdnnlang.cli "$@"\n')
    (tmp_path / "bin" / "bdnnc").chmod(0o755)
    subprocess.run(["sh", "-euc", commands], cwd=tmp_path, check=True)
    (tmp_path / "s.bdnn").write_text(SPEC)
    git(tmp_path, "add", "s.bdnn", ".gitattributes")
    git(tmp_path, "commit", "-qm", "first")
    (tmp_path / "s.bdnn").write_text(SPEC.replace("  hidden 1", "    hidden 1   # small").replace("5s", "6s"))
    return tmp_path


def git(folder: Path, *words: str) -> str:

    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": path,
        "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_shows_what_specs_mean_and_in_which_block(repository: Path) -> None:
    lines = git(repository, "diff").splitlines()
    changed = [line for line in lines if re.match(r"[-+] ", line)]
    assert [line.split()[:3] for line in changed] == [["-", "local_search", "5s"], ["+", "local_search", "6s"]]
    plain = git(repository, "diff", "--no-textconv", "-U0").splitlines()
    assert [line.split("@@")[2].strip() for line in plain if line.startswith("@@")] == ["network {", "train {"]
    whole = git(repository, "difftool", "-y", "-x", "bdnnc diff --no-data").splitlines()
    assert whole[1:] == ["spec", "  train.local_search  5s  →  6s"]
