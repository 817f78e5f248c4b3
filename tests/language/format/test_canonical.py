"""What formatting keeps, on every text of the repository that parses."""

from pathlib import Path

import pytest

from bdnnlang.diagnostics import InternalError
from bdnnlang.language.format import canonical
from bdnnlang.language.format.canonical import formatted
from bdnnlang.language.format.reading import comments_of
from bdnnlang.language.syntax.parser import parse
from bdnnlang.source import Source

ROOT = Path(__file__).parents[3]
SPECS = sorted(path for folder in ("specs", "bdnnlang", "tests/proposal") for path in (ROOT / folder).rglob("*.bdnn"))
TEXTS = [*SPECS, *sorted((ROOT / "tests" / "errors").rglob("*.bdnn"))]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_text_keeps_its_tree_and_its_comments(path):
    source = Source("x.bdnn", path.read_bytes().decode())
    tree, errors = parse(source)
    result = formatted(source)
    assert result.diagnostics == errors
    assert (result.text is None) == bool(errors)
    if result.text is not None:
        again = Source("x.bdnn", result.text)
        assert parse(again) == (tree, ())
        assert comments_of(again) == comments_of(source)
        assert formatted(again).text == result.text


@pytest.mark.parametrize("path", SPECS, ids=lambda path: str(path.relative_to(ROOT)))
def test_our_specs_are_formatted(path):
    assert formatted(Source(str(path), path.read_text())).text == path.read_text()


def test_a_layout_that_says_something_else_is_a_bug_of_ours(monkeypatch):
    monkeypatch.setattr(canonical, "lay_out", lambda body: ["a = 2"])
    with pytest.raises(InternalError, match=r"x\.bdnn does not say the same"):
        formatted(Source("x.bdnn", "a = 1"))
    monkeypatch.setattr(canonical, "lay_out", lambda body: ["a = 1"])
    with pytest.raises(InternalError):
        formatted(Source("x.bdnn", "a = 1  # one"))
