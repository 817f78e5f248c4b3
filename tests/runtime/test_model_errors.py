"""What is said once the model is known: a pair in `tests/errors` for each, and pages that keep their word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang import compiler
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.render import render
from bdnnlang.runtime.errors import LinearFilesOnly, WeightsPerClass

FOLDER = Path(__file__).parents[1] / "errors"
PAIRS = ("E204", "E207_squares", "E231")


def told(path: Path) -> tuple[Diagnostic, ...]:
    """By everything that may refuse a spec before it is solved or written."""
    try:
        spec, warnings = compiler.read_spec(path)
        data = compiler.read_data(spec, path.parent)
        warnings += compiler.model_warnings(spec, data)
        compiler.build_file(spec, data, "model")
    except Rejected as rejected:
        return rejected.diagnostics
    return warnings


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_said(name: str, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    found = told(Path(f"{name}.bdnn"))
    assert [one.code for one in found] == [name[:4]]
    golden(FOLDER / f"{name}.err", render(found, "full"))


@pytest.mark.parametrize("error", [LinearFilesOnly, WeightsPerClass])
def test_pages_keep_their_word(error: type[Diagnostic], tmp_path: Path) -> None:
    for text, codes in ((error.bad, [error.code]), (error.good, [])):
        (tmp_path / "x.bdnn").write_text(text)
        assert [one.code for one in told(tmp_path / "x.bdnn")] == codes
