"""Definitions, uses and new names of params, over several files."""

import pytest
from marked import SPEC, opened

from bdnnlang.lsp.names import CannotRename, definition, occurrences, renamed

PARAM = SPEC.replace("data", "param width = 2 in int[1, 4]\nparam other = width\ndata").replace(
    "hidden 2", "hidden wi|dth * other"
)
USER = SPEC.replace("data", 'use "c.bdnn"\ndata', 1).replace("hidden 2", "hidden width")
FRAGMENT = "bdnn 1 fragment\nparam width = 3\n"


def after(marked, name, **files):
    document, offset = opened(marked, **files)
    texts = {}
    for fix in sorted(renamed(document, offset, name), key=lambda fix: -fix.span.start):
        source = fix.span.source
        texts[source.path] = fix.apply(texts.get(source.path, source.text))
    return texts


def test_from_a_use_to_its_declaration():
    found = definition(*opened(PARAM))
    assert (found.text, found.first) == ("width", (2, 7))
    assert definition(*opened(SPEC.replace("hidden", "hid|den"))) is None


def test_into_another_file():
    found = definition(*opened(USER.replace("width", "|width"), c=FRAGMENT))
    assert (found.source.path, found.first) == ("c.bdnn", (2, 7))
    assert definition(*opened(USER.replace('"c', '"|c'), c=FRAGMENT)).source.path == "c.bdnn"


def test_all_uses():
    assert [place.first[0] for place in occurrences(*opened(PARAM))] == [2, 3, 5]


def test_another_name_everywhere():
    assert after(PARAM, "neurons") == {"main.bdnn": PARAM.replace("|", "").replace("width", "neurons")}
    assert after(USER.replace("width", "|width"), "n", c=FRAGMENT) == {
        "main.bdnn": USER.replace("width", "n"),
        "c.bdnn": FRAGMENT.replace("width", "n"),
    }


@pytest.mark.parametrize("name", ["", "2x", "a b", "in", "param", "true", "größe", "other"])
def test_a_name_that_will_not_do(name):
    with pytest.raises(CannotRename, match=r"cannot be the name|there is a param"):
        after(PARAM, name)


def test_a_name_that_would_change_what_another_word_means():
    text = (
        SPEC.replace("data", "param wi|dth = 2\ndata")
        .replace("hidden 2", "hidden width")
        .replace("exact 1min", "solver = scip, exact 1min")
    )
    with pytest.raises(CannotRename, match="with this name"):
        after(text, "scip")


def test_only_params_have_new_names():
    with pytest.raises(CannotRename, match="only params"):
        after(SPEC.replace("hidden", "hid|den"), "x")
