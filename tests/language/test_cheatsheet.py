"""docs/cheatsheet.md: every word and every verb, on one page."""

from pathlib import Path

import pytest

from bdnnlang.cli.verbs import VERBS
from bdnnlang.language.cheatsheet import cheatsheet
from bdnnlang.language.schema import TABLE

PAGE = Path(__file__).parents[2] / "docs" / "cheatsheet.md"


def test_the_page_is_fresh(golden):
    golden(PAGE, cheatsheet(VERBS))


@pytest.mark.parametrize("row", [row for row in TABLE if row.form != "word"], ids=lambda row: row.path)
def test_every_row_is_there(row):
    assert row.name in cheatsheet({})


def test_it_is_one_page():
    """Of about seventy lines of print, unfolded; the longest are lists of settings."""
    assert len(cheatsheet(VERBS).splitlines()) < 150
