"""The texts of an editor: as they are there, saved or not."""

import pytest

from bdnnlang.lsp.workspace import Workspace

MAIN = 'bdnn 1\nuse "common.bdnn"\ndata csv("t.csv")\nnetwork { hidden width }\n'
COMMON = "bdnn 1 fragment\nparam width = 2\ntrain { exact 1min }\n"


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "common.bdnn").write_text(COMMON)
    (tmp_path / "t.csv").write_text("id,dose,ill\n" + "".join(f"{i},{i % 7},{i % 2}\n" for i in range(40)))
    made = Workspace()
    made.put("file:main", str(tmp_path / "main.bdnn"), MAIN, 1)
    return made


def test_a_used_file_is_read_from_the_disk(workspace):
    assert workspace.document("file:main").analysis.spec.network.layers[0].width == 2


def test_a_used_file_is_as_the_editor_has_it(workspace, tmp_path):
    workspace.document("file:main")
    workspace.put("file:common", str(tmp_path / "common.bdnn"), COMMON.replace("= 2", "= 5"), 1)
    assert workspace.document("file:main").analysis.spec.network.layers[0].width == 5
    workspace.remove("file:common")
    workspace.put("file:main", str(tmp_path / "main.bdnn"), MAIN, 2)
    assert workspace.document("file:main").analysis.spec.network.layers[0].width == 2


def test_a_text_is_analysed_once(workspace):
    assert workspace.document("file:main") is workspace.document("file:main")


def test_data_are_judged_for_the_text_they_were_read_for(workspace, tmp_path):
    assert workspace.data_diagnostics("file:main") == ()
    workspace.read_data("file:main", workspace.document("file:main"))
    assert [error.code for error in workspace.data_diagnostics("file:main")] == ["W243"]
    workspace.put("file:main", str(tmp_path / "main.bdnn"), MAIN.replace('"t.csv")', '"t.csv") { drop [id] }'), 2)
    assert workspace.data_diagnostics("file:main") == ()
    assert workspace.surroundings("file:main", ("id",)).classes == ("0", "1")


def test_files_beside_the_spec(workspace):
    assert workspace.surroundings("file:main", ()).files() == ["common.bdnn", "t.csv"]


def test_a_text_that_is_no_file_uses_none():
    workspace = Workspace()
    workspace.put("untitled:1", None, 'bdnn 1\nuse "common.bdnn"\n', 1)
    found = workspace.document("untitled:1").analysis.diagnostics
    assert [error.span.text for error in found if error.span and "use" not in error.span.text and error.span.text] == [
        '"common.bdnn"'
    ]
