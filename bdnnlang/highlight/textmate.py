"""The TextMate grammar, which VS Code and other editors, and GitHub's linguist, take colours from. `make golden` writes it."""

from __future__ import annotations

import json

from bdnnlang.highlight import vocabulary as v

SCOPE = "source.bdnn"
_Rule = dict[str, object]


def textmate_grammar() -> str:
    """As JSON, which ends with a newline."""
    grammar = {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "BDNN",
        "comment": "Made from the grammar and the settings of the language by `make golden`.",
        "scopeName": SCOPE,
        "fileTypes": ["bdnn"],
        "patterns": [_included(name) for name in ("declaration", "value", "plain", "names", "statements", "words", "items")],
        "repository": {
            "declaration": _declaration(),
            "value": _value(),
            "plain": {"patterns": _plain()},
            "names": {"patterns": _names()},
            "statements": {"patterns": _statements()},
            "words": {"patterns": _words()},
            "items": {"patterns": [_items(r"\[", r"\]"), _items(r"\(", r"\)")]},
        },
    }
    return json.dumps(grammar, indent=2) + "\n"


def _rule(scope: str, pattern: str) -> _Rule:
    return {"name": f"{scope}.bdnn", "match": pattern}


def _included(name: str) -> _Rule:
    return {"include": f"#{name}"}


def _declaration() -> _Rule:
    """`param NAME`."""
    captures = {"1": {"name": "keyword.other.param.bdnn"}, "2": {"name": "variable.other.param.bdnn"}}
    return {"match": rf"\b(param)[ \t]+({v.NAME})", "captures": captures}


def _value() -> _Rule:
    """A word behind `=`, which may have the name of a step."""
    captures = {"1": {"name": "keyword.operator.bdnn"}, "2": {"name": "support.constant.bdnn"}}
    return {"match": rf"(=)[ \t]*({v.one_of(v.WORDS)})(?!\()", "captures": captures}


def _plain() -> list[_Rule]:
    """What is the same wherever it stands."""
    return [
        _rule("comment.line.documentation", v.HELP),
        _rule("comment.line.number-sign", v.COMMENT),
        _rule("support.type.property-name", v.QUOTED),
        _rule("string.quoted.double", v.STRING),
        _rule("constant.numeric", v.NUMBER),
        _rule("keyword.operator", r"[-+*/=<>!]+"),
    ]


def _names() -> list[_Rule]:
    """Names by what stands behind them."""
    return [
        _rule("constant.language.boolean", v.one_of(("true", "false"))),
        _rule("keyword.operator.word", r"\b(?:in|per)\b"),
        _rule("support.type.property-name", rf"\b{v.NAME}{v.IS_SET}"),
        _rule("support.function", rf"\b{v.NAME}{v.IS_CALLED}"),
        _rule("support.type", rf"\b{v.NAME}{v.HAS_ITEMS}"),
    ]


def _statements() -> list[_Rule]:
    return [_rule("keyword.control.block", v.one_of(v.BLOCKS)), _rule("keyword.other.step", v.one_of(v.STEPS))]


def _words() -> list[_Rule]:
    return [_rule("support.constant", v.one_of(v.WORDS)), _rule("variable.other", rf"\b{v.NAME}")]


def _items(opener: str, closer: str) -> _Rule:
    """Inside brackets no statement begins."""
    return {"begin": opener, "end": closer, "patterns": [_included(name) for name in ("plain", "names", "words", "items")]}
