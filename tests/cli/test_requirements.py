"""A run under requirements, from a spec to its folder: the report, `run.json`, `verify`, files, and what is no network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bdnnlang import cli

ROWS = "1,2,f,no\n1,3,m,yes\n2,3,f,no\n2,1,f,no\n2,4,m,yes\n4,4,m,yes\n5,1,f,no\n5,6,m,yes\n3,3,f,yes\n4,1,m,no\n"
REQUIRE = 'recall("yes") >= 100%, features <= 1, never = [a], increasing("b")'


def write(folder: Path, require: str, stages: str = "exact 20s") -> str:
    (folder / "t.csv").write_text(f"a,b,sex,y\n{ROWS}")
    (folder / "new.csv").write_text("a,b,y\n5,5,no\n5,5,yes\n1,1,no\n1,1,yes\n")
    data = 'data csv("t.csv") {\n  drop [sex]\n  scale none\n  test = csv("new.csv")\n}'
    network = "network {\n  weights in {-1, 0, 1}\n  hidden 2\n}"
    path = folder / "x.bdnn"
    path.write_text(f"bdnn 1\n{data}\n{network}\nrequire {{ {require} }}\ntrain {{ {stages} }}\n")
    return str(path)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the networks that use `b` alone, and more of it only ever for `yes`: from 3 on there are all of `yes`, and one `no`."""
    folder = tmp_path_factory.mktemp("required")
    assert cli.main(["run", write(folder, REQUIRE), "--out", str(folder / "run")]) == 0
    return folder / "run"


def test_the_optimum_is_that_under_the_requirements(run: Path) -> None:
    content = json.loads((run / "run.json").read_text())
    assert (content["result"]["status"], content["result"]["verified_loss"]) == ("optimal", 1)
    assert content["requirements"][0] == {
        "text": 'recall("yes") >= 100%',
        "train": {"value": 1.0, "holds": True},
        "test": {"value": 0.5, "holds": False},
    }


def test_the_report_has_each_on_each_part(run: Path) -> None:
    lines = (run / "report.txt").read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("require"))
    assert [line.split("  ")[1] if i else "require" for i, line in enumerate(lines[start : start + 5])] == [
        "require",
        'recall("yes") >= 100%',
        "features <= 1",
        'increasing("b")',
        'never = ["a"]',
    ]


def test_verify_measures_them_again(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(run)]) == 0
    forged = tmp_path / "run"
    shutil.copytree(run.parent, tmp_path, dirs_exist_ok=True)
    network = json.loads((forged / "network.json").read_text())
    network["layers"][0]["weights"][0] = [1, 1]
    (forged / "network.json").write_text(json.dumps(network))
    capsys.readouterr()
    assert cli.main(["verify", str(forged)]) == 4
    assert 'network: never = ["a"]: holds, but it is 1 weights that are not 0' in " ".join(capsys.readouterr().out.split())


def test_a_network_that_breaks_them_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No two samples are equal, so nobody knows before a solver has said so."""
    require = "accuracy >= 100%, neurons <= 1, inputs <= 1 per neuron"
    assert cli.main(["run", write(tmp_path, require), "--out", str(tmp_path / "run")]) == 3
    content = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (content["result"]["status"], content["result"]["network"]) == ("infeasible", None)


def test_a_search_tells_of_no_broken_network(tmp_path: Path) -> None:
    path = write(tmp_path, "accuracy >= 100%, neurons <= 1, inputs <= 1 per neuron", "local_search { restarts = 20 }")
    assert cli.main(["run", path, "--out", str(tmp_path / "run")]) == 3
    assert json.loads((tmp_path / "run" / "run.json").read_text())["result"]["status"] == "no_network"


def test_a_broken_network_is_not_imported(run: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "neurons <= 0, errors <= 5")
    out = str(tmp_path / "run")
    assert cli.main(["import", path, str(run / "network.json"), "--out", out]) == 3


def test_rows_are_in_files_and_have_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, REQUIRE)
    assert cli.main(["compile", path, "-o", str(tmp_path / "x.mps")]) == 0
    assert "require0_0" in (tmp_path / "x.mps").read_text()
    capsys.readouterr()
    assert cli.main(["explain-row", path, "require0_0"]) == 0
    said = capsys.readouterr().out
    assert "the requirement, in whole numbers" in said
    assert "x.bdnn:11:" in said
    assert cli.main(["plan", path]) == 0


def test_highs_agrees_on_the_file(tmp_path: Path) -> None:
    highspy = pytest.importorskip("highspy")
    found = []
    for name, require in (("some", REQUIRE), ("none", "accuracy >= 100%, neurons <= 1, inputs <= 1 per neuron")):
        assert cli.main(["compile", write(tmp_path, require), "-o", str(tmp_path / f"{name}.mps")]) == 0
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.readModel(str(tmp_path / f"{name}.mps"))
        highs.run()
        found.append((highs.modelStatusToString(highs.getModelStatus()), highs.getInfo().objective_function_value))
    assert found[0] == ("Optimal", pytest.approx(1))
    assert found[1][0] == "Infeasible"
