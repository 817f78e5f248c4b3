"""`bdnnc import`: from the answer of a solver to a run folder that `verify`, `predict` and `run --resume` take."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import bdnnlang as bd
from bdnnlang.cli import main
from bdnnlang.imports import bring as bringing
from bdnnlang.model.model import Model
from bdnnlang.search.constant_networks import constant_incumbent

ANSWERS = Path(__file__).parents[1] / "solve" / "answers" / "files"
SPEC = (ANSWERS / "pair.bdnn").read_text().replace("exact 1min", "local_search 1s { restarts = 0 }")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pair.bdnn").write_text(SPEC)
    for name in ("highs.sol", "cbc_stopped.sol", "glpk.sol"):
        (tmp_path / name).write_bytes((ANSWERS / name).read_bytes())
    return tmp_path


def test_an_answer_comes_home(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "pair.bdnn", "highs.sol", "--bound", "1", "--by", "HiGHS", "--out", "run"]) == 0
    printed = capsys.readouterr().out
    digest = hashlib.sha256((here / "highs.sol").read_bytes()).hexdigest()
    assert f"import   highs.sol (HiGHS), sha256 {digest[:16]}…" in printed
    assert "claim    a bound of 1 by HiGHS: its word, of which nothing is checked here" in printed
    assert "bound     0 (gap 100.0 %)" in printed
    assert "run folder: run" in printed
    assert main(["verify", "run"]) == 0
    run = json.loads((here / "run" / "run.json").read_text())
    assert run["imported"] == {
        "file": "highs.sol",
        "sha256": digest,
        "form": "HiGHS",
        "claimed_objective": 1,
        "bound": 1.0,
        "bound_by": "HiGHS",
        "rejected": [],
    }
    assert (run["stages"], run["result"]["status"], run["result"]["bound"]) == ([], "feasible", 0)
    found = [line for line in (here / "run" / "journal.jsonl").read_text().splitlines() if '"NetworkFound"' in line]
    assert len(found) == 1
    assert digest in found[0]


def test_a_run_goes_on_from_an_imported_network(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "pair.bdnn", "glpk.sol", "--out", "run"]) == 0
    assert main(["run", "pair.bdnn", "--out", "run", "--resume"]) == 0
    assert main(["verify", "run"]) == 0
    run = json.loads((here / "run" / "run.json").read_text())
    assert (run["result"]["verified_loss"], [stage["stage"] for stage in run["stages"]]) == (1, ["local_search"])
    assert "imported" not in run
    capsys.readouterr()


def test_a_folder_is_kept_unless_forced(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--out", "run"], ["--out", "run"], ["--out", "run", "--force"]):
        assert main(["import", "pair.bdnn", "highs.sol", *arguments]) == 0
    said = capsys.readouterr()
    assert [line for line in said.out.splitlines() if "run folder" in line] == [
        *("run folder: run", "run folder: run-2", "run folder: run")
    ]
    assert sorted(path.name for path in here.iterdir() if path.is_dir()) == ["run", "run-2"]


def test_errors_and_exit_codes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "pair.bdnn", "cbc_stopped.sol", "--out", "run"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error[E305]: `cbc_stopped.sol`: CBC says: Stopped on iterations (no integer solution")
    assert not (here / "run").exists()
    assert main(["import", "pair.bdnn", "missing.sol"]) == 2
    assert "cannot read missing.sol: no such file" in capsys.readouterr().err
    assert main(["import", "pair.bdnn", "."]) == 2
    assert main(["import", "pair.bdnn", "highs.sol", "--bound", "1"]) == 2
    assert "`--bound` and `--by` go together" in capsys.readouterr().err
    (here / "highs.sol").rename(here / "network.json")
    assert main(["import", "pair.bdnn", "network.json", "--out", "."]) == 2  # it would be overwritten
    assert (here / "network.json").read_bytes() == (ANSWERS / "highs.sol").read_bytes()
    capsys.readouterr()


def test_a_network_without_its_certificate(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    robust = SPEC.replace("train {", "robust linf(0.4) { method = pattern }\ntrain {")
    (here / "pair.bdnn").write_text(robust)
    (here / "w.csv").write_text("1,0.5,-1,0.25\n2,-0.75,1\n")
    assert main(["import", "pair.bdnn", "w.csv", "--out", "run"]) == 3
    assert "has not the certificate" in capsys.readouterr().err
    assert main(["verify", "run"]) == 0


def test_a_network_that_is_worse_than_its_file_says(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def constant(training: bd.TrainingProblem, model: Model, *_: object) -> object:
        return constant_incumbent(model.built, training)

    monkeypatch.setattr(bringing, "verified_incumbent", constant)
    assert main(["import", "pair.bdnn", "highs.sol", "--out", "run"]) == 4
    said = capsys.readouterr()
    problem = "the network does not keep the loss of 1 that its values come to: its own is 4"
    assert f"rejected  {problem}" in (here / "run" / "report.txt").read_text()
    assert said.err.rstrip().endswith(problem)
    assert main(["verify", "run"]) == 0


def test_from_python(here: Path) -> None:
    result = bd.import_solution("pair.bdnn", "highs.sol", bound=2, by="somebody")
    assert (result.loss, result.status, result.bound) == (1, "feasible", 0)
    assert result.notes == ("somebody claims a bound of 2, but the values in the file come to an objective of 1",)
    assert bd.verify(result.save("saved"))
    assert bd.read_run("saved").network == result.network
    with pytest.raises(ValueError, match="go together"):
        bd.import_solution("pair.bdnn", "highs.sol", bound=2)


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [\n <!ENTITY a "ha">\n'
    + "".join(f' <!ENTITY {one} "{f"&{other};" * 10}">\n' for other, one in zip("abcdefghi", "bcdefghij", strict=True))
    + ']>\n<CPLEXSolution><header problemName="&j;"/></CPLEXSolution>\n'
)


def sparse(path: Path, begin: bytes) -> None:
    """A file of one line of 1 GB, which takes no room on the disk."""
    with path.open("wb") as file:
        file.write(begin)
        file.truncate(1 << 30)


def test_what_is_no_answer_is_one_clear_error(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "empty").touch()
    (here / "bomb").write_text(BOMB)
    (here / "relaxation").write_bytes((ANSWERS / "gurobi_relaxation.json").read_bytes())
    (here / "other").write_text((ANSWERS / "scip.sol").read_text().replace("u2_1_0 ", "u2_71_0 "))
    sparse(here / "long", b"# Objective value = 1\nW1_0_0 ")
    sparse(here / "long.json", b'{"SolutionInfo": ')
    for name, code, problem in (
        ("empty", "E301", "it is empty"),
        ("relaxation", "E305", "has to be a whole number"),
        ("other", "E303", "`u2_71_0` is no column of the model"),
        ("bomb", "E302", "it declares a document type: entities are not expanded"),
        ("long", "E302", "line 2 has more than 65,536 characters"),
        ("long.json", "E301", "it is not a text"),
    ):
        assert main(["import", "pair.bdnn", name, "--out", "run"]) == 1
        said = capsys.readouterr()
        assert said.err.startswith(f"error[{code}]: `{name}`: ")
        assert (problem in said.err, said.err.count("error["), "= hint: " in said.err, said.out) == (True, 1, True, "")
    assert not (here / "run").exists()


def test_the_same_names_in_another_model(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "pair.bdnn").write_text(SPEC.replace("seed=3", "seed=4"))
    assert main(["import", "pair.bdnn", "highs.sol"]) == 1
    assert capsys.readouterr().err.startswith("error[E307]: `highs.sol`: its values break ")
    (here / "pair.bdnn").write_text(SPEC.replace("hidden 1", "hidden 2"))
    assert main(["import", "pair.bdnn", "highs.sol"]) == 1
    assert "error[E30" in capsys.readouterr().err
