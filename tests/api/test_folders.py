"""Run folders from Python: what was run is read again, and verified."""

import json
from pathlib import Path

import pytest

import bdnnlang as bd
from api.texts import IRIS
from bdnnlang.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "x.bdnn").write_text(IRIS, encoding="utf-8")
    assert main(["run", str(tmp_path / "x.bdnn"), "--out", str(tmp_path / "run")]) == 0
    return tmp_path / "run"


def test_a_run_is_read_as_it_was(folder: Path) -> None:
    again, result = bd.read_run(folder), bd.train(IRIS)
    same = ("status", "loss", "objective", "bound", "gap", "margin", "accuracies", "notes", "file")
    assert {name: getattr(again, name) for name in same} == {name: getattr(result, name) for name in same}
    assert again.predict([[6, 3, 5, 2]]).tolist() == ["virginica"]
    assert again.summary() == (folder / "report.txt").read_text(encoding="utf-8")
    assert again.facts == ()


def test_a_run_without_a_report_is_told_in_short(folder: Path) -> None:
    (folder / "report.txt").unlink()
    assert bd.read_run(str(folder)).summary().splitlines()[:2] == ["result    feasible", "loss      3"]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(bd.CannotRead, match="is not a whole run folder"):
        bd.read_run(tmp_path)
    with pytest.raises(bd.CannotRead, match="is not a whole run folder"):
        bd.verify(tmp_path)


def test_a_number_that_is_none(folder: Path) -> None:
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run["result"]["bound"] = "0"
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    with pytest.raises(bd.CannotRead, match=r"run\.json is damaged: `result\.bound` is `0`, not a number"):
        bd.read_run(folder)


def test_another_network_is_refused(folder: Path) -> None:
    file = folder / "network.json"
    file.write_text(file.read_text(encoding="utf-8").replace("6.5", "6.4"), encoding="utf-8")
    with pytest.raises(bd.CannotRead, match=r"is not the network that run\.json speaks of"):
        bd.read_run(folder)


def test_claims_hold_or_are_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = bd.verify(folder)
    assert found
    assert found.wrong == ()
    assert {claim.name for claim in found.unchecked} >= {"created", "solver.log"}
    capsys.readouterr()
    assert main(["verify", str(folder)]) == 0
    assert capsys.readouterr().out == f"{found}\n"
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run["result"]["verified_loss"] = 2
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    found = bd.verify(folder)
    assert not found
    (claim, *_) = found.wrong
    assert (claim.name, claim.stated, claim.found) == ("result.verified_loss", 2, 3)
    assert str(found).splitlines()[-1].startswith("WRONG")
    assert (
        repr(found) == f"Verification({len(found.claims)} claims, {len(found.wrong)} wrong, {len(found.unchecked)} not checked)"
    )
