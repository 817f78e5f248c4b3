"""A block `require` on given data: what is wrong with it is said at once, with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang import compiler
from bdnnlang.diagnostics import Rejected
from bdnnlang.render import render

ERRORS = Path(__file__).parents[2] / "errors"


@pytest.mark.parametrize("name", ["E201_requirement", "E201_groups", "E212_requirement", "E251", "E251_thermometer"])
def test_what_is_said(name: str, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ERRORS)
    spec, _ = compiler.read_spec(Path(f"{name}.bdnn"))
    with pytest.raises(Rejected) as rejected:
        compiler.training_problem(spec, compiler.read_data(spec, ERRORS))
    assert name[:4] in {diagnostic.code for diagnostic in rejected.value.diagnostics}
    golden(ERRORS / f"{name}.err", render(rejected.value.diagnostics, "full"))
