"""Templates are whole specs whose every line is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bdnnlang as bd
from bdnnlang import compiler
from bdnnlang.language.load import load
from bdnnlang.proposal.template import Template, template_text
from bdnnlang.source import Source


@pytest.fixture(params=list(Template))
def text(request: pytest.FixtureRequest) -> str:
    return template_text(request.param)


def test_it_checks_without_a_warning(text: str) -> None:
    spec, warnings = load(Source("t.bdnn", text), read=compiler.reader_of(Path()))
    data = compiler.read_data(spec, Path())
    assert (warnings, data.warnings, compiler.model_warnings(compiler.training_problem(spec, data))) == ((), (), ())


def test_each_fact_has_a_comment(text: str) -> None:
    lines = [line.strip() for line in text.splitlines()]
    bare = [
        line
        for above, line in zip(["", *lines], lines, strict=False)
        if line not in ("", "}") and not re.fullmatch(r"\w+ \{", line) and "#" not in line and not above.startswith("##")
    ]
    assert bare == []


def test_it_runs(text: str) -> None:
    result = bd.train(bd.load_spec(text), time=1)
    assert result.network is not None
    assert result.loss is not None
