"""`--output json`: standard error is one document, whatever happens; and specs from standard input."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bdnnlang import cli

GOOD = "bdnn 1\ndata iris\nnetwork { hidden 1 }\ntrain { exact 1s }\n"
BAD = GOOD.replace("hidden 1", "hidden = 1")
RANDOM = (
    "bdnn 1\ndata random(samples=8, features=2) { test = 0% }\nnetwork { weights in {-1, 0, 1}, hidden 1 }\ntrain { exact 1s }\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "good.bdnn").write_text(GOOD)
    (tmp_path / "bad.bdnn").write_text(BAD)
    (tmp_path / "warned.bdnn").write_text(GOOD.replace("bdnn 1\n", ""))
    (tmp_path / "latin.bdnn").write_bytes(GOOD.encode() + b"# caf\xe9\n")
    (tmp_path / "small.bdnn").write_text(RANDOM)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def give(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def document(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    code = cli.main([*arguments, "--output", "json"])
    out, err = capsys.readouterr()
    return code, json.loads(err), out


@pytest.mark.parametrize(
    ("files", "code", "fine"),
    [
        (["good.bdnn"], 0, [True]),
        (["good.bdnn", "good.bdnn"], 0, [True, True]),
        (["bad.bdnn", "good.bdnn", "bad.bdnn"], 1, [False, True, False]),
        (["warned.bdnn"], 0, [True]),
        (["--strict", "warned.bdnn", "good.bdnn"], 1, [False, True]),
        (["latin.bdnn"], 2, [False]),
        (["good.bdnn", "nosuch.bdnn", "bad.bdnn"], 2, [True, False, False]),
        (["sub", "/dev/null", "good.bdnn"], 2, [False, False, True]),
    ],
)
def test_check_writes_one_document(
    folder: Path, files: list[str], code: int, fine: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    found, content, out = document(["check", "--no-data", *files], capsys)
    assert (found, out) == (code, "")
    assert (content["schema"], content["verb"], content["exit"]) == (1, "check", code)
    assert [file["path"] for file in content["files"]] == [name for name in files if name != "--strict"]
    assert [file["ok"] for file in content["files"]] == fine
    for file in content["files"]:
        assert file["ok"] == (
            not file["error"] and not [d for d in file["diagnostics"] if d["code"] != "W101" or "--strict" in files]
        )


def test_an_unreadable_file_says_why_and_the_others_are_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, content, _ = document(["check", "latin.bdnn", "bad.bdnn"], capsys)
    latin, bad = content["files"]
    assert "not UTF-8" in latin["error"]
    assert latin["diagnostics"] == []
    assert (bad["error"], [d["code"] for d in bad["diagnostics"]]) == (None, ["E104"])
    assert cli.main(["check", "nosuch.bdnn", "bad.bdnn"]) == 2
    err = capsys.readouterr().err
    assert "cannot read nosuch.bdnn: no such file or directory" in err
    assert "E104" in err


def test_a_diagnostic_carries_the_change_that_mends_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fix = document(["check", "bad.bdnn"], capsys)[1]["files"][0]["diagnostics"][0]["fix"]
    lines = BAD.splitlines()
    line = lines[fix["line"] - 1]
    lines[fix["line"] - 1] = line[: fix["column"] - 1] + fix["text"] + line[fix["end_column"] - 1 :]
    assert "\n".join(lines) + "\n" == GOOD


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "bad.bdnn"], 1),
        (["show", "warned.bdnn"], 0),
        (["show", "nosuch.bdnn"], 2),
        (["show", "good.bdnn", "--after", "magic"], 2),
        (["plan", "warned.bdnn"], 0),
        (["compile", "good.bdnn", "-o", "x.txt"], 2),
        (["compile", "small.bdnn", "-o", "-", "--stats"], 0),
        (["run", "bad.bdnn"], 1),
        (["run", "small.bdnn", "--out", "r"], 0),
        (["run", "good.bdnn", "--solver", "mosek"], 1),
        (["verify", "nosuch"], 2),
        (["predict", "nosuch", "x.csv"], 2),
        (["explain", "E999"], 2),
        (["solvers"], 0),
    ],
)
def test_every_verb_writes_one_document(
    folder: Path, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    found, content, out = document(arguments, capsys)
    assert (found, content["exit"], content["verb"]) == (code, code, arguments[0])
    assert bool(out) == (code == 0)
    assert code == 0 or content["messages"] or content["files"][0]["error"] or content["files"][0]["diagnostics"]


def test_a_bug_is_told_in_the_document_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bdnnlang.compiler.read_points", broken)
    code, content, _ = document(["check", "good.bdnn"], capsys)
    assert code == 70
    assert "internal error: ZeroDivisionError" in content["messages"][0]


@pytest.mark.parametrize(
    "verb", [["check"], ["show"], ["show", "--ast"], ["plan"], ["compile", "-o", "-"], ["run", "--out", "r"]]
)
def test_specs_from_standard_input(
    folder: Path, verb: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(RANDOM, monkeypatch)
    assert cli.main([*verb, "-"]) == 0
    give(BAD, monkeypatch)
    capsys.readouterr()
    code = cli.main([*verb, "-"])
    assert code == (0 if "--ast" in verb else 1)
    assert code == 0 or " --> <stdin>:3:11" in capsys.readouterr().err


def test_paths_in_standard_input_are_relative_to_the_current_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sub" / "common.bdnn").write_text("bdnn 1 fragment\ntrain { threads = 2 }\n")
    (folder / "a.csv").write_text("a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(20)))
    give('use "sub/common.bdnn"\n' + GOOD.replace("iris", 'csv("a.csv")'), monkeypatch)
    assert cli.main(["check", "-"]) == 0


def test_standard_input_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(GOOD, monkeypatch)
    assert cli.main(["check", "-", "good.bdnn", "-"]) == 2


def test_standard_input_that_is_no_text(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"bdnn 1 \xff")))
    assert cli.main(["check", "-"]) == 2
    assert "<stdin> is not UTF-8" in capsys.readouterr().err
