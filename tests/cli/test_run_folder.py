"""Run folders from the command line: kept, resumed, copied, printed again."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bdnnlang import cli, compiler
from bdnnlang.folder.storage import FILES, PROOFS
from bdnnlang.language.effective import effective
from bdnnlang.language.load import load
from bdnnlang.solve.outcome import Outcome, Status
from bdnnlang.source import Source

XOR = "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"
SPEC = 'bdnn 1\ndata csv("xor.csv") { scale none, test = 0% }\nnetwork { weights in {-1, 0, 1}, hidden 2 }\ntrain { exact 20s }\n'


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "xor.csv").write_text(XOR)
    (tmp_path / "s.bdnn").write_text(SPEC)
    return tmp_path / "s.bdnn"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    (folder / "xor.csv").write_text(XOR)
    (folder / "s.bdnn").write_text(SPEC)
    assert cli.main(["run", str(folder / "s.bdnn"), "--out", str(folder / "runs" / "r")]) == 0
    return folder


def run(spec: Path, *flags: str) -> int:
    return cli.main(["run", str(spec), *flags])


def test_a_folder_says_when_and_how_it_was_made(finished: Path) -> None:
    place = finished / "runs" / "r"
    said = json.loads((place / "run.json").read_text())
    assert {path.name for path in place.iterdir()} == set(FILES) - set(PROOFS)
    assert said["command"] == f"bdnnc run {finished / 's.bdnn'} --out {place}"
    assert said["created"].endswith("+00:00")
    assert len(said["data"]["sha256"]) == 64


def test_show_prints_the_report_again(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moved = shutil.copytree(finished / "runs" / "r", tmp_path / "moved")
    assert cli.main(["show", str(moved)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("\ndata     csv xor.csv: 2 features")
    assert "loss      0 (zero_one), recomputed" in out
    assert out.endswith(f"run folder: {moved}\n")
    assert cli.main(["show", str(tmp_path)]) == 2


@pytest.mark.parametrize("where", [".", "beside", "beside/runs"])
def test_a_copied_folder_finds_its_data(finished: Path, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the folder, beside it, or one level up; and the spec in it can be run again."""
    place = tmp_path / where / "copy"
    shutil.copytree(finished / "runs" / "r", place)
    data = {".": place, "beside": place.parent, "beside/runs": place.parent.parent}[where]
    (data / "xor.csv").write_text(XOR)
    monkeypatch.chdir("/")
    assert cli.main(["verify", str(place)]) == 0
    assert cli.main(["run", str(place / "spec.bdnn"), "--out", str(tmp_path / "again")]) == 0


