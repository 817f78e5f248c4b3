"""What `import bdnnlang` offers: its names, that nothing heavy comes with them, and that they do what their docstrings say."""

import ast
import doctest
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bdnnlang as bd
from bdnnlang.cli import main

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "tests" / "uses_public_face.py"
NAMES = [
    "BDNNClassifier",
    "CannotRead",
    "CompiledModel",
    "Dataset",
    "Fact",
    "Network",
    "NoNetwork",
    "Result",
    "Spec",
    "SpecError",
    "SpecWarning",
    "SweepResult",
    "TrainingProblem",
    "Verification",
    "compile_model",
    "format_spec",
    "import_solution",
    "load_spec",
    "read_run",
    "run_sweep",
    "train",
    "verify",
]


def python(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT)}
    return subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)


# ---- names


def test_the_public_names() -> None:
    assert bd.__all__ == NAMES
    assert set(NAMES) <= set(dir(bd))
    for name in NAMES:
        assert getattr(getattr(bd, name), "__name__", "Fact") == name  # a union has no name


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
    spec = ROOT / "specs" / "iris_integer.bdnn"
    assert main(["run", str(spec), "--out", str(tmp_path / "run")]) == 0
    done = python(str(PROGRAM), "run", cwd=tmp_path)
    assert done.stderr == ""
    first, second, *report = done.stdout.splitlines()
    assert first == "1659 cannot read no such file: no such file or directory E101: did you mean `data`? True"
    assert second == "(4, 1, 1) feasible 3 0 1.0 None True"
    assert "result    feasible: verified, not proved optimal" in report
    assert report[-6:] == [
        "['versicolor'] ['h1 if petal_length_cm + petal_width_cm >= 6.5', 'virginica if h1', 'else versicolor']",
        "optimal 3 False",
        "True True",
        "True given",
        "0 0 0.0 optimal (2, 1, 1)",
        "[0, 1] ['network', '{', 'hidden', '1', '}']",
    ]


# ---- docstrings


@pytest.mark.parametrize(
    "module",
    [
        "__init__",
        "api.specs",
        "api.compiled",
        "api.training",
        "api.result",
        "api.folders",
        "api.importing",
        "data.dataset",
        "problem.training",
    ],
)
def test_docstrings(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(
        importlib.import_module(f"bdnnlang.{module}".removesuffix(".__init__")),
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert found.attempted > 0
    assert found.failed == 0


# ---- README


def test_readme_from_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The section's lines run, and print what they should."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- python -->\n```python\n")[1].split("```")[0]
    assert len(section.splitlines()) <= 10
    (tmp_path / "specs").mkdir()
    shutil.copy(ROOT / "specs" / "iris_integer.bdnn", tmp_path / "specs")
    monkeypatch.chdir(tmp_path)
    exec(compile(section, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "StageStarted\n" in printed
    assert "optimal 3 3 {'train': 0.96, 'test': 0.96}" in printed
    assert "result    optimal" in printed
    assert "['versicolor' 'virginica']" in printed
    assert "ok      result.verified_loss: 3" in printed
    assert "WRONG" not in printed
    assert (tmp_path / "iris.mps").read_text(encoding="utf-8").startswith("NAME")
