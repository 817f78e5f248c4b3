"""A sweep from the command line: a run folder a point, the tables, what fails, what is kept, and what is not replaced."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bdnnlang import cli, compiler
from bdnnlang.budget import Interrupt
from bdnnlang.folder import execute
from bdnnlang.report.sweeps.rows import PointProgress, PointRow
from bdnnlang.sweep import point
from bdnnlang.sweep.execute import run_sweep

TEXT = """bdnn 1
param width = 1 in int[1, 4]
param split = 0
param rows = 12
data random(samples=20, features=2) { sample rows, split_seed = split }
network { weights in ternary, hidden width }
train { seed = split, local_search 1s { restarts = 0 } }
"""
SWEEP = TEXT + "sweep { width in {1, 2}, split in int[0, 1] }\n"
NAMES = ["width=1,split=0", "width=1,split=1", "width=2,split=0", "width=2,split=1"]


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.bdnn").write_text(SWEEP)
    return tmp_path / "s.bdnn"


def run(spec: Path, *flags: str) -> int:
    return cli.main(["run", str(spec), "--out", "sweep", *flags])


def table(folder: str = "sweep") -> dict[str, Any]:
    content: dict[str, Any] = json.loads((Path(folder) / "sweep.json").read_text())
    return content


def states(folder: str = "sweep") -> list[str]:
    return [one["state"] for one in table(folder)["points"]]


def test_each_point_has_its_run_folder_and_its_row(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(spec) == 0
    out, err = capsys.readouterr()
    assert [one["folder"] for one in table()["points"]] == NAMES
    for one in table()["points"]:
        result = json.loads((Path("sweep") / one["folder"] / "run.json").read_text())
        assert one["loss"] == result["result"]["verified_loss"]
        assert one["test_accuracy"] == result["result"]["test_accuracy"]
        assert {name: str(value) for name, value in result["spec"]["params"].items() if name != "rows"} == one["values"]
        assert cli.main(["verify", str(Path("sweep") / one["folder"])]) == 0
    with Path("sweep/sweep.csv").open() as file:
        assert [line["folder"] for line in csv.DictReader(file)] == NAMES
    assert table()["repetitions"] == ["split"]
    assert Path("sweep/report.txt").read_text() + "\nsweep folder: sweep\n" == out
    assert "a sweep of 4 points, a run each, whose schedules take at most 4s\n" in err
    assert "4 of 4  width=2,split=1: feasible, loss" in err


def test_the_short_form(spec: Path) -> None:
    spec.write_text(TEXT)
    assert run(spec, "-D", "width=1,2") == 0
    assert [one["folder"] for one in table()["points"]] == ["width=1", "width=2"]


def test_folds_are_runs_of_their_own(spec: Path) -> None:
    spec.write_text(TEXT + "sweep { cross_validate = 2 }\n")
    assert run(spec) == 0
    assert [one["folder"] for one in table()["points"]] == ["fold=1", "fold=2"]
    assert (table()["repetitions"], table()["summary"][0]["test_accuracy"]["count"]) == (["fold"], 2)
    assert "  folds = 2\n  fold = 2\n" in Path("sweep/fold=2/spec.bdnn").read_text()
    assert cli.main(["verify", "sweep/fold=2"]) == 0
    assert cli.main(["run", "sweep/fold=2/spec.bdnn", "--out", "again"]) == 0
    first, again = (json.loads(Path(f"{place}/run.json").read_text())["result"] for place in ("sweep/fold=2", "again"))
    assert first["network_sha256"] == again["network_sha256"]


def test_a_point_that_fails_is_a_row(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(TEXT + "sweep { rows in {3, 12} }\n")
    assert run(spec) == 3
    first, second = table()["points"]
    assert (first["state"], second["state"]) == ("failed", "ended")
    assert first["why"].startswith("E206: class")
    assert "  failed: rows=3: E206" in capsys.readouterr().out


def test_what_no_point_can_read_is_said_at_once(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(SWEEP.replace("random(samples=20, features=2)", 'csv("none.csv")'))
    assert run(spec) == 1
    assert not Path("sweep").exists()
    assert "none.csv" in capsys.readouterr().err


def test_points_that_have_ended_are_kept(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(spec) == 0
    first, before = table(), (Path("sweep") / NAMES[0] / "run.json").read_bytes()
    (Path("sweep") / NAMES[2] / "run.json").unlink()
    done: list[str] = []
    run_spec = execute.run_spec

    def counted(training: Any, path: Path, **more: Any) -> Any:
        done.append(more["folder"].name)
        return run_spec(training, path, **more)

    monkeypatch.setattr(point, "run_spec", counted)
    assert run(spec, "--resume") == 0
    assert done == [NAMES[2]]
    assert (Path("sweep") / NAMES[0] / "run.json").read_bytes() == before
    losses = [[one["loss"] for one in content["points"]] for content in (first, table())]
    assert losses[0] == losses[1]


def test_workers_come_to_the_same(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(TEXT + "sweep { rows in {3, 10, 12} }\n")
    assert run(spec, "--workers", "2") == 3
    assert "whose schedules take at most 2s with 2 workers\n" in capsys.readouterr().err
    alone = cli.main(["run", str(spec), "--out", "alone"])
    assert alone == 3
    for one, other in zip(table()["points"], table("alone")["points"], strict=True):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}


class Stopping:
    """Asks to stop once a point has ended, or once one has a network."""

    def __init__(self, interrupt: Interrupt, *, in_a_point: bool) -> None:
        self.interrupt, self.in_a_point = interrupt, in_a_point

    def kept(self, rows: Sequence[PointRow]) -> None:
        assert len(rows) == 0

    def now(self, row: PointRow, progress: PointProgress) -> None:
        if self.in_a_point and progress.objective is not None:
            self.interrupt.request()

    def ended(self, row: PointRow) -> None:
        self.interrupt.request()


@pytest.mark.parametrize(("in_a_point", "first"), [(False, "ended"), (True, "interrupted")])
def test_asked_to_stop_a_sweep_keeps_what_it_has(spec: Path, in_a_point: bool, first: str) -> None:
    _, points, _ = compiler.read_points(spec)
    interrupt = Interrupt()
    follower = Stopping(interrupt, in_a_point=in_a_point)
    origin = {"created": "", "command": ""}
    done = run_sweep(points, spec, folder=Path("sweep"), interrupt=interrupt, follower=follower, origin=origin)
    assert states() == [first, "waiting", "waiting", "waiting"] == [row.state for row in done.table.rows]
    assert not done.table.is_whole
    assert run(spec, "--resume") == 0
    assert states() == ["ended"] * 4


def test_workers_are_for_sweeps(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(TEXT)
    assert run(spec, "--workers", "2") == 2
    assert "`--workers` and `--dask` are for stage `prove` and for sweeps: the spec has neither" in capsys.readouterr().err


def test_a_sweep_takes_no_place_of_another(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(spec) == 0
    assert run(spec, "-D", "width=1") == 0
    assert "sweep is in use: this sweep goes to sweep-2" in capsys.readouterr().err
    assert states("sweep-2") == ["ended", "ended"]
    assert run(spec, "-D", "width=1", "--resume") == 2
    assert "holds a sweep over other points" in capsys.readouterr().err
    assert run(spec, "--force") == 0
    Path("other").mkdir()
    Path("other/notes.txt").write_text("mine")
    assert cli.main(["run", str(spec), "--out", "other"]) == 2
    assert "is not empty and holds no sweep" in capsys.readouterr().err


def test_a_stream_has_a_line_a_point(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(spec, "--json-stream") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["type"] for line in lines] == ["point"] * 4 + ["sweep"]
    assert lines[0]["values"] == {"width": "1", "split": "0"}
    assert lines[-1]["summary"] == table()["summary"]


def test_the_plan_says_how_many_runs_there_are(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(spec), "-D", "rows=12,13"]) == 0
    assert "sweep       8 points, a run each, whose schedules take at most 8s\n" in capsys.readouterr().out
    assert cli.main(["plan", str(spec), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["sweep"] == {"points": 4, "seconds": 4.0, "workers": 1}


def test_a_mistake_at_one_point_is_found_before_any_is_run(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(SWEEP.replace(" in int[1, 4]", "").replace("width in {1, 2}", "width in {1, 0}"))
    for verb in ("check", "run"):
        assert cli.main([verb, str(spec)]) == 1
        assert "error[E114]: `hidden` must be a whole number from 1" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["run", "check", "show", "plan", "compile", "race"])
def test_help_on_params(spec: Path, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(SWEEP.replace("param rows", "## of them\nparam rows"))
    assert cli.main([verb, str(spec), "--help-params", *(["-o", "x.mps"] if verb == "compile" else [])]) == 0
    out, err = capsys.readouterr()
    assert out == ("param  default  in         help\nwidth  1        int[1, 4]\nsplit  0\nrows   12                  of them\n")
    assert not err
    assert [path.name for path in spec.parent.iterdir()] == ["s.bdnn"]


def test_the_origin_of_each_line(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(spec), "--origin", "--set", "train.threads=2", "-D", "width=2"]) == 0
    lines = [line.split("    ") for line in capsys.readouterr().out.splitlines()]
    said = {line[0].strip() or line[1].strip(): line[-1].strip() for line in lines}
    assert said["threads = 2"] == "--set train.threads=2"
    assert said["hidden 2"] == f"{spec}:6, -D width=2"


def test_another_verb_takes_the_params_as_they_are(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(spec)]) == 0
    assert "# sweep { width in {1, 2}, split in {0, 1} }" in capsys.readouterr().out
    assert cli.main(["show", str(spec), "-D", "width=1,2"]) == 2
    assert "`-D width=1,2` makes a sweep, which `bdnnc show` does not take" in capsys.readouterr().err