def test_other_data_are_not_taken_for_its_own(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "copy"
    shutil.copytree(finished / "runs" / "r", place)
    (tmp_path / "xor.csv").write_text("secret,b,y\n0,0,0\n")
    assert cli.main(["verify", str(place)]) == 4
    captured = capsys.readouterr()
    assert "data.sha256" in captured.out
    assert "secret" not in captured.out + captured.err


def test_the_default_name_covers_the_data(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(spec.parent)
    assert run(spec) == 0
    (spec.parent / "xor.csv").write_text(XOR.replace("1,1,0", "1,1,1"))
    assert run(spec) == 0
    assert run(spec) == 0
    names = sorted(path.name for path in (spec.parent / "runs").iterdir())
    assert len({name.removesuffix("-2") for name in names}) == 2
    assert sum(name.endswith("-2") for name in names) == 1


@pytest.mark.parametrize("change", ["network", "loss", "split", "data"])
def test_resume_refuses_what_does_not_fit(spec: Path, change: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = spec.parent / "r"
    assert run(spec, "--out", str(out)) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    changes = {
        "network": ("s.bdnn", "hidden 2", "hidden 3"),
        "loss": ("s.bdnn", "exact", "class_weight = [1, 2], exact"),
        "split": ("s.bdnn", "test = 0%", "test = 0%, split_seed = 7"),
        "data": ("xor.csv", "1,1,0", "1,1,1"),
    }
    name, old, new = changes[change]
    file = spec.parent / name
    file.write_text(file.read_text().replace(old, new))
    assert run(spec, "--out", str(out), "--resume") == 2
    assert "cannot be resumed: its run differs in" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_more_time_is_no_other_question(spec: Path) -> None:
    out = spec.parent / "r"
    assert run(spec, "--out", str(out)) == 0
    assert run(spec, "--out", str(out), "--resume", "--time", "7s", "--seed", "3") == 0
    assert cli.main(["verify", str(out)]) == 0


def test_an_interrupted_run_costs_no_earlier_one(tmp_path: Path) -> None:
    """The same spec twice into one folder, the second time interrupted, with and without `--force`."""
    text = "bdnn 1\ndata random(samples=300, features=6, kind=noise)\nnetwork { hidden 3 }\n"
    (tmp_path / "s.bdnn").write_text(text + "train { local_search 1s }\n")
    command = [sys.executable, "-m", "bdnnlang.cli", "run", "s.bdnn", "--out", "r"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "r").iterdir()}
    (tmp_path / "s.bdnn").write_text(text + "train { local_search 10min { restarts = 1000000 } }\n")
    for number, flags in ((2, []), (3, ["--force"])):
        longer = [*command, *flags, "--json-stream"]
        with subprocess.Popen(longer, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            while '"started"' not in process.stdout.readline():
                pass
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=60)
        assert process.returncode == 130
        assert json.loads(out.splitlines()[-1])["folder"] == f"r-{number}"
        assert {path.name: path.read_bytes() for path in (tmp_path / "r").iterdir()} == before
        assert cli.main(["verify", str(tmp_path / f"r-{number}")]) == 0


def test_resume_and_force_do_not_go_together(spec: Path) -> None:
    assert run(spec, "--resume", "--force") == 2


def test_a_run_that_has_not_ended_is_told_from_a_wrong_one(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = spec.parent / "r"
    assert run(spec, "--out", str(out)) == 0
    for name in ("run.json", "spec.bdnn", "report.txt"):
        (out / name).unlink()
    assert cli.main(["verify", str(out)]) == 2
    assert "has not ended" in capsys.readouterr().err
    assert run(spec, "--out", str(out), "--resume") == 0
    assert cli.main(["verify", str(out)]) == 0


IRIS = """
bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { exact 20s }
"""


@pytest.mark.parametrize(
    ("solver", "words"), [("scip", "Primal Bound"), ("highs", "Solving report"), ("cpsat", "Starting CP-SAT solver")]
)
def test_the_log_of_every_solver_is_kept(tmp_path: Path, solver: str, words: str) -> None:
    (tmp_path / "s.bdnn").write_text(IRIS)
    assert run(tmp_path / "s.bdnn", "--out", str(tmp_path / "r"), "--solver", solver) == 0
    log = (tmp_path / "r" / "solver.log").read_text()
    assert f"==== stage exact, {solver}, formulation tight" in log
    assert words in log


def test_a_stage_that_failed_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(name: str, *_: object, **__: object) -> Outcome:
        return Outcome(Status.FAILED, None, None, None, None, 0.1, name, "it fell over")

    monkeypatch.setattr("bdnnlang.solve.solve", crash)
    (tmp_path / "s.bdnn").write_text(IRIS)
    assert run(tmp_path / "s.bdnn", "--out", str(tmp_path / "r")) == 3
    assert "warning: stage `exact` failed: it fell over" in capsys.readouterr().err
    assert json.loads((tmp_path / "r" / "run.json").read_text())["result"]["status"] == "feasible"
    assert cli.main(["verify", str(tmp_path / "r")]) == 0


@pytest.mark.parametrize("time", ["0", "0s", "100000h"])
def test_a_time_that_no_spec_may_have_is_refused(spec: Path, time: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(spec, "--time", time)
    assert ended.value.code == 2
    assert "more than 0s and at most 3650d" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", [1e-6, 0.1, 0.3, 0.30000000000000004, 0.6, 0.7, 1.0, 3600.1, 315360000.0])
def test_a_limited_spec_can_be_read_again(seconds: float) -> None:
    stages = "local_search 0.1s, data_split 0.2s, local_search 0.3s, exact 0.1s"
    spec, _ = load(Source("", f"bdnn 1\ndata iris\nnetwork {{ hidden 1 }}\ntrain {{ {stages} }}\n"), read=lambda *_: None)
    limited = compiler.limited(spec, seconds)
    assert load(Source("", effective(limited)), read=lambda *_: None)[0] == limited


def test_a_spec_from_standard_input(spec: Path) -> None:
    command = [sys.executable, "-m", "bdnnlang.cli", "run", "-"]
    done = subprocess.run(command, cwd=spec.parent, input=SPEC, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (folder,) = (spec.parent / "runs").iterdir()
    assert folder.name.startswith("stdin-")
    assert json.loads((folder / "run.json").read_text())["spec"]["path"] == "-"
    assert cli.main(["verify", str(folder)]) == 0


NOTHING = """
bdnn 1
data csv("line.csv") { test = 0%, scale none, header = true }
network { hidden 1, weights in int[1, 1], biases in int[-1, 1] }
robust linf(10) { method = pattern }
train { solver = cpsat, exact 20s }
"""


def test_a_run_without_a_network_is_whole_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "line.csv").write_text("a,y\n0,0\n1,1\n2,0\n3,1\n")
    (tmp_path / "s.bdnn").write_text(NOTHING)
    out = tmp_path / "r"
    assert run(tmp_path / "s.bdnn", "--out", str(out)) == 3
    assert {path.name for path in out.iterdir()} == set(FILES) - {"network.json", *PROOFS}
    assert json.loads((out / "run.json").read_text())["result"]["status"] == "infeasible"
    capsys.readouterr()
    assert cli.main(["show", str(out)]) == 0
    assert "result  infeasible" in capsys.readouterr().out
    assert cli.main(["verify", str(out)]) == 0


@pytest.mark.parametrize("name", ["run.json", "network.json", "journal.jsonl"])
def test_predict_replaces_no_file_of_the_run(finished: Path, name: str) -> None:
    file = finished / "runs" / "r" / name
    before = file.read_bytes()
    assert cli.main(["predict", str(file.parent), str(finished / "xor.csv"), "-o", str(file)]) == 2
    assert file.read_bytes() == before
