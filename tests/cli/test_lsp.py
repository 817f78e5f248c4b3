"""`bdnnc lsp` where its library is missing; `tests/lsp` asks the server itself."""

from __future__ import annotations

import importlib.util

import pytest

from bdnnlang import cli
from bdnnlang.cli.verbs.tools import lsp


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(lsp, "find_spec", lambda name: None if name == "pygls" else importlib.util.find_spec(name))
    assert cli.main(["lsp", "--stdio"]) == 5
    assert capsys.readouterr() == ("", "bdnnc: error: the language server needs pygls 2: pip install pygls\n")
