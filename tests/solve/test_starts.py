"""Starts that other solvers take: each one that is here is asked whether it did."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from child_python import said_by

from bdnnlang import compiler
from bdnnlang.cli import main
from bdnnlang.imports.bring import bring
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.solve.files import starts

ANSWERS = Path(__file__).parent / "answers" / "files"
MODELS = ("pair.mps", "pair.lp", "short.mps")
SCIP = """
import sys, pyscipopt
m = pyscipopt.Model()
m.hideOutput()
m.readProblem(sys.argv[1])
said = {"taken": m.addSol(m.readSolFile(sys.argv[2]))}
m.setParam("limits/solutions", 1)
m.optimize()
say(said | {"objective": m.getObjVal()})
"""
HIGHS = """
import sys, highspy
h = highspy.Highs()
h.silent()
h.readModel(sys.argv[1])
said = {"taken": h.readSolution(sys.argv[2], 0) == highspy.HighsStatus.kOk}
h.setOptionValue("mip_max_improving_sols", 1)
h.setOptionValue("mip_max_nodes", 0)
h.run()
values = list(h.getSolution().col_value)
say(said | {"objective": h.getInfo().objective_function_value, "columns": len(values)})
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models of `pair.bdnn`, and starts beside them."""
    folder = tmp_path_factory.mktemp("starts")
    spec = str(ANSWERS / "pair.bdnn")
    for name in MODELS:
        short = ["--names", "short"] if name.startswith("short") else []
        start = ["--start", str(ANSWERS / "scip.sol")]
        assert main(["compile", spec, "-o", str(folder / name), *short, *start]) == 0
    return folder


@pytest.fixture(scope="module")
def training() -> TrainingProblem:
    spec, _ = compiler.read_spec(ANSWERS / "pair.bdnn")
    return TrainingProblem(spec, compiler.read_data(spec, ANSWERS))


def test_each_form_is_read_as_the_network_that_it_is(folder: Path, training: TrainingProblem) -> None:
    for model in MODELS:
        for path in starts.paths(folder / model).values():
            brought = bring(training, path)
            assert (brought.incumbent.loss, brought.origin.claimed_objective) == (1, 1)


def test_a_start_has_every_column_and_the_constant(folder: Path) -> None:
    lines = (folder / "pair.start.sol").read_text().splitlines()
    assert lines[0] == "=obj= 1"
    assert len(lines) == 1 + 35 + 1
    assert lines[-1] == "ONE 1"
    values = [re.search(r' value="(.*)"/', line) for line in (folder / "pair.start.mst").read_text().splitlines()]
    assert [value[1] for value in values if value] == [line.split()[1] for line in lines[1:]]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("library", "script"), [("pyscipopt", SCIP), ("highspy", HIGHS)])
def test_solvers_take_it(library: str, script: str, model: str, folder: Path) -> None:
    pytest.importorskip(library)
    start = starts.paths(folder / model)[".start.sol"]
    (said,) = said_by(script, folder / model, start)
    assert said["taken"]
    assert said["objective"] == 1


def test_cbc_takes_it(folder: Path) -> None:
    if not (program := shutil.which("cbc")):
        pytest.skip("cbc is not here: apt install coinor-cbc")
    for model in ("pair.mps", "short.mps"):
        start = starts.paths(folder / model)[".start.cbc"].name
        done = subprocess.run(
            [program, model, "-mipstart", start, "-maxNodes", "0", "-solve"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "MIPStart values read for 36 variables." in done.stdout
        assert "MIPStart provided solution with cost" in done.stdout


def test_a_run_folder_is_a_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec, run = str(ANSWERS / "pair.bdnn"), tmp_path / "run"
    assert main(["import", spec, str(ANSWERS / "glpk.sol"), "--out", str(run)]) == 0
    assert main(["compile", spec, "-o", str(tmp_path / "m.lp.gz"), "--start", str(run)]) == 0
    assert sorted(path.name for path in tmp_path.glob("m.*")) == ["m.lp.gz", *(f"m{ending}" for ending in sorted(starts.FORMS))]
    text = (run / "network.json").read_text()
    (run / "network.json").write_text(text.replace('"biases": [', '"biases":  ['))
    assert main(["compile", spec, "-o", str(tmp_path / "n.mps"), "--start", str(run)]) == 4
    assert not (tmp_path / "n.mps").exists()
    capsys.readouterr()


def test_what_a_start_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec, start = str(ANSWERS / "pair.bdnn"), tmp_path / "m.start.sol"
    assert main(["compile", spec, "-o", "-", "--start", str(ANSWERS / "scip.sol")]) == 2
    assert "`--start` writes files beside the model" in capsys.readouterr().err
    assert main(["compile", spec, "-o", str(tmp_path / "m.mps"), "--start", str(tmp_path / "none.json")]) == 2
    start.write_bytes((ANSWERS / "scip.sol").read_bytes())
    assert main(["compile", spec, "-o", str(tmp_path / "m.mps"), "--start", str(start)]) == 2
    assert "m.start.sol` is an input of this command" in capsys.readouterr().err
    assert start.read_bytes() == (ANSWERS / "scip.sol").read_bytes()
    assert main(["compile", spec, "-o", str(tmp_path / "m.mps"), "--start", str(ANSWERS / "cbc_relaxation.sol")]) == 1
    assert not (tmp_path / "m.mps").exists()
    capsys.readouterr()
