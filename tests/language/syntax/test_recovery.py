"""Broken texts: every error is reported once, in its place, and nothing breaks the parser."""

import random
import re
import sys

import pytest

from bdnnlang.diagnostics import MAX_DIAGNOSTICS, Rejected, has_errors
from bdnnlang.language.load import load
from bdnnlang.language.syntax.parser import _Machine, parse
from bdnnlang.source import Source

SPECS = [
    "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    """bdnn 1
param width = 8 in int[1, 64]
param seed = 0
data csv("heart.csv", delimiter=";") {
  target = "disease"
  onehot ["sex", "cp", 3]
  test = 20%
  split_seed = seed
}
network {
  weights in {-1, 0, 1}
  hidden width
  hidden 6 { weights in [-1, 0.5 * 2], biases in int[-3, 3] }
  output { encoding = auto }
}
train {
  loss = zero_one   # wrong samples
  time = 1h
  exact 5min { gap = 0.5% }
  exact rest
}
""",
]
TOKENS = re.compile(r'"[^"\n]*"|#[^\n]*|\w+%?|\S|\n')
OTHERS = [
    "=",
    "in",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    "\n",
    "3",
    "10m",
    '"x"',
    '"',
    "'",
    "width",
    "param",
    "true",
    "-",
    ":",
    "@",
]


def mutants():
    chance = random.Random(20261122)
    for text in SPECS:
        for token in TOKENS.finditer(text):
            first, last = token.span()
            yield text[:first] + text[last:]
            yield text[:first] + token.group() + " " + text[first:]
            yield text[:first] + chance.choice(OTHERS) + text[last:]
            yield text[:first] + chance.choice(OTHERS) + " " + text[first:]


def syntax(text):
    return parse(Source("x.bdnn", text))[1]


def places(text):
    return [(error.code, *error.span.first) for error in syntax(text)]


def read(path, span):
    raise FileNotFoundError(2, "no such file", path)


@pytest.mark.parametrize("text", SPECS)
def test_specs_are_right(text):
    load(Source("x.bdnn", text), read=read)


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in (1, 2))])
def test_mutants_are_told_with_place_and_hint(part):
    texts = list(dict.fromkeys(mutants()))
    assert len(texts) > 500
    for text in texts[part::3]:
        try:
            found = load(Source("x.bdnn", text), read=read)[1]
        except Rejected as rejected:
            found = rejected.diagnostics
            assert has_errors(found)
        for diagnostic in found:
            assert re.fullmatch("[EW][0-9]{3}", diagnostic.code)
            assert diagnostic.span.first >= (1, 1)
            assert diagnostic.message
            assert diagnostic.hint
            if diagnostic.repair is not None:
                assert diagnostic.repair.span.source.text == text
                syntax(diagnostic.repair.apply(text))
            assert not re.search(r"RSQB|LBRACE|_NL|BAD_|Token|None|Fraction", diagnostic.message + diagnostic.hint)
        assert len(found) <= 6, (text, found)


def test_one_token_mutants_earn_few_syntax_errors():
    counts = [len(syntax(text)) for text in mutants()]
    assert max(counts) <= 4
    assert sum(count > 1 for count in counts) / len(counts) < 0.05


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("a = = 1\nb = 2 2\nc = 3\n", [("E007", 1, 5), ("E007", 2, 7)]),
        ("a = [1, 2\nb = 3\nc = = 4\n", [("E008", 1, 5), ("E007", 3, 5)]),
        ("a f(x=1\nb = 3\n", [("E008", 1, 4)]),
        ("a in {1, 2\n}\nb in {3\nc = 3\n", [("E008", 3, 6)]),
        ("a {\n  b = [1\n}\nc = = 1\n", [("E008", 2, 7), ("E007", 4, 5)]),
        ("a {\n  b {\n    c = 1\n  d = 2\n}\ne = = 1\n", [("E008", 2, 5), ("E007", 6, 5)]),
        ("a {\n  c = 1\nb {\n  d = 2\n}\n", [("E008", 1, 3)]),
        ("a {\n", [("E008", 1, 3)]),
        ("a }\nb = = 1\n", [("E009", 1, 3), ("E007", 2, 5)]),
        ("}\n)\n]\n", [("E009", 1, 1), ("E009", 2, 1), ("E009", 3, 1)]),
        ("a csv('x') {\n  b = = 1\n}\n", [("E003", 1, 7), ("E007", 2, 7)]),
        ("a csv(x.y) {\n  b = = 1\n}\n", [("E015", 1, 7), ("E007", 2, 7)]),
        ("a = {\n  b = = 1\n}\nc = 2 2\n", [("E007", 1, 5), ("E007", 2, 7), ("E007", 4, 7)]),
        ("a: 3\nb := 4\nc -> 5\nd = 4;\n", [("E006", 1, 2), ("E006", 2, 3), ("E006", 3, 3), ("E006", 4, 6)]),
        ("prm a = 3\nparam true = 3\nin = 3\n", [("E011", 1, 1), ("E010", 2, 7), ("E010", 3, 1)]),
        ("a = 1..2\nb = .5\nc = 5.\nd = 1__0\n", [("E005", 1, 5), ("E005", 2, 5), ("E005", 3, 5), ("E005", 4, 5)]),
        ("a = 1 \u202e\nb = 2 # \x07\nc = 3\rd\n", [("E001", 1, 7), ("E001", 2, 9), ("E001", 3, 6)]),
        ("a\n{\n  b = = 1\n}\n", [("E007", 2, 1), ("E007", 3, 7)]),
    ],
)
def test_each_broken_line_speaks_once(text, errors):
    assert places(text) == errors


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "x = " + "(" * 65 + "1" + ")" * 65,
        "a {\n" * 65 + "}\n" * 65,
        "9" * 1_000_000,
        "a = 1\n" * 200_000,
        ")\n" * 90_000,
        "= " * 20_000,
        "\x00\n" * 90_000,
        '"\n' * 90_000,
        "x = [1\n" * 20_000,
        "a {\n" * 60,
        "".join(random.Random(1).choices("ab1=,{}[]()\n \"#'", k=150_000)),
    ],
    ids=lambda text: repr(text[:6]),
)
def test_garbage_is_told_in_few_words(text):
    assert 1 <= len(syntax(text)) <= MAX_DIAGNOSTICS + 10


def test_deep_but_legal():
    assert places("x = " + "(" * 64 + "1" + ")" * 64) == []
    assert places("x = 1" + " + 1" * 5000) == []


BLANKS = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()] + [*"\u180e\u200b\u2060\ufeff\xad\u2800"]
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("char", [*BLANKS, *BIDI, *"\x00\x07\x1b\x7f\ud800\uffff\U000e0041"], ids=lambda char: f"{ord(char):04X}")
def test_blanks_and_controls_are_accepted_or_named(char):
    text = SPECS[0]
    for place in range(len(text) + 1):
        with_it = text[:place] + char + text[place:]
        found = syntax(with_it)
        if char in " \t\n" or (char == "\r" and with_it[place + 1 : place + 2] == "\n") or (char == "\ufeff" and place == 0):
            continue
        named = [error for error in found if f"U+{ord(char):04X}" in error.message]
        assert [error.code for error in named] == ["E001"]
        assert named[0].span.start <= place < named[0].span.stop


@pytest.mark.parametrize(
    "text",
    [
        "}" * 49_000,
        "a}" * 24_000,
        "[}" * 20_000,
        "a {\n" * 60 + "}}}}" * 10_000,
        "a {" + "x = 1 = , " * 9_000,
        "\u00a0" * 49_000,
        "größe " * 8_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_a_long_broken_line_is_read_once(text, monkeypatch):
    asked = 0
    accepts = _Machine.accepts

    def count(machine):
        nonlocal asked
        asked += 1
        return accepts(machine)

    monkeypatch.setattr(_Machine, "accepts", count)
    assert 1 <= len(syntax(text)) <= 2
    assert asked < 20_000


def test_checking_ends_after_fifty_mistakes():
    for line in ("a = = 1\n", "hidden 2 {", "colour = 3, "):
        text = SPECS[0].replace("hidden 2", "hidden 2\n" + line * 200)
        with pytest.raises(Rejected) as refused:
            load(Source("x.bdnn", text), read=read)
        found = refused.value.diagnostics
        assert len(found) <= MAX_DIAGNOSTICS + 2
        assert line.startswith("hidden") or "E013" in {error.code for error in found}


def test_what_a_syntax_error_left_empty_is_not_passed_on():
    for wrong in (
        "data random(samples=20, features=)",
        "data random(samples=, features=3)",
        "data random(samples=20, features=, seed=)",
        "data csv(=)",
        "data csv(, header=)",
    ):
        with pytest.raises(Rejected):
            load(Source("x.bdnn", SPECS[0].replace("data iris", wrong)), read=read)
    for wrong in (
        "budget(0.1, gamma=)",
        "budget(, gamma=)",
        "budget(gamma=2, )",
        "linf(=)",
        "box(a=)",
        "random_sign([,])",
        "l2()",
    ):
        for block in (f"robust {wrong}\n", f"evaluate {{ attack {wrong} }}\n"):
            with pytest.raises(Rejected):
                load(Source("x.bdnn", SPECS[0] + block), read=read)
