"""`bdnnc race`: one run folder, whose claims hold, and in which it stands who said what."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bdnnlang import solve
from bdnnlang.cli import main

SPEC = """bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { exact 1min }
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.bdnn").write_text(SPEC)


@pytest.mark.skipif(not solve.available("cpsat"), reason="ortools is not installed")
def test_two_solvers_and_one_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["race", "x.bdnn", "--solvers", "scip,cpsat", "--out", "run", "--json-stream"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["solver"] for line in lines if line["type"] == "bound"} <= {"scip", "cpsat"}
    assert all(line["by"] for line in lines if line["type"] == "incumbent")
    content = json.loads(Path("run/run.json").read_text())
    (stage,) = content["stages"]
    assert (content["result"]["status"], content["result"]["verified_loss"]) == ("optimal", 3)
    assert content["bounds"][-1]["by"] == stage["solver"]
    said = [note.partition(":")[0] for note in stage["notes"] if " after " in note]
    assert [re.sub("[^a-z]", "", who.lower()) for who in said] == ["scip", "cpsat"]  # who was killed could not say its version
    assert content["result"]["solver_reason"] == "race of scip, cpsat"
    assert "race = [scip, cpsat]" in Path("run/spec.bdnn").read_text()
    assert "==== scip" in Path("run/solver.log").read_text()
    assert main(["verify", "run"]) == 0


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        (["--solvers", "scip,mosek"], 1, "E116"),
        (["--solvers", "scip,,"], 1, "error["),
        (["--solvers", "scip,highs", "--set", "train.solver=scip"], 1, "E124"),
        (["--solvers", "scip,glpk", "--formulation", "paper"], 1, "E207"),
    ],
)
def test_what_makes_no_race(flags: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    if "glpk" in str(flags) and not solve.available("glpk"):
        pytest.skip("glpsol is not installed")
    assert main(["race", "x.bdnn", *flags]) == code
    assert said in capsys.readouterr().err


def test_without_names_the_spec_has_to_name_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["race", "x.bdnn"]) == 2
    assert "`--solvers scip,highs`" in capsys.readouterr().err
