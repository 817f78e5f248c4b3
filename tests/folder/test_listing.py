"""Run folders in a line each: what they state, and what is said of those that state nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bdnnlang import cli
from bdnnlang.compiler import CannotRead
from bdnnlang.folder.listing import Ended, Running, Stopped, Unreadable, list_runs
from bdnnlang.run.status import RunStatus

RUNS = Path(__file__).parent / "runs"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """As a run does that writes there."""
    import fcntl
    import os

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def run(folder: Path, name: str, **result: Any) -> Path:
    """A folder of a run with these results."""
    content = json.loads((RUNS / "schema_2" / "run.json").read_text())
    content["created"] = result.pop("created", content["created"])
    content["result"] |= result
    (folder / name).mkdir(parents=True)
    (folder / name / "run.json").write_text(json.dumps(content))
    return folder / name


def test_runs_of_earlier_versions_are_listed() -> None:
    first, second, third = list_runs(RUNS)
    assert isinstance(first, Ended)
    assert (first.folder.name, first.created, first.spec, first.status) == ("schema_1", "", "../s.bdnn", RunStatus.OPTIMAL)
    assert isinstance(second, Ended)
    assert (second.loss, second.objective, second.bound, second.gap, second.seconds) == (3, 3, 0, 1.0, 45.689)
    assert (second.train_accuracy, second.test_accuracy) == (0.625, None)
    assert isinstance(third, Ended)
    assert first.created < second.created <= third.created


def test_a_run_folder_itself_is_one_line() -> None:
    (line,) = list_runs(RUNS / "schema_2")
    assert line.folder == RUNS / "schema_2"


def test_runs_are_sorted_by_date_and_those_without_a_result_come_last(tmp_path: Path) -> None:
    run(tmp_path, "a", created="2026-11-03T00:00:00+00:00")
    run(tmp_path, "b/point", created="2026-11-01T00:00:00+00:00")
    run(tmp_path, "c", created="2026-11-02T00:00:00+00:00")
    for name in ("busy", "killed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "journal.jsonl").write_text("")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    with locked(tmp_path / "busy"):
        found = list_runs(tmp_path)
    assert [line.folder.name for line in found] == ["point", "c", "a", "killed", "busy", "broken"]
    assert [type(line) for line in found[3:]] == [Stopped, Running, Unreadable]


def test_a_run_that_is_being_replaced_says_so(tmp_path: Path) -> None:
    folder = run(tmp_path, "a")
    (folder / ".new").mkdir()
    (idle,) = list_runs(tmp_path)
    with locked(folder):
        (busy,) = list_runs(tmp_path)
    assert isinstance(idle, Ended)
    assert isinstance(busy, Ended)
    assert (idle.replaced, busy.replaced) == (False, True)


def test_listing_leaves_no_lock(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "journal.jsonl").write_text("")
    list_runs(tmp_path)
    with locked(tmp_path / "a"):
        pass


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "expecting property name enclosed in double quotes in line 1, column 2"),
        ("[]", "it is a list, not an object"),
        ('{"schema": 9, "spec": {"path": "s"}, "result": {}}', "there is no `result.status`"),
        ("", "expecting value in line 1, column 1"),
    ],
)
def test_what_cannot_be_read_is_listed_with_the_reason(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "run.json").write_text(content)
    (line,) = list_runs(tmp_path)
    assert isinstance(line, Unreadable)
    assert reason in line.reason


def test_a_newer_schema_is_said(tmp_path: Path) -> None:
    folder = run(tmp_path, "a")
    content = json.loads((folder / "run.json").read_text()) | {"schema": 99}
    (folder / "run.json").write_text(json.dumps(content))
    (line,) = list_runs(tmp_path)
    assert line == Unreadable(folder, "it has schema 99, of a newer version")


def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    secret = run(tmp_path / "elsewhere", "a") / "run.json"
    (tmp_path / "runs" / "a").mkdir(parents=True)
    (tmp_path / "runs" / "a" / "run.json").symlink_to(secret)
    (line,) = list_runs(tmp_path / "runs")
    assert isinstance(line, Unreadable)
    assert "leads out of the run folder" in line.reason


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRead):
        list_runs(tmp_path / name)


# ---- the verb


def test_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(RUNS / "schema_2", tmp_path / "first")
    dear = {"verified_objective": 4.25, "bound": 1.5, "test_accuracy": 0.9, "status": "optimal_at_margin"}
    run(tmp_path, "second", created="2026-11-26T08:09:10+00:00", **dear)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    assert cli.main(["runs", str(tmp_path)]) == 0
    assert capsys.readouterr().out == (
        "date (UTC)        folder  spec    status             loss  objective  bound  seconds   train    test\n"
        "2026-11-25 22:55  first   s.bdnn  feasible              3          3      0     45.7  62.5 %       –\n"
        "2026-11-26 08:09  second  s.bdnn  optimal at margin     3       4.25    1.5     45.7  62.5 %  90.0 %\n"
        "\n"
        "broken  cannot be read: expecting property name enclosed in double quotes in line 1, column 2\n"
    )


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["runs", str(RUNS), "--format", "json"]) == 0
    first, second, _ = json.loads(capsys.readouterr().out)
    assert (first["created"], first["status"]) == (None, "optimal")
    assert second == {
        "folder": str(RUNS / "schema_2"),
        "status": "feasible",
        "created": "2026-11-25T22:55:11+00:00",
        "spec": "../s.bdnn",
        "loss": 3,
        "objective": 3,
        "bound": 0,
        "gap": 1.0,
        "seconds": 45.689,
        "train_accuracy": 0.625,
        "test_accuracy": None,
        "running_again": False,
    }


def test_a_folder_without_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["runs", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"bdnnc: no run folder in {tmp_path}\n")
