"""`bdnnc new`: where the spec goes, and that it takes the place of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdnnlang import cli
from bdnnlang.proposal.template import Template, template_text

TABLE = "a,b,y\n" + "".join(f"{i % 7}.5,{i % 5}.25,{i % 2}\n" for i in range(40))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "t.csv").write_text(TABLE)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "template"),
    [(["one"], Template.EXACT), (["one.bdnn", "--template", "robust"], Template.ROBUST)],
)
def test_a_template_is_written_as_it_is(words: list[str], template: Template, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", *words]) == 0
    assert Path("one.bdnn").read_text() == template_text(template)
    assert capsys.readouterr().err.startswith("bdnnc: wrote one.bdnn: ")


def test_a_file_that_is_there_stays(capsys: pytest.CaptureFixture[str]) -> None:
    Path("one.bdnn").write_text("mine")
    assert cli.main(["new", "one"]) == 1
    assert Path("one.bdnn").read_text() == "mine"
    said = "bdnnc: error: one.bdnn is there already, and stays: give another name, or `-` to print the spec\n"
    assert capsys.readouterr().err == said


def test_so_does_a_link_that_leads_nowhere() -> None:
    Path("one.bdnn").symlink_to("nowhere.bdnn")
    assert cli.main(["new", "one"]) == 1
    assert not Path("nowhere.bdnn").exists()


def test_a_minus_is_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", "-", "--template", "split"]) == 0
    assert capsys.readouterr().out == template_text(Template.SPLIT)
    assert [path.name for path in folder.iterdir()] == ["sub"]


@pytest.mark.parametrize(
    ("words", "place", "named"),
    [
        (["--from", "sub/t.csv"], "sub/t.bdnn", "t.csv"),
        (["--from", "sub/t.csv", "mine"], "mine.bdnn", "sub/t.csv"),
    ],
)
def test_a_table_is_named_as_seen_from_the_spec(words: list[str], place: str, named: str) -> None:
    assert cli.main(["new", *words]) == 0
    assert f'\ndata csv("{named}") {{\n' in Path(place).read_text()
    assert cli.main(["check", "--strict", place]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name the spec, as in `bdnnc new first`"),
        (["--from", "sub/t.csv", "--template", "exact"], "`--from` proposes a spec for a table: it takes no `--template`"),
        (["--from", "sub/t.csv", "sub/deep/x"], "sub/t.csv is not in the folder of sub/deep/x.bdnn or below"),
        (["nowhere/x"], "cannot write `nowhere/x.bdnn`: no such file or directory"),
    ],
)
def test_what_makes_no_sense_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_an_error_with_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", "--from", "sub/s.csv"]) == 1
    said = capsys.readouterr().err
    assert "cannot read `s.csv`: there is no such file" in said
    assert "did you mean `t.csv`?" in said
    assert not Path("sub/s.bdnn").exists()
