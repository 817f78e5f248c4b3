"""Diagnostics in four styles, and the texts that make rendering hard."""

import json
import re

import pytest

from bdnnlang.language.reading.errors import GivenTwice, NoEdition
from bdnnlang.render import MAX_WIDTH, render
from bdnnlang.source import Source, Span


def twice(text, first, second, path="a/b.bdnn"):
    source = Source(path, text)
    return GivenTwice(span=Span(source, *first), second=Span(source, *second), name="seed")


def marked(text, start, stop):
    """The source line and the mark line of a full rendering."""
    lines = render([NoEdition(span=Span(Source("x", text), start, stop))], "full").splitlines()
    return [line.partition("|")[2].removeprefix(" ") for line in lines[3:5]]


def test_full():
    text = "train {\n  seed = 1\n" + "\n" * 8 + "  seed = 2\n}\n"
    start = text.rindex("seed")
    assert render([twice(text, (start, start + 8), (10, 18))], "full") == (
        "error[E105]: `seed` is given twice\n"
        "  --> a/b.bdnn:11:3\n"
        "   |\n"
        "11 |   seed = 2\n"
        "   |   ^^^^^^^^ the second time\n"
        "   |\n"
        " 2 |   seed = 1\n"
        "   |   -------- the first time\n"
        "   = hint: remove one of the two\n"
    )


def test_second_place_in_another_file():
    first, second = (Source(name, "seed = 1\n") for name in ("a", "b"))
    error = GivenTwice(span=Span(first, 0, 8), second=Span(second, 0, 8), name="seed")
    assert " ::: b:1:1\n" in render([error], "full")


def test_colour_changes_nothing_but_colour():
    error = twice("seed = 1, seed = 2\n", (10, 18), (0, 8))
    coloured = render([error], "full", color=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == render([error], "full")


def test_concise_json_and_github():
    error = twice("seed = 1, seed = 2\n", (10, 18), (0, 8), "a,b.bdnn")
    assert render([error], "concise") == ("a,b.bdnn:1:11: error[E105]: `seed` is given twice (remove one of the two)\n")
    assert json.loads(render([error], "json")) == [
        {
            "code": "E105",
            "severity": "error",
            "message": "`seed` is given twice",
            "file": "a,b.bdnn",
            "line": 1,
            "column": 11,
            "end_line": 1,
            "end_column": 19,
            "label": "the second time",
            "hint": "remove one of the two",
            "suggestion": None,
            "fix": None,
            "second": {
                "file": "a,b.bdnn",
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 9,
                "label": "the first time",
            },
        }
    ]
    assert render([error], "github") == (
        "::error file=a%2Cb.bdnn,line=1,col=11,endLine=1,endColumn=19,title=E105::`seed` is given twice (remove one of the two)\n"
    )


@pytest.mark.parametrize("style", ["full", "concise", "json", "github"])
def test_nothing_and_nowhere(style):
    assert render([], style) == ("[]\n" if style == "json" else "")
    assert "W101" in render([NoEdition()], style)


@pytest.mark.parametrize(
    ("text", "start", "stop", "line", "mark"),
    [
        ("\tab\tcd\n", 4, 6, "    ab    cd", "          ^^"),
        ("世界 x\n", 3, 4, "世界 x", "     ^"),
        ("世界 x\n", 0, 2, "世界 x", "^^^^"),
        ("e\u0301 x\n", 3, 4, "e\u0301 x", "  ^"),
        ("\ufeffab\n", 1, 3, "ab", "^^"),
        ("ab\r\ncd\r\n", 4, 6, "cd", "^^"),
        ("ab", 2, 2, "ab", "  ^"),
        ("ab\n", 3, 3, "", "^"),
        ("", 0, 0, "", "^"),
        ("ab {\n  c\n}\n", 3, 11, "ab {", "   ^…"),
        ("a\x1b[31m\u202eb", 8, 9, "", ""),
    ],
)
def test_marks_stand_below_what_they_mark(text, start, stop, line, mark):
    shown, below = marked(text, start, stop)
    if "\x1b" in text:
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        return
    assert shown == line
    assert below.startswith(mark)
    assert below.removeprefix(mark) in ("", " edition 1 is assumed")


@pytest.mark.parametrize("place", [0, 50, 5_000, 99_990])
def test_long_lines_are_trimmed_around_the_place(place):
    text = "x" * place + "HERE" + "x" * (99_996 - place)
    shown, below = marked(text, place, place + 4)
    assert len(shown) <= MAX_WIDTH + 2
    assert shown.index("HERE") == below.index("^")


def test_columns_do_not_count_the_byte_order_mark():
    error = NoEdition(span=Span(Source("x", "\ufeffab"), 2, 3))
    assert render([error], "concise").startswith("x:1:2: ")
