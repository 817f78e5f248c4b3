"""Run folders from Python: what was run is read again, and verified."""

import json
from pathlib import Path

import pytest

import bdnnlang as bd
from api.texts import IRIS, WITHOUT_DATA
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


# ---- saved from Python


def test_a_saved_result_is_a_run_folder(tmp_path: Path, folder: Path) -> None:
    """The same files as of the command line, but for the log of a solver; every claim holds."""
    result = bd.train(tmp_path / "x.bdnn")
    saved = result.save(tmp_path / "saved")
    assert {path.name for path in saved.iterdir()} == {path.name for path in folder.iterdir()} - {"solver.log"}
    for name in ("spec.bdnn", "network.json"):
        assert (saved / name).read_bytes() == (folder / name).read_bytes()
    found = bd.verify(saved)
    assert (found.wrong, len(found.unchecked)) == ((), len(bd.verify(folder).unchecked) - 1)
    assert main(["verify", str(saved)]) == 0
    assert result.save(str(tmp_path / "saved")) == tmp_path / "saved-2"
    with pytest.raises(ValueError, match="was read from a folder"):
        bd.read_run(saved).save(tmp_path / "again")


def test_samples_that_were_given_are_saved_with_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    x, y = [[0.1, 1], [0.25, 0], [0.5, 1], [1e-7, -3]], [1, 0, 0, 1]
    result = bd.train(WITHOUT_DATA, bd.Dataset.from_arrays(x, y, ["a,b", "class"], ["NA", "it's"]))
    saved = result.save("saved")
    lines = (saved / "data.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ['"a,b",class,class2', "0.1,1,it's", "0.25,0,NA", "0.5,1,NA", "1e-07,-3,it's"]
    assert bd.verify(saved), str(bd.verify(saved))
    again = bd.read_run(saved)
    assert (again.file, again.loss, again.status) == (result.file, result.loss, result.status)
    assert again.predict(x).tolist() == result.predict(x).tolist()
    (tmp_path / "new.csv").write_text('"a,b",class\n0.1,1\n', encoding="utf-8")
    assert main(["predict", "saved", "new.csv"]) == 0


def test_a_run_with_a_solver_is_saved_and_holds(tmp_path: Path) -> None:
    x = [[a, b] for a in (0, 1) for b in (0, 1)]
    text = WITHOUT_DATA.replace("local_search 1s { restarts = 0 }", "exact 20s").replace("hidden 1", "hidden 2")
    result = bd.train(text, bd.Dataset.from_arrays(x, [0, 1, 1, 0]))
    assert (result.status, result.loss) == ("optimal", 0)
    assert bd.verify(result.save(tmp_path / "saved"))
