"""What `import bdnnlang` offers: its names, that nothing heavy comes with them, and that they do what their docstrings say."""

import ast
import doctest
import importlib
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import bdnnlang as bd
from bdnnlang.cli import main
from bdnnlang.diagnostics import Rejected

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "tests" / "uses_public_face.py"
NAMES = [
    "CannotRead",
    "CompiledModel",
    "Dataset",
    "Network",
    "NoNetwork",
    "Result",
    "Spec",
    "SpecError",
    "SpecWarning",
    "TrainingProblem",
    "compile_model",
    "load_spec",
    "train",
]
IRIS = """
bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { local_search 1s { restarts = 0 } }
"""
WITHOUT_DATA = IRIS.replace(IRIS.splitlines()[2] + "\n", "")


def python(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT)}
    return subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)


# ---- names


def test_the_public_names() -> None:
    assert bd.__all__ == NAMES
    assert set(NAMES) <= set(dir(bd))
    for name in NAMES:
        assert getattr(bd, name).__name__ == name


def test_type_checkers_and_python_are_told_the_same() -> None:
    """The imports of type checkers beside the table of Python."""
    imported: dict[str, str] = {}
    for node in ast.walk(ast.parse(Path(bd.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bdnnlang."):
            imported |= {alias.name: node.module.removeprefix("bdnnlang.") for alias in node.names}
    assert imported == vars(bd)["_HOMES"]
    assert sorted(imported) == bd.__all__


def test_a_name_that_is_none() -> None:
    with pytest.raises(AttributeError, match="module 'bdnnlang' has no attribute 'Specc'"):
        bd.Specc  # type: ignore[attr-defined]  # noqa: B018


def test_importing_and_reading_a_spec_imports_nothing_heavy() -> None:
    heavy = "numpy scipy sklearn rich pyscipopt highspy ortools"
    script = (
        "import sys, bdnnlang as bd; first = set(sys.modules); bd.load_spec('specs/iris_integer.bdnn')\n"
        f"print([m for m in '{heavy} lark'.split() if m in first], [m for m in '{heavy}'.split() if m in sys.modules])"
    )
    assert python("-c", script).stdout.strip() == "[] []"


def test_the_package_is_typed() -> None:
    assert (Path(bd.__file__).parent / "py.typed").exists()


def test_a_program_that_uses_every_name_is_well_typed() -> None:
    pytest.importorskip("mypy")
    used = {node.attr for node in ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)}
    assert used >= set(NAMES)
    done = python("-m", "mypy", "--strict", str(PROGRAM))
    assert done.stdout.startswith("Success"), done.stdout


def test_the_program_runs(tmp_path: Path) -> None:
    done = python(str(PROGRAM), cwd=tmp_path)
    assert done.stderr == ""
    first, second, *report = done.stdout.splitlines()
    assert first == "1659 cannot read no such file: no such file or directory E101: did you mean `data`? True"
    assert second == "(4, 1, 1) feasible 3 0 1.0 None True"
    assert "result    feasible: verified, not proved optimal" in report


# ---- docstrings


@pytest.mark.parametrize("module", ["bdnnlang", "bdnnlang.api.specs", "bdnnlang.api.compiled", "bdnnlang.api.training"])
def test_docstrings(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted > 0
    assert found.failed == 0


# ---- specs


def test_errors_read_as_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.bdnn"
    path.write_text(IRIS.replace("hidden", "hiden").replace("scale none", "scale nothing"), encoding="utf-8")
    with pytest.raises(bd.SpecError) as raised:
        bd.load_spec(path)
    assert [d.code for d in raised.value.diagnostics] == ["E116", "E103"]
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().err == f"{raised.value}\n\n"


def test_errors_can_be_sent_to_another_process() -> None:
    import pickle

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


# ---- models and runs


@pytest.mark.parametrize("name", ["x.mps", "x.lp", "x.cip", "x.mps.gz"])
def test_models_are_those_of_the_command_line(name: str, tmp_path: Path) -> None:
    spec = ROOT / "specs" / "iris_integer.bdnn"
    bd.compile_model(spec).write(tmp_path / name)
    assert main(["compile", str(spec), "-o", str(tmp_path / f"same_{name}")]) == 0
    assert (tmp_path / name).read_bytes() == (tmp_path / f"same_{name}").read_bytes()


def test_a_model_for_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the name should end in `\.mps` or `\.mps\.gz`"):
        bd.compile_model(IRIS).write(tmp_path / "x.txt")


def test_a_model_that_a_file_cannot_hold(tmp_path: Path) -> None:
    model = bd.compile_model(IRIS.replace("train {", "train { loss = zero_one + 0.1 * l2,"))
    with pytest.raises(bd.SpecError, match="E204"):
        model.write(tmp_path / "x.mps")
    assert not list(tmp_path.iterdir())


def test_facts_are_told_in_order_and_kept() -> None:
    seen: list[object] = []
    result = bd.train(IRIS, on_fact=seen.append)
    assert tuple(seen) == result.facts
    assert [type(fact).__name__ for fact in seen if "Stage" in type(fact).__name__] == ["StageStarted", "StageEnded"]


def test_what_a_callback_raises_ends_the_run() -> None:
    def stop(fact: object) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        bd.train(IRIS, on_fact=stop)


@pytest.mark.parametrize("time", [0, -1, float("nan"), float("inf")])
def test_a_time_that_is_none(time: float) -> None:
    with pytest.raises(ValueError, match="`time` must be seconds"):
        bd.train(IRIS, time=time)


def test_the_summary_is_the_report_of_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.bdnn").write_text(IRIS, encoding="utf-8")
    result = bd.train(tmp_path / "x.bdnn")
    assert main(["run", str(tmp_path / "x.bdnn"), "--out", str(tmp_path / "run")]) == 0
    report = (tmp_path / "run" / "report.txt").read_text(encoding="utf-8")
    assert untimed(result.summary()) == untimed(report)


def untimed(report: str) -> list[str]:
    return [line for line in report.splitlines() if not line.lstrip().startswith(("time", "local_search"))]
