"""The pairs of `tests/errors` for codes that need the data: the page's bad example, and what is said about it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from data.csv_files import write_files

from bdnnlang import compiler, solve
from bdnnlang.data.diagnosis.errors import DATA_ERRORS
from bdnnlang.data.diagnosis.row_warnings import ROW_WARNINGS
from bdnnlang.data.diagnosis.warnings import DATA_WARNINGS
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.explain import catalogue
from bdnnlang.problem.errors import ROBUST_ERRORS
from bdnnlang.render import render
from bdnnlang.run.errors import FILE_DIAGNOSTICS, MODEL_DIAGNOSTICS

Golden = Callable[[Path, str], None]
FOLDER = Path(__file__).parent / "errors"
PAGES = (*DATA_ERRORS, *DATA_WARNINGS, *MODEL_DIAGNOSTICS)  # what their examples say is compared here
ALL = (*PAGES, *ROBUST_ERRORS, *FILE_DIAGNOSTICS, *ROW_WARNINGS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_what_is_said(page: type[Diagnostic], golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(solve, "available", lambda name: None if name == "highs" else "1.0")
    Path(f"{page.code}.bdnn").write_text(page.bad)
    try:
        spec, _ = compiler.read_spec(Path(f"{page.code}.bdnn"))
        found = compiler.model_warnings(spec, compiler.read_data(spec, Path()))
    except Rejected as rejected:
        found = rejected.diagnostics
    assert page.code in {diagnostic.code for diagnostic in found}
    golden(FOLDER / f"{page.code}.bdnn", page.bad)
    golden(FOLDER / f"{page.code}.err", render(found, "full"))


def test_no_two_errors_share_a_code() -> None:
    codes = [page.code for page in catalogue(ALL)]
    assert sorted(codes) == sorted(set(codes))


def test_every_pair_belongs_to_a_code() -> None:
    assert {path.stem[:4] for path in FOLDER.iterdir()} == {page.code for page in catalogue(ALL)}
