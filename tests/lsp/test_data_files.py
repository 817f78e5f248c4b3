"""The data beside the editor: read once, anew when they change, and placed where the text stands now."""

import os

import pytest
from marked import opened

from bdnnlang.lsp import data_files
from bdnnlang.lsp.data_files import DataFiles, source_of

SPEC = 'bdnn 1\ndata csv("t.csv")\nnetwork { hidden 2 }\ntrain { exact 1min }\n'


@pytest.fixture
def folder(tmp_path):
    rows = "".join(f"{i},{i % 7},{i % 3},{'yes' if i % 2 else 'no'}\n" for i in range(40))
    (tmp_path / "t.csv").write_text("id,dose,visits,ill\n" + rows)
    (tmp_path / "s.csv").write_text("a;b\n1;0\n2;1\n")
    return tmp_path


def spec_of(text):
    return opened(text)[0].analysis.spec


def test_columns_of_half_a_text(folder):
    document = opened('data csv("t.csv") { drop [')[0]
    assert DataFiles().columns(source_of(document), folder) == ("id", "dose", "visits", "ill")


@pytest.mark.parametrize("text", ['data csv("s.csv", delimiter=";") {', 'data csv("s.csv") {\n  delimiter = ";"\n  drop ["'])
def test_how_the_file_is_written_is_heeded_wherever_it_stands(folder, text):
    assert DataFiles().columns(source_of(opened(text)[0]), folder) == ("a", "b")


@pytest.mark.parametrize("text", ["", "network {", "data", "data csv(", "data csv(3)", "data = iris"])
def test_no_source(text):
    assert source_of(opened(text)[0]) is None


def test_a_file_that_is_not_there_has_no_columns(folder):
    assert DataFiles().columns(source_of(opened('data csv("none.csv")')[0]), folder) == ()


def test_what_the_data_have_wrong_with_them(folder):
    facts = DataFiles().facts(spec_of(SPEC), folder)
    assert [error.code for error in facts.diagnostics] == ["W243"]
    assert facts.classes == ("no", "yes")


def test_data_that_are_refused(folder):
    facts = DataFiles().facts(spec_of(SPEC.replace('"t.csv")', '"t.csv") { drop [idd] }')), folder)
    assert [error.code for error in facts.diagnostics] == ["E201"]


def test_places_follow_the_text(folder):
    files = DataFiles()
    facts = files.facts(spec_of(SPEC), folder)
    spec = spec_of(SPEC.replace("data", "# more\n\ndata   "))
    assert files.facts(spec, folder) is facts
    (error,) = facts.placed(spec)
    assert (error.span.text, error.span.first) == ('csv("t.csv")', (4, 9))


def test_data_are_read_once_and_again_when_they_change(folder, monkeypatch):
    read, files = [], DataFiles()
    plainly = data_files.compiler.read_data
    monkeypatch.setattr(data_files.compiler, "read_data", lambda spec, place: read.append(1) or plainly(spec, place))
    files.facts(spec_of(SPEC), folder)
    files.facts(spec_of(SPEC.replace("1min", "2min")), folder)
    assert len(read) == 1
    (folder / "t.csv").write_text("dose,ill\n" + "1.5,yes\n2.25,no\n1.5,no\n" * 9)
    os.utime(folder / "t.csv", ns=(1, 1))
    assert files.facts(spec_of(SPEC), folder).diagnostics == ()
    assert len(read) == 2
    assert files.columns(source_of(opened(SPEC)[0]), folder) == ("dose", "ill")


def test_a_large_file_is_not_read_whole(folder, monkeypatch):
    monkeypatch.setattr(data_files, "MOST_BYTES", 100)
    facts = DataFiles().facts(spec_of(SPEC), folder)
    assert (facts.too_large, facts.diagnostics) == (str(folder / "t.csv"), ())
    assert DataFiles().columns(source_of(opened(SPEC)[0]), folder)[0] == "id"


def test_old_answers_make_room(folder, monkeypatch):
    monkeypatch.setattr(data_files, "MOST_KEPT", 2)
    files = DataFiles()
    for minutes in range(1, 6):
        files.facts(spec_of(SPEC.replace("1min", f"{minutes}min")), folder)
        assert len(files._facts) <= 2
