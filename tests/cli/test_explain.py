"""`bdnnc explain`: every code of the program and every setting has a page for people."""

import re

import pytest

from bdnnlang import cli
from bdnnlang.catalogue import catalogue
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.schema import TABLE

ALL = catalogue()
SIGNATURE = re.compile(r"\(\*|: (str|int|Span)\b|\bNone\b|\bself\b|->")


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.code)
def test_every_code_has_a_page(error: type[Diagnostic], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", error.code.lower()]) == 0
    out = capsys.readouterr().out
    first = out.splitlines()[0]
    assert re.fullmatch(rf"(error|warning) {error.code}: [A-Z`].*[^.]", first)
    assert not SIGNATURE.search(first)
    assert error.__name__ not in first
    for part in (error.why, "Not like this:", "But like this:"):
        assert part in out
    assert error.bad.splitlines()[-1][:90].strip() in out
    assert error.good.splitlines()[-1][:90].strip() in out


@pytest.mark.parametrize("arguments", [["explain"], ["explain", "--output", "json"]])
def test_alone_it_lists_all_pages(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 0
    out = capsys.readouterr().out
    for error in ALL:
        assert re.search(rf"^  {error.code}  [A-Z`]", out, re.MULTILINE)
    for row in TABLE:
        if row.form in ("block", "step", "fact", "domain"):
            assert re.search(rf"^  {re.escape(row.path)} +{re.escape(row.help)}$", out, re.MULTILINE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_every_row_has_a_page(row: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", row.path]) == 0  # type: ignore[attr-defined]
    assert row.help in capsys.readouterr().out  # type: ignore[attr-defined]


def test_an_unknown_topic_says_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    for topic, meant in (("E17", "E117"), ("train.exact.gpa", "train.exact.gap"), ("layers", "network.hidden")):
        assert cli.main(["explain", topic]) == 2
        assert f"`{meant}`" in capsys.readouterr().err
