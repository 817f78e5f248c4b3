"""Colours by Pygments: in notebooks, Sphinx pages and terminals, under the name `bdnn` and for `*.bdnn`."""

from __future__ import annotations

import re
from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

from bdnnlang.highlight import vocabulary as v

_BLANKS = r"([ \t]+)"


class BdnnLexer(RegexLexer):  # type: ignore[misc]  # (Pygments has no types)
    """Specs of bdnnlang. Whatever a text is, its tokens put together are the text."""

    name = "BDNN"
    url = "https://arxiv.org/abs/2110.11382"
    aliases: ClassVar[list[str]] = ["bdnn"]
    filenames: ClassVar[list[str]] = ["*.bdnn"]
    mimetypes: ClassVar[list[str]] = ["text/x-bdnn"]
    flags = re.MULTILINE

    tokens: ClassVar[dict[str, list[object]]] = {
        "plain": [
            (r"\s+", Whitespace),
            (v.HELP, String.Doc),
            (v.COMMENT, Comment.Single),
            (v.QUOTED, Name.Attribute),
            (v.STRING, String.Double),
            (v.NUMBER, Number),
            (r"[-+*/=<>!]+", Operator),
        ],
        "names": [
            (words(("true", "false"), prefix=r"\b", suffix=r"\b"), Keyword.Constant),
            (r"\b(?:in|per)\b", Operator.Word),
            (v.NAME + v.IS_SET, Name.Attribute),
            (v.NAME + v.IS_CALLED, Name.Function),
            (v.NAME + v.HAS_ITEMS, Keyword.Type),
        ],
        "words": [
            (words(v.WORDS, prefix=r"\b", suffix=r"\b"), Name.Constant),
            (v.NAME, Name.Variable),
        ],
        "root": [
            (rf"\b(param){_BLANKS}({v.NAME})", bygroups(Keyword, Whitespace, Name.Variable)),
            (rf"(=)([ \t]*)({v.one_of(v.WORDS)})(?!\()", bygroups(Operator, Whitespace, Name.Constant)),
            include("plain"),
            include("names"),
            (words(v.BLOCKS, prefix=r"\b", suffix=r"\b"), Keyword.Namespace),
            (words(v.STEPS, prefix=r"\b", suffix=r"\b"), Keyword),
            include("words"),
            (r"[\[(]", Punctuation, "items"),
            (r"[\])}{,]", Punctuation),
            (r".", Name.Other),  # what the language does not know
        ],
        "items": [
            include("plain"),
            include("names"),
            include("words"),
            (r"[\[(]", Punctuation, "#push"),
            (r"[\])]", Punctuation, "#pop"),
            (r"[}{,]", Punctuation),
            (r".", Name.Other),
        ],
    }

    def analyse_text(text: str) -> float:  # noqa: N805  (Pygments makes it a static method)
        """How likely a text is a spec: its first statement names the edition."""
        return 1.0 if re.search(r"\A\s*(#.*\s*)*bdnn[ \t]+[0-9]", text) else 0.0
