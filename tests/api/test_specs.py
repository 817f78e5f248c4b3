"""Specs from files and texts: errors, warnings, params, places of files, and texts without data."""

import pickle
import warnings
from pathlib import Path

import pytest

import bdnnlang as bd
from api.texts import IRIS, WITHOUT_DATA
from bdnnlang.cli import main
from bdnnlang.diagnostics import Rejected


def test_errors_read_as_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.bdnn"
    path.write_text(IRIS.replace("hidden", "hiden").replace("scale none", "scale nothing"), encoding="utf-8")
    with pytest.raises(bd.SpecError) as raised:
        bd.load_spec(path)
    assert [d.code for d in raised.value.diagnostics] == ["E116", "E103"]
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().err == f"{raised.value}\n\n"


def test_errors_can_be_sent_to_another_process() -> None:
    with pytest.raises(bd.SpecError) as raised:
        bd.load_spec("bdnn 1\n")
    again = pickle.loads(pickle.dumps(raised.value))
    assert type(again) is bd.SpecError is Rejected
    assert str(again) == str(raised.value)


def test_warnings_are_warnings_of_python_at_the_line_that_calls() -> None:
    text = IRIS.replace("bdnn 1\n", "")
    with pytest.warns(bd.SpecWarning, match=r"warning\[W101\]") as caught:
        bd.load_spec(text)
    assert [Path(one.filename) for one in caught] == [Path(__file__)]
    with pytest.raises(bd.SpecWarning, match="hint: begin the file with"):  # the suite makes errors of warnings
        bd.load_spec(text)


def test_params_are_written_as_the_language_writes_them() -> None:
    text = IRIS.replace("bdnn 1\n", 'bdnn 1\nparam a = 5\nparam b = true\nparam c = minmax\nparam d = "x"\n')
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spec = bd.load_spec(text, define={"a": 1e-05, "b": False, "c": "standard", "d": 'say "x"'})
    assert [(p.name, p.value) for p in spec.params] == [("a", 1e-05), ("b", False), ("c", "standard"), ("d", 'say "x"')]
    with pytest.raises(bd.SpecError, match="no `param` is declared"):
        bd.load_spec(IRIS, define={"width": 3})


@pytest.mark.parametrize("path", ["no such file.bdnn", Path("no such file.bdnn")])
def test_a_file_that_is_not_there(path: str | Path) -> None:
    with pytest.raises(bd.CannotRead, match=r"cannot read no such file\.bdnn: no such file or directory"):
        bd.load_spec(path)


def test_paths_are_relative_to_the_folder_of_the_spec(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("a,class\n" + "1,x\n2,y\n2,x\n3,x\n" * 8, encoding="utf-8")
    (tmp_path / "few.bdnn").write_text(IRIS.replace(IRIS.splitlines()[2], 'data csv("few.csv")'), encoding="utf-8")
    assert bd.train(tmp_path / "few.bdnn").accuracies.keys() == {"train", "test"}


def test_a_text_without_data_is_for_samples_that_are_given() -> None:
    spec = bd.load_spec(WITHOUT_DATA)
    with pytest.raises(bd.SpecError, match=r"E106.*has no `data` block") as raised:
        bd.train(spec)
    assert raised.value.diagnostics[0].hint == "add the block, or pass `data=bd.Dataset.from_arrays(x, y)`"


def test_what_else_is_wrong_with_a_text_without_data() -> None:
    with pytest.raises(bd.SpecError) as raised:
        bd.load_spec(WITHOUT_DATA.replace("hidden", "hiden"))
    assert [d.code for d in raised.value.diagnostics] == ["E103"]
