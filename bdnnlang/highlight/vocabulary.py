"""What highlighters need to know of the language: patterns of the grammar, and the names of the schema by what they are."""

from __future__ import annotations

import re
from collections.abc import Collection

from bdnnlang.language.schema import TABLE
from bdnnlang.language.spec.row import Form
from bdnnlang.language.syntax.parser import terminals


def names(*forms: Form) -> tuple[str, ...]:
    """Every name that is one of these, each once."""
    return tuple(sorted({row.name for row in TABLE if row.form in forms}))


def one_of(words: Collection[str]) -> str:
    """A pattern for any of these words, whole."""
    return rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b"


_PATTERNS = terminals()
NAME, STRING, COMMENT = _PATTERNS["NAME"], _PATTERNS["STRING"], _PATTERNS["COMMENT"]
HELP = rf"#{COMMENT}"  # of a param
QUOTED = _PATTERNS["QUOTED"]  # a name of a solver's own
NUMBER = rf"{_PATTERNS['NUMBER']}|{_PATTERNS['QUANTITY']}"
IS_SET = r"(?=[ \t]*=(?![=>])|[ \t]+in\b)"  # behind the name of a setting
IS_CALLED = r"(?=\()"  # behind the name of a call, or of a kind of domain
HAS_ITEMS = r"(?=\[)"
BLOCKS = names("block")
STEPS = names("step", "requirement")
WORDS = (*names("word"), "binary", "ternary")
