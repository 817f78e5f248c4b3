"""docs/language.md is what the settings say of themselves, and its examples are right."""

import re
from pathlib import Path

import pytest
from loading import diagnostics_of
from test_examples import FILES, whole

from bdnnlang.language.manual import manual
from bdnnlang.language.schema import TABLE

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
EXAMPLES = re.findall(r"```bdnn\n(.*?)```", manual(), re.DOTALL)


def test_the_page_is_fresh(golden):
    golden(PAGE, manual())


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_right(example):
    text = example if example.startswith("bdnn 1") else whole(example)
    assert [error.message for error in diagnostics_of(text, FILES) if error.severity == "error"] == []


@pytest.mark.parametrize(
    "row", [row for row in TABLE if not row.path.startswith(("bdnn", "use", "param"))], ids=lambda row: row.path
)
def test_every_row_is_there(row):
    page = manual()
    assert f"`{row.name}`" in page or f"# {row.path.replace('.', ' ')}\n" in page
    assert row.help[1:] in page
    assert row.default in page
