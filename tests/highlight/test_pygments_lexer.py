"""Colours by Pygments: every spec, whole, and each name as what it is."""

import importlib
import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String

from bdnnlang.highlight.pygments_lexer import BdnnLexer
from bdnnlang.language.schema import TABLE

TOP = Path(__file__).parents[2]
SPECS = sorted([*(TOP / "specs").rglob("*.bdnn"), *(TOP / "tests" / "errors").glob("*.bdnn")])
GOOD = sorted((TOP / "specs").rglob("*.bdnn"))


def tokens(text):
    """As they are, without what Pygments adds or takes away at the ends."""
    return [(kind, part) for _, kind, part in BdnnLexer().get_tokens_unprocessed(text)]


def kinds(text):
    return {part: kind for kind, part in tokens(text)}


def test_every_spec_is_coloured_whole():
    for path in SPECS:
        text = path.read_text(encoding="utf-8", errors="replace")
        found = tokens(text)
        assert ("".join(part for _, part in found), path) == (text, path)
        assert (path, [part for kind, part in found if kind is Error]) == (path, [])


def test_a_good_spec_has_nothing_unknown():
    for path in GOOD:
        assert (path, [part for kind, part in tokens(path.read_text(encoding="utf-8")) if kind is Name.Other]) == (path, [])


@given(st.text())
def test_any_text_is_coloured_whole(text):
    found = tokens(text)
    assert "".join(part for _, part in found) == text
    assert Error not in {kind for kind, _ in found}


def test_names_are_coloured_by_what_they_are():
    found = kinds(
        'bdnn 1\n## how far\nparam radius = 0.1 in [0, 1]\ndata csv("a.csv") {\n  target = "y" # last\n  scale none\n}\n'
        "network { weights in int[-3, 3] }\nrobust linf(radius)\ntrain { solver = exact, exact 1h30min { gap = 2% } }\n"
    )
    wanted = {
        Keyword: ["bdnn", "param", "scale"],
        Keyword.Namespace: ["data", "network", "robust", "train"],
        Keyword.Type: ["int"],
        Name.Attribute: ["target", "weights", "gap"],
        Name.Constant: ["none"],
        Name.Function: ["csv", "linf"],
        Name.Variable: ["radius"],
        Number: ["1h30min", "2%"],
        Operator.Word: ["in"],
        String.Doc: ["## how far"],
        String.Double: ['"a.csv"'],
        Comment.Single: ["# last"],
    }
    assert {part: found[part] for parts in wanted.values() for part in parts} == {
        part: kind for kind, parts in wanted.items() for part in parts
    }


def test_a_word_that_is_a_step_elsewhere():
    assert [kind for kind, part in tokens("solver = exact\nexact 1min") if part == "exact"] == [Name.Constant, Keyword]
    assert [kind for kind, part in tokens("race = [scip, exact]") if part == "exact"] == [Name.Constant]


def test_every_word_of_the_language_has_its_colour():
    colours = {"block": Keyword.Namespace, "step": Keyword, "word": Name.Constant}
    for row in (row for row in TABLE if row.form in colours):
        text = f"x = {row.name}" if row.form == "word" else row.name
        assert (row.path, kinds(text)[row.name]) == (row.path, colours[row.form])


def test_requirements():
    found = kinds('require { recall("a") >= 99%, inputs <= 3 per neuron }')
    assert [found[part] for part in ("recall", "inputs", ">=", "per")] == [Name.Function, Keyword, Operator, Operator.Word]


def test_a_text_is_known_by_its_edition():
    assert BdnnLexer.analyse_text("# mine\n\nbdnn 1\ndata iris") == 1
    assert BdnnLexer.analyse_text("bdnn fragment") == 0
    assert BdnnLexer.analyse_text("print('bdnn 1')") == 0


def test_pygments_finds_it_by_its_entry_point():
    written = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["pygments.lexers"]
    module, _, name = written["bdnn"].partition(":")
    assert getattr(importlib.import_module(module), name) is BdnnLexer
    assert (BdnnLexer.filenames, BdnnLexer.aliases) == (["*.bdnn"], ["bdnn"])
