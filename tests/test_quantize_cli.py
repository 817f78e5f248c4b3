"""`specs/quantized.bdnn` from the command line: solved on levels, checked again, and used on raw rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from bdnnlang import cli, compiler, solve
from bdnnlang.data.sources import read_table
from bdnnlang.folder import contents as run_folder
from bdnnlang.language.spec import Builtin
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import classify

SPEC = Path(__file__).parents[1] / "specs" / "quantized.bdnn"
needs_cpsat = pytest.mark.skipif(not solve.available("cpsat"), reason="ortools is not installed")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a spec that the solver settles, since no search is made before it."""
    folder = tmp_path_factory.mktemp("quantized") / "run"
    assert cli.main(["run", str(SPEC), "--out", str(folder), "--require-optimal", "--without", "guide_solver"]) == 0
    return folder


@needs_cpsat
def test_it_is_solved_in_whole_numbers_and_verified(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = json.loads((finished / "run.json").read_text())["result"]
    assert (result["status"], result["verified_loss"], result["bound"], result["margin"]) == ("optimal", 0, 0, None)
    assert result["solver"].startswith("CP-SAT")
    assert result["solver_reason"] == "auto: integer network on data in units of 1"
    assert result["solver_advice"] is None
    assert cli.main(["verify", str(finished)]) == 0
    assert "network.preprocessing" in capsys.readouterr().out


@needs_cpsat
def test_raw_rows_are_predicted_as_in_the_run(finished: Path, tmp_path: Path) -> None:
    spec, _ = compiler.read_spec(SPEC)
    data = compiler.read_data(spec, SPEC.parent)
    kept = run_folder.read_run(finished)
    table = read_table(Builtin("breast_cancer"), Path())
    with (tmp_path / "raw.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.names[:-1])
        writer.writerows([repr(float(column.numbers[i])) for column in table.columns[:-1]] for i in range(table.rows))
    assert cli.main(["predict", str(finished), str(tmp_path / "raw.csv"), "-o", str(tmp_path / "out.csv")]) == 0
    predicted = np.array((tmp_path / "out.csv").read_text().split()[1:])
    assert len(predicted) == table.rows
    assert data.test is not None
    for part in (data.train, data.test):
        theirs = [data.classes[c] for c in classify(outputs(kept.network.network, part))]
        assert predicted[part.rows].tolist() == theirs


@needs_cpsat
def test_other_levels_are_noticed(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in finished.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    network = json.loads((tmp_path / "network.json").read_text())
    network["preprocessing"]["columns"][0]["greatest"] += 1
    (tmp_path / "network.json").write_text(json.dumps(network))
    assert cli.main(["verify", str(tmp_path)]) == 4
    assert "WRONG   network.preprocessing" in capsys.readouterr().out


def test_it_compiles_for_other_solvers(tmp_path: Path) -> None:
    assert cli.main(["compile", str(SPEC), "-o", str(tmp_path / "x.mps")]) == 0
    assert (tmp_path / "x.mps").stat().st_size > 0


def test_a_radius_counts_levels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One level is a large change of scaled data and a small one here; the network stays one of integers."""
    path = tmp_path / "robust.bdnn"
    path.write_text(SPEC.read_text().replace("sample 120", "sample 40") + "\nrobust linf(1)\n")
    assert cli.main(["plan", str(path)]) == 0
    out = capsys.readouterr().out
    assert "robust      linf(1)" in out
    assert "integer network on data in units of 1" in out


def test_pages(capsys: pytest.CaptureFixture[str]) -> None:
    for topic, words in (
        ("data.quantize", "from 1 to 16"),
        ("quantise", "did you mean `data.quantize`"),
        ("robust", "in levels"),
    ):
        cli.main(["explain", topic])
        out, err = capsys.readouterr()
        assert words in out + err
