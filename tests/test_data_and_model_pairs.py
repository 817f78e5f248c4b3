"""The pairs of `tests/errors` for codes that need the data: the page's bad example, and what is said about it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from data.csv_files import write_files

from bdnnlang import compiler, solve
from bdnnlang.catalogue import catalogue
from bdnnlang.data.diagnosis import errors, warnings
from bdnnlang.diagnostics import Diagnostic, Rejected, registered
from bdnnlang.render import render
from bdnnlang.run import errors as run_errors

Golden = Callable[[Path, str], None]
FOLDER = Path(__file__).parent / "errors"
MODULES = (errors, warnings, run_errors)
PAGES = [
    page  # what their examples say is compared here; E204 and E233 are about the file of a model, E234 is a solver's word
    for module in MODULES
    for page in registered(module.__name__)
    if page not in (run_errors.LinearFilesOnly, run_errors.WholeFilesOnly, run_errors.SolverOptionRefused)
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_what_is_said(page: type[Diagnostic], golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(solve, "available", lambda name: name != "highs")
    Path(f"{page.code}.bdnn").write_text(page.bad)
    try:
        spec, slips = compiler.read_spec(Path(f"{page.code}.bdnn"))
        assert not slips
        found = compiler.model_warnings(compiler.training_problem(spec, compiler.read_data(spec, Path())))
    except Rejected as rejected:
        found = rejected.diagnostics
    assert page.code in {diagnostic.code for diagnostic in found}
    assert all(diagnostic.hint and diagnostic.message for diagnostic in found)
    if page.__module__ == run_errors.__name__:
        assert all(diagnostic.span is not None for diagnostic in found)
    golden(FOLDER / f"{page.code}.bdnn", page.bad)
    golden(FOLDER / f"{page.code}.err", render(found, "full"))


def test_every_code_has_a_pair_and_every_pair_a_code() -> None:
    ends = {path.name: path.suffix for path in FOLDER.iterdir()}
    codes = {page.code for page in catalogue()}
    assert {name[:4] for name, end in ends.items() if end == ".err"} == codes
    assert {name[:4] for name, end in ends.items() if end in (".bdnn", ".csv", ".sol")} == codes
    assert set(ends.values()) == {".bdnn", ".csv", ".sol", ".err"}
