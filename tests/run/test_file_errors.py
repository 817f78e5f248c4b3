"""What no linear file can hold, and other refusals that depend on penalties."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang import compiler
from bdnnlang.cli import main
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.render import render
from bdnnlang.run.errors import LinearFilesOnly, WholeFilesOnly

FOLDER = Path(__file__).parents[1] / "errors"
PAIRS = (("E204", "mps"), ("E207_squares", "mps"), ("E233", "opb"), ("E233_paper", "opb"), ("E233_lattice", "opb"))


def told(path: Path, form: str = "mps") -> tuple[Diagnostic, ...]:
    """By everything that may refuse a spec before it is solved or written."""
    try:
        spec, warnings = compiler.read_spec(path)
        data = compiler.read_data(spec, path.parent)
        warnings += compiler.model_warnings(compiler.training_problem(spec, data))
        compiler.build_file(spec, data, form)
    except Rejected as rejected:
        return rejected.diagnostics
    return warnings


@pytest.mark.parametrize(("name", "form"), PAIRS)
def test_what_is_said(name: str, form: str, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    found = told(Path(f"{name}.bdnn"), form)
    assert [one.code for one in found] == [name[:4]]
    golden(FOLDER / f"{name}.err", render(found, "full"))


def test_the_page_keeps_its_word(tmp_path: Path) -> None:
    for page, form in ((LinearFilesOnly, "mps"), (WholeFilesOnly, "opb")):
        for text, codes in ((page.bad, [page.code]), (page.good, [])):
            (tmp_path / "x.bdnn").write_text(text)
            assert [one.code for one in told(tmp_path / "x.bdnn", form)] == codes


def test_scip_reads_squares_in_its_own_format(tmp_path: Path) -> None:
    path = tmp_path / "x.bdnn"
    path.write_text(LinearFilesOnly.bad)
    assert main(["compile", str(path), "-o", str(tmp_path / "x.cip")]) == 0
    assert "nonlinear" in (tmp_path / "x.cip").read_text()
    assert main(["compile", str(path), "-o", str(tmp_path / "x.mps")]) == 1
    assert not (tmp_path / "x.mps").exists()
