"""A proof at the command line: `run` writes it, the report names it, `verify` replays it without a solver, or refuses it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from child_python import said_by

from bdnnlang import cli
from bdnnlang.prove import master

NOISE = """bdnn 1
data random(samples = 24, features = 4, kind = noise, seed = 2) { test = 0% }
network { hidden 2 }
train { time = 60s, prove, exact }
"""
SOLVERS = ("pysat", "pyscipopt", "highspy", "ortools", "gurobipy")
pytestmark = pytest.mark.skipif(not master.available(), reason="python-sat is not installed")


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run whose optimum is not 0."""
    path = tmp_path_factory.mktemp("prove")
    (path / "noise.bdnn").write_text(NOISE)
    assert cli.main(["run", str(path / "noise.bdnn"), "--out", str(path / "run")]) == 0
    return path / "run"


def test_the_report_says_that_the_optimum_is_proved_and_by_what(proved: Path) -> None:
    result = json.loads((proved / "run.json").read_text())["result"]
    assert (result["status"], result["verified_loss"], result["bound"]) == ("optimal", 1, 1)
    report = " ".join((proved / "report.txt").read_text().split())
    assert "result optimal, proved loss 1 (zero_one)" in report
    assert "bound 1 (gap 0.0 %) proved: `bdnnc verify` replays proof.jsonl, without a solver accuracy" in report


def test_verify_replays_the_proof_and_imports_no_solver(proved: Path) -> None:
    code = """
import sys
from bdnnlang import cli
say(cli.main(["verify", sys.argv[1]]))
say(sorted({name.partition(".")[0] for name in sys.modules}))
"""
    exit_code, modules = said_by(code, proved)
    assert exit_code == 0
    assert "numpy" in modules
    assert not set(modules) & set(SOLVERS)


FLIPPED = {  # a digit of a line, and why that line is refused
    "a shift in the head": (
        r'"scale":\[\["[^"]*","(\d)"',
        "the problem of this run, but it is another: its samples are not those of the data",
    ),
    "a multiplier": (
        r'"conflict":\[.*(\d)\]\]\}',
        "a step of a proof, but it is none: there is not one positive multiplier for each sample,\n        with equal sums",
    ),
    "the bound": (r'"bound":(\d)\}', "a step of a proof, but it is none: the functions bound the errors by 1 only"),
    "the total": (r'"total":"(\d)"', "a step of a proof, but it is none: the parts and what is irreducible come to 1"),
}


@pytest.mark.parametrize("which", FLIPPED)
def test_a_flipped_digit_is_refused_with_its_line(
    which: str, proved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pattern, reason = FLIPPED[which]
    lines = (proved / "proof.jsonl").read_text().splitlines()
    number, found = next((k, match) for k, line in enumerate(lines) if (match := re.search(pattern, line)))
    line, place = lines[number], found.start(1)
    lines[number] = f"{line[:place]}{(int(line[place]) + 1) % 10}{line[place + 1 :]}"
    folder = shutil.copytree(proved, tmp_path / "run")
    (folder / "proof.jsonl").write_text("\n".join(lines) + "\n")
    assert cli.main(["verify", str(folder)]) == 4
    out = capsys.readouterr().out
    assert f"\nWRONG   proof.jsonl, line {number + 1}: {reason}\n" in out
    assert out.count("WRONG   proof.jsonl") == 1
