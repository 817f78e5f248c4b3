"""Every row of the schema is shown where it stands in a spec, and that spec is right."""

import re

import pytest
from loading import diagnostics_of

from bdnnlang.language.examples import in_context
from bdnnlang.language.explain import explain
from bdnnlang.language.format.canonical import laid_out
from bdnnlang.language.schema import TABLE
from bdnnlang.source import Source

BLOCKS = {"data": "data iris { validation = 20% }", "network": "network { hidden 2 }", "train": "train { exact 1min }"}
FILES = {"common.bdnn": "bdnn 1 fragment\n"}
STAGE = re.compile(r"^\s*(exact|local_search|data_split|prove) ", re.MULTILINE)  # `exact` is a solver too


def whole(example: str) -> str:
    """A spec around an example, which may lack a stage."""
    name = example.split()[0]
    if name == "train" and not STAGE.search(example):
        example = example.replace("{\n", "{\n  exact 1min\n", 1)
    rest = [block for other, block in BLOCKS.items() if other != name]
    return "\n".join([*(["bdnn 1"] if name != "bdnn" else []), example, *rest, ""])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_the_example_of_a_row_is_right(row):
    example = in_context(row)
    assert row.name in example
    assert [d.message for d in diagnostics_of(whole(example), FILES) if d.severity == "error"] == []
    assert all(line in explain(row.path, ()) for line in example.splitlines())


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_the_example_of_a_row_is_formatted(row):
    text = in_context(row) + "\n"
    assert laid_out(Source("x.bdnn", text)) == text


def test_examples_are_nested():
    row = next(row for row in TABLE if row.path == "train.exact.gap")
    assert in_context(row) == "train {\n  exact 1min { gap = 1% }\n}"
