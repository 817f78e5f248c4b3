"""README's section "Any solver": its commands are run, each where its program is, and every answer has the same verified loss."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from child_python import said_by

from bdnnlang.cli import main

ROOT = Path(__file__).parents[2]
BLOCK = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- any solver -->\n```\n")[1].split("```")[0]
COMMANDS = [shlex.split(line.removeprefix("$ ")) for line in BLOCK.splitlines() if line.startswith("$ ")]
COMPILE, *SOLVES, IMPORT = COMMANDS
PRINTED = [line for line in BLOCK.splitlines() if line and not line.startswith(("$ ", "…", "import "))]
HIGHS = """
import highspy
h = highspy.Highs()
h.silent()
h.readModel("iris.mps")
h.run()
h.writeSolution("highs.sol", 0)
"""
SCIP = """
import pyscipopt
m = pyscipopt.Model()
m.hideOutput()
m.readProblem("iris.mps")
m.optimize()
m.writeBestSol("scip.sol")
"""
LIBRARIES = {
    "highs": ("highspy", HIGHS),
    "scip": ("pyscipopt", SCIP),
}  # of programs that may be absent: they write the same files
FILES = {"glpsol": "glpk.sol"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the spec and the model."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "specs").mkdir()
    shutil.copy(ROOT / "specs" / "iris_integer.bdnn", folder / "specs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(COMPILE[1:]) == 0
    return folder


def solved(command: list[str], here: Path) -> Path:
    """The file that a program writes; the test is skipped where neither the program nor its library is."""
    name = command[0]
    if program := shutil.which(name):
        subprocess.run([program, *command[1:]], cwd=here, capture_output=True, check=True, timeout=300)
    elif name in LIBRARIES:
        library, code = LIBRARIES[name]
        pytest.importorskip(library)
        said_by(code, cwd=here)
    else:
        pytest.skip(f"{name} is not here")
    return here / FILES.get(name, f"{name}.sol")


def test_the_section_has_the_commands() -> None:
    assert COMPILE[:2] == ["bdnnc", "compile"]
    assert [command[0] for command in SOLVES] == ["cbc", "glpsol", "highs", "scip"]
    assert IMPORT[:2] == ["bdnnc", "import"]


@pytest.mark.parametrize("command", SOLVES, ids=lambda command: command[0])
def test_every_answer_has_the_same_verified_loss(
    command: list[str], here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = solved(command, here)
    monkeypatch.chdir(here)
    run = f"runs/{command[0]}"
    assert main(["import", IMPORT[2], answer.name, "--out", run, "--force"]) == 0
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in PRINTED if line not in printed] == []
    assert json.loads((here / run / "run.json").read_text())["result"]["verified_loss"] == 3
    assert main(["verify", run]) == 0
    capsys.readouterr()
