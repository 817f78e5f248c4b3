"""What is wrong with a model before it is solved: no good example earns a code; `test_data_and_model_pairs` has the bad ones."""

from pathlib import Path

import pytest

from bdnnlang import compiler, solve
from bdnnlang.diagnostics import Diagnostic, Rejected, registered
from bdnnlang.run.errors import LinearFilesOnly, SolverNotInstalled, SolverOptionRefused, WholeFilesOnly

ELSEWHERE = (LinearFilesOnly, WholeFilesOnly, SolverOptionRefused)  # what a file cannot hold, and what only a solver knows
PAGES = [page for page in registered(LinearFilesOnly.__module__) if page not in ELSEWHERE]


def codes(text: str, folder: Path) -> set[str]:
    (folder / "page.bdnn").write_text(text)
    spec, warnings = compiler.read_spec(folder / "page.bdnn")
    assert not warnings
    try:
        found = compiler.model_warnings(compiler.training_problem(spec, compiler.read_data(spec, folder)))
    except Rejected as rejected:
        found = rejected.diagnostics
    assert all(d.span is not None and d.hint and d.message for d in found)
    return {d.code for d in found}


@pytest.fixture(autouse=True)
def _without_highs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda name: name != "highs")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_good_example_does_not(page: type[Diagnostic], tmp_path: Path) -> None:
    assert codes(page.good, tmp_path) == set()


def test_a_missing_solver_comes_with_the_line_that_installs_it() -> None:
    assert "`pip install highspy`" in SolverNotInstalled(solver="highs", install=solve.SOLVERS["highs"].install).hint
