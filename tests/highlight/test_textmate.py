"""The TextMate grammar: fresh, of patterns that compile, and with each name of the language."""

import json
import re
from pathlib import Path

import pytest

from bdnnlang.highlight.textmate import SCOPE, textmate_grammar
from bdnnlang.language.schema import TABLE

PAGE = Path(__file__).parents[2] / "grammar" / "editors" / "vscode" / "syntaxes" / "bdnn.tmLanguage.json"
GRAMMAR = json.loads(textmate_grammar())


def rules(part):
    """All rules below a part of the grammar."""
    if isinstance(part, dict):
        yield from [part] * ("match" in part or "begin" in part)
        for inner in part.values():
            yield from rules(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from rules(inner)


def scopes(text):
    """The first rule outside brackets that matches at the beginning of a text."""
    for included in GRAMMAR["patterns"]:
        part = GRAMMAR["repository"][included["include"][1:]]
        for rule in rules(part):
            if "match" in rule and (found := re.match(rule["match"], text)):
                return rule.get("name") or [rule["captures"][str(i)]["name"] for i in range(1, 1 + len(rule["captures"]))], found[
                    0
                ]
    return None


def test_the_grammar_is_fresh(golden):
    golden(PAGE, textmate_grammar())


def test_patterns_compile_and_what_is_included_is_there():
    for rule in rules(GRAMMAR):
        for key in ("match", "begin", "end"):
            re.compile(rule.get(key, ""))
    included = re.findall(r'"include": "#(\w+)"', textmate_grammar())
    assert set(included) == set(GRAMMAR["repository"])
    assert GRAMMAR["scopeName"] == SCOPE


def test_blocks_and_steps_have_their_colour():
    colours = {"block": "keyword.control.block.bdnn", "step": "keyword.other.step.bdnn"}
    for row in (row for row in TABLE if row.form in colours):
        assert scopes(row.name) == (colours[row.form], row.name)


@pytest.mark.parametrize(
    ("text", "scope", "match"),
    [
        ("## help", "comment.line.documentation.bdnn", "## help"),
        ("# why", "comment.line.number-sign.bdnn", "# why"),
        ('"limits/memory" = 3', "support.type.property-name.bdnn", '"limits/memory"'),
        ('"a.csv")', "string.quoted.double.bdnn", '"a.csv"'),
        ("1h30min", "constant.numeric.bdnn", "1h30min"),
        ("-3", "keyword.operator.bdnn", "-"),
        ("true", "constant.language.boolean.bdnn", "true"),
        ("in [0, 1]", "keyword.operator.word.bdnn", "in"),
        ("seed = 7", "support.type.property-name.bdnn", "seed"),
        ("weights in {0, 1}", "support.type.property-name.bdnn", "weights"),
        ("linf(0.1)", "support.function.bdnn", "linf"),
        ("int[-3, 3]", "support.type.bdnn", "int"),
        ("none", "support.constant.bdnn", "none"),
        ("radius", "variable.other.bdnn", "radius"),
        ("param radius = 1", ["keyword.other.param.bdnn", "variable.other.param.bdnn"], "param radius"),
        ("= exact", ["keyword.operator.bdnn", "support.constant.bdnn"], "= exact"),
    ],
)
def test_each_kind_of_token(text, scope, match):
    assert scopes(text) == (scope, match)
