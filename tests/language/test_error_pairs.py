"""Each code has a pair in `tests/errors`: a spec, and what is said about it. Pages of `explain` keep their word."""

from pathlib import Path

import pytest
from loading import codes, diagnostics_of

from bdnnlang.catalogue import catalogue
from bdnnlang.diagnostics import Diagnostic, registered
from bdnnlang.language.explain import explain, suggestions
from bdnnlang.language.schema import TABLE
from bdnnlang.render import render

FOLDER = Path(__file__).parents[1] / "errors"
PAGES = registered("bdnnlang.language")
OWN = {error.code for error in PAGES}
SPECS = sorted(path for path in FOLDER.glob("*.bdnn") if path.stem[:4] in OWN)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_what_is_said(path, golden):
    found = diagnostics_of(path.read_bytes().decode())
    assert path.stem[:4] in {diagnostic.code for diagnostic in found}
    golden(path.with_suffix(".err"), render(found, "full"))


def test_every_code_has_a_pair():
    assert {path.stem[:4] for path in SPECS} == OWN


def test_no_golden_without_a_spec():
    assert [
        path for path in FOLDER.glob("*.err") if not any(path.with_suffix(end).exists() for end in (".bdnn", ".csv", ".sol"))
    ] == []


@pytest.mark.parametrize("error", PAGES, ids=lambda error: error.code)
def test_page_of_a_code(error: type[Diagnostic]):
    assert error.code in codes(error.bad)
    assert error.code not in codes(error.good)
    assert error.why in (explain(error.code, PAGES) or "")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_page_of_a_setting(row):
    assert row.help in (explain(row.path, ()) or "")


def test_unknown_topic():
    assert explain("train.exact.gpa", catalogue()) is None
    assert suggestions("train.exact.gpa", catalogue())[0] == "train.exact.gap"
    assert suggestions("layer", catalogue())[0] == "network.hidden"
    assert "E117" in suggestions("E17", catalogue())
