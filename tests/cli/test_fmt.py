"""`bdnnc fmt`: what is written, what is said, and what stays as it is."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bdnnlang import cli
from bdnnlang.source import Source

UGLY = "network{hidden 2 # two\n}\n"
TIDY = "network {\n  hidden 2  # two\n}\n"
BROKEN = "network { hidden 2\n"
DIFFERENCE = """--- {path}
+++ {path}
@@ -1,2 +1,3 @@
-network{{hidden 2 # two
+network {{
+  hidden 2  # two
 }}
"""
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def ugly(tmp_path: Path) -> Path:
    path = tmp_path / "ugly.bdnn"
    path.write_text(UGLY)
    return path


def test_a_file_is_written_and_named_once(ugly: Path, capsys: Capture) -> None:
    ugly.chmod(0o640)
    assert cli.main(["fmt", str(ugly), str(ugly)]) == 0
    assert capsys.readouterr() == ("", f"bdnnc: {ugly}: formatted\n")
    assert (ugly.read_text(), ugly.stat().st_mode & 0o777) == (TIDY, 0o640)
    before = ugly.stat()
    assert cli.main(["fmt", str(ugly)]) == 0
    assert capsys.readouterr() == ("", "")
    assert ugly.stat() == before or ugly.stat().st_ino == before.st_ino  # it was not written again


@pytest.mark.parametrize("flags", [["--check"], ["--diff"], ["--check", "--diff"]])
def test_check_and_diff_write_nothing(ugly: Path, flags: list[str], capsys: Capture) -> None:
    assert cli.main(["fmt", *flags, str(ugly)]) == 1
    difference = DIFFERENCE.format(path=ugly) if "--diff" in flags else ""
    assert capsys.readouterr() == (difference, f"bdnnc: {ugly}: not in canonical layout\n")
    assert ugly.read_text() == UGLY
    ugly.write_text(TIDY)
    assert cli.main(["fmt", *flags, str(ugly)]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_difference_knows_of_a_missing_newline_and_of_line_ends(ugly: Path, capsys: Capture) -> None:
    ugly.write_bytes(b"a = 1\r\nb=2")
    assert cli.main(["fmt", "--diff", str(ugly)]) == 1
    assert capsys.readouterr().out.splitlines(keepends=True)[3:] == [
        " a = 1\r\n",
        "-b=2\n",
        "\\ No newline at end of file\n",
        "+b = 2\r\n",
    ]


def standard_input(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))


@pytest.mark.parametrize(
    ("flags", "text", "code", "out"),
    [
        ([], UGLY, 0, TIDY),
        ([], "", 0, ""),
        ([], "a=1\r\n", 0, "a = 1\r\n"),
        (["--check"], TIDY, 0, ""),
        (["--check"], UGLY, 1, ""),
        (["--diff"], UGLY, 1, DIFFERENCE.format(path="<stdin>")),
        ([], BROKEN, 1, ""),
    ],
)
def test_standard_input(
    flags: list[str], text: str, code: int, out: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    standard_input(monkeypatch, text.encode())
    assert cli.main(["fmt", "-", *flags]) == code
    assert capsys.readouterr().out == out


def test_standard_input_can_be_named_once(capsys: Capture) -> None:
    assert cli.main(["fmt", "-", "-"]) == 2
    assert "can be read once only" in capsys.readouterr().err


def test_a_file_with_syntax_errors_stays_and_the_others_do_not(tmp_path: Path, ugly: Path, capsys: Capture) -> None:
    broken = tmp_path / "broken.bdnn"
    broken.write_text(BROKEN)
    assert cli.main(["fmt", str(broken), str(ugly)]) == 1
    assert "error[E008]" in capsys.readouterr().err
    assert (broken.read_text(), ugly.read_text()) == (BROKEN, TIDY)


def test_what_words_mean_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "strange.bdnn"
    path.write_text("nettwork{hiden=2}\nuse'no.bdnn'\n".replace("'", '"'))
    assert cli.main(["fmt", str(path)]) == 0
    assert path.read_text() == 'nettwork { hiden = 2 }\nuse "no.bdnn"\n'


def test_a_folder_is_searched_but_not_what_is_hidden_or_of_a_run(tmp_path: Path, capsys: Capture) -> None:
    for name in ("a.bdnn", "in/b.bdnn", "in/c.txt", ".git/d.bdnn", "run/spec.bdnn", "run/run.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(UGLY)
    assert cli.main(["fmt", str(tmp_path)]) == 0
    assert capsys.readouterr().err.splitlines() == [f"bdnnc: {tmp_path / name}: formatted" for name in ("a.bdnn", "in/b.bdnn")]
    assert [path.name for path in sorted(tmp_path.rglob("*.*")) if path.is_file() and path.read_text() == TIDY] == [
        "a.bdnn",
        "b.bdnn",
    ]


def test_a_folder_without_specs_and_a_missing_file_are_errors(tmp_path: Path, ugly: Path, capsys: Capture) -> None:
    (tmp_path / "empty").mkdir()
    assert cli.main(["fmt", str(tmp_path / "empty")]) == 2
    assert f"there is no .bdnn file in {tmp_path / 'empty'}" in capsys.readouterr().err
    assert cli.main(["fmt", str(tmp_path / "no.bdnn"), str(ugly)]) == 2
    assert "no such file" in capsys.readouterr().err
    assert ugly.read_text() == TIDY


def test_a_link_stays_a_link(tmp_path: Path, ugly: Path) -> None:
    link = tmp_path / "link.bdnn"
    link.symlink_to(ugly.name)
    assert cli.main(["fmt", str(link)]) == 0
    assert link.is_symlink()
    assert ugly.read_text() == TIDY


def test_a_read_only_file_is_refused(ugly: Path, capsys: Capture) -> None:
    ugly.chmod(0o444)
    assert cli.main(["fmt", str(ugly)]) == 2
    assert "the file is read-only" in capsys.readouterr().err
    assert (ugly.read_text(), os.listdir(ugly.parent)) == (UGLY, [ugly.name])


def test_a_bug_of_ours_loses_no_file(ugly: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("bdnnlang.language.format.canonical.laid_out", lambda source: Source("x", "a = 1").text)
    assert cli.main(["fmt", str(ugly)]) == 70
    assert "internal error" in capsys.readouterr().err
    assert ugly.read_text() == UGLY


def test_as_a_document(tmp_path: Path, ugly: Path, capsys: Capture) -> None:
    broken = tmp_path / "broken.bdnn"
    broken.write_text(BROKEN)
    assert cli.main(["fmt", "--check", "--output", "json", str(broken), str(ugly)]) == 1
    document = json.loads(capsys.readouterr().err)
    assert [(file["path"], file["ok"]) for file in document["files"]] == [(str(broken), False), (str(ugly), True)]
    assert document["messages"] == [f"{ugly}: not in canonical layout"]
