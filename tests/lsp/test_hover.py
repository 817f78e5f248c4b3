"""What is said of a name: help, domain, default, and what holds here."""

import pytest
from marked import SPEC, opened

from bdnnlang.lsp.hover import hover


def said(marked, **files):
    found = hover(*opened(marked, **files))
    return found and (found.span.text, found.text)


def test_a_setting_with_its_default_and_the_value_in_effect():
    name, text = said(SPEC.replace("exact 1min", "exact 1min { |gap = 2% / 2 }"))
    assert name == "gap"
    assert "**train.exact.gap** (setting)" in text
    assert "Takes a fraction from 0 to 1" in text
    assert "Default: `0%`" in text
    assert "In effect: `1%`" in text


def test_a_setting_of_one_of_two_stages():
    text = SPEC.replace("exact 1min", "exact 10s { gap = 3% }\n exact 1min { g|ap = 1% }")
    assert "In effect: `1%`" in said(text)[1]


def test_a_step_with_all_that_holds():
    assert "In effect: `exact 1min { gap = 0%" in said(SPEC.replace("exact", "ex|act"))[1]


def test_a_word_and_a_block():
    assert said(SPEC.replace("iris", "ir|is")) == ("iris", said(SPEC.replace("iris", "iris|"))[1])
    assert "150 flowers" in said(SPEC.replace("iris", "ir|is"))[1]
    assert "**network** (block)" in said(SPEC.replace("network", "|network"))[1]


def test_a_param_where_it_is_used():
    text = SPEC.replace("data", "## neurons\nparam width = 1 + 1 in int[1, 4]\ndata").replace("hidden 2", "hidden wi|dth")
    name, text = said(text)
    assert name == "width"
    assert "param width = 1 + 1 in int[1, 4]" in text
    assert "neurons" in text
    assert "In effect: `2`" in text


def test_a_param_and_a_file_from_elsewhere():
    text = SPEC.replace("data", 'use "c.bdnn"\ndata', 1).replace("hidden 2", "hidden wi|dth")
    assert "param width = 3" in said(text, c="bdnn 1 fragment\nparam width = 3\n")[1]
    file = text.replace("wi|dth", "2").replace('"c.bdnn"', '"c|.bdnn"')
    assert said(file, c="bdnn 1 fragment\n") == ('"c.bdnn"', "file `c.bdnn`")
    assert "cannot be read" in said(file)[1]


def test_why_something_is_refused():
    _, text = said(SPEC.replace("exact 1min", "exact 1min { ga|pp = 1% }"))
    assert text.startswith("**E102**")
    assert said("|")[1].count("**E106**") == 1


@pytest.mark.parametrize("marked", ["bdnn 1\n|\n", "# da|ta", SPEC.replace("2 }", "|2 }")])
def test_nothing_to_say(marked):
    assert said(marked) is None
