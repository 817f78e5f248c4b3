"""What a notebook shows: well-formed, self-contained, and nothing in it comes from the data unescaped."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

import bdnnlang as bd
from api.texts import IRIS
from bdnnlang.api.html import COLORS
from bdnnlang.run.status import RunStatus


class Seen(HTMLParser):
    """Tags as they open and close, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def iris() -> bd.Result:
    return bd.train(IRIS)


def test_it_says_what_the_result_says(iris: bd.Result) -> None:
    seen = Seen(iris._repr_html_())
    assert seen.tags == {"div", "p", "span", "table", "tr", "th", "td", "pre", "details", "summary"}
    assert seen.attributes == {"style"}
    assert "feasible" in seen.text
    assert "train 96.0 %, test 96.0 %" in seen.text
    assert "h1 if petal_length_cm + petal_width_cm >= 6.5" in seen.text
    assert iris.summary() in seen.text


def test_texts_of_the_data_are_escaped(iris: bd.Result) -> None:
    evil = "<script>alert('1')</script>&amp;"
    assert iris.file is not None
    file = replace(iris.file, classes=(evil, "b"))
    seen = Seen(replace(iris, notes=(evil,), report=evil, file=file)._repr_html_())
    assert "script" not in seen.tags
    assert seen.text.count(evil) == 3


@pytest.mark.parametrize("status", RunStatus)
def test_every_status_has_a_colour(status: RunStatus, iris: bd.Result) -> None:
    assert COLORS[status] in replace(iris, status=status)._repr_html_()
