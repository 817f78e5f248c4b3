"""From a token the parser cannot take to the words a user can."""

from __future__ import annotations

import difflib
from collections.abc import Set
from itertools import islice

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.source import Span
from bdnnlang.syntax.errors import (
    ForeignComment,
    ForeignOperator,
    MalformedNumber,
    MisspeltKeyword,
    ReservedWord,
    SingleQuotes,
    Unclosed,
    Unexpected,
    UnexpectedCharacter,
    Unmatched,
    UnterminatedString,
)
from bdnnlang.syntax.tokens import CLOSER, CLOSERS, END, NEWLINE, OPERATORS, Layout, Token

RESERVED = frozenset({"PARAM", "IN", "TRUE", "FALSE"})
_WORDS = {
    "EQUAL": "`=`",
    "IN": "`in`",
    "COMMA": "`,`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "LSQB": "`[`",
    "LPAR": "`(`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "NAME": "a name",
    "NUMBER": "a number",
    NEWLINE: "the end of the line",
    END: "the end of the file",
}
_VALUES = frozenset({"NAME", "NUMBER", "QUANTITY", "STRING", "TRUE", "FALSE", "LSQB"})
_PARTNER = {"RBRACE": "}", "RSQB": "]", "RPAR": ")", "LBRACE": "{", "LSQB": "[", "LPAR": "("}


def diagnose(token: Token, layout: Layout, accepts: Set[str]) -> Diagnostic:
    """What is wrong with `token`, given what came before it and what would have been accepted."""
    return (
        _bad_token(token)
        or _unclosed(token, layout)
        or _misused_word(token, layout, accepts)
        or Unexpected(
            span=_visible(token, layout),
            expected=expectation(accepts),
            found=_found(token),
            advice=_advice(token, layout, accepts),
        )
    )


def expectation(accepts: Set[str]) -> str:
    """At most four things, in words: not which tokens fit, but what a person would write."""
    left, words = set(accepts), []
    if "PARAM" in left:
        words.append("a statement")
        left -= _VALUES | {"PARAM", NEWLINE}
    elif left >= _VALUES:
        words.append("a value")
        left -= _VALUES | {"LPAR"}
    elif "LSQB" in left and "NAME" in left and "NUMBER" not in left:
        return "a domain such as `[-1, 1]`"
    elif END in left:
        return "nothing more"  # behind a value on the command line
    left -= OPERATORS - {"EQUAL"}  # after a whole value, going on with arithmetic is possible but never the news
    left -= {"COMMA"} if NEWLINE in left else set()
    words += [word for terminal, word in _WORDS.items() if terminal in left]
    return _either(words[:4])


def _either(words: list[str]) -> str:
    if len(words) < 2:
        return words[0] if words else "nothing more"
    return ", ".join(words[:-1]) + " or " + words[-1]


def _found(token: Token) -> str:
    if token.type in (NEWLINE, END):
        return _WORDS[token.type]
    return f"`{_short(token.text)}`"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "…"


def _visible(token: Token, layout: Layout) -> Span:
    """The end of a line has no width: point just behind what stands before it."""
    if token.type not in (NEWLINE, END):
        return token.span
    before = next((t for t in reversed(layout.history) if t.type not in (NEWLINE, END)), None)
    stop = before.span.stop if before else 0
    return Span(token.span.source, stop, stop)


def _bad_token(token: Token) -> Diagnostic | None:
    """Tokens that exist only to be refused."""
    span, text = token.span, token.text
    match token.type:
        case "BAD_STRING":
            return UnterminatedString(span=span)
        case "BAD_QUOTE":
            return SingleQuotes(span=span, text=_short(text.strip("'")))
        case "BAD_COMMENT":
            return ForeignComment(span=span, mark=text[:2])
        case "BAD_NUMBER":
            return malformed_number(text, span)
        case "BAD_OPERATOR":
            return ForeignOperator(span=span, operator=text, advice=_instead_of(text))
        case "BAD_WORD":
            return UnexpectedCharacter.within(text, span)
        case "BAD_CHAR":
            return UnexpectedCharacter.at(text, span)
    return None


def malformed_number(text: str, span: Span) -> MalformedNumber:
    """Says how the number should look, if that can be guessed."""
    mended = text if len(text) < 40 else ""
    mended = "0" + mended if mended.startswith(".") else mended + "0" if mended.endswith(".") else ""
    return MalformedNumber(
        span=span,
        text=_short(text),
        problem="digits are needed on both sides of the point" if mended else "not a number",
        advice=f"write `{mended}`" if mended else "numbers look like `8`, `1_000`, `-3.5` or `1e-4`",
    )


def _instead_of(operator: str) -> str:
    if operator == ";":
        return "leave it out: a statement ends with its line"
    if operator in ("<=", ">=", "!="):
        return "the range of a setting is a domain: `key in [lower, upper]`"
    return "write `=` to set a value, `in` to give a domain"


def _unclosed(token: Token, layout: Layout) -> Diagnostic | None:
    """A block that is open at the end, or an inner bracket that is open where the statement must have ended."""
    opener = layout.inner
    if opener is None and token.type == END and layout.blocks:
        return Unclosed(span=layout.blocks[-1].token.span, bracket="{", closer="}", is_block=True)
    if opener is None:
        return None
    after = layout.peek() if token.type == NEWLINE else token
    at_end = token.type in (NEWLINE, END) or (token.type == "RBRACE" and opener.token.type != "LBRACE")
    if not at_end:
        return None
    second = None if after.type in (NEWLINE, END) else after.span
    bracket, closer = opener.token.text, _PARTNER[CLOSER[opener.token.type]]
    return Unclosed(span=opener.token.span, second=second, bracket=bracket, closer=closer)


def _misused_word(token: Token, layout: Layout, accepts: Set[str]) -> Diagnostic | None:
    """Brackets without partner, reserved words as names, `parm width = 8`."""
    if token.type in CLOSERS and not any(CLOSER[b.token.type] == token.type for b in layout.open):
        return Unmatched(span=token.span, bracket=token.text)
    before = _before(layout)
    if token.type in RESERVED and "NAME" in accepts and token.type not in accepts:
        return ReservedWord(span=token.span, word=token.text)
    if token.type in ("EQUAL", "IN") and before and before[-1].type in RESERVED:
        return ReservedWord(span=before[-1].span, word=before[-1].text)
    if token.type == "EQUAL" and len(before) == 2 and difflib.get_close_matches(before[0].text, ["param"], 1, 0.6):
        return MisspeltKeyword(span=before[0].span, word=before[0].text, suggestion="param")
    return None


def _before(layout: Layout) -> list[Token]:
    """The tokens of this statement before the last one handed out."""
    tokens: list[Token] = []
    for token in islice(reversed(layout.history), 1, None):
        if token.type in (NEWLINE, "LBRACE", "RBRACE", "COMMA") or len(tokens) == 8:
            break
        tokens.append(token)
    return tokens[::-1]


def _advice(token: Token, layout: Layout, accepts: Set[str]) -> str:
    """What to do about it: the commonest slips by name, else what would fit."""
    before = _before(layout)
    last = before[-1].type if before else ""
    if token.type == "LPAR" and last == "NAME":
        return f"steps are not calls: write `{before[-1].text} 8`, not `{before[-1].text}(8)`"
    if token.type == "LBRACE" and last == "EQUAL":
        return "a block has no `=`, a set stands after `in`, and a list is written `[a, b]`"
    if token.type == "LBRACE" and any(t.type == "EQUAL" for t in before):
        return "a fact has no block: leave out the `=`, or end the line before `{`"
    if token.type == "LBRACE":
        return "put `{` on the line of the block's name"
    if token.type in OPERATORS and "EQUAL" not in accepts and "LBRACE" in accepts:
        return "steps take no arithmetic: give the number, or the name of a `param`"
    if last == "MINUS" and token.type == "NAME":
        return "names use `_`, not `-`"
    if END in accepts and "PARAM" not in accepts:
        return "give one value; a list is written `[a, b]`"
    if accepts == {"EQUAL"}:
        return "write `=` and a value here"
    if "PARAM" in accepts and token.type in _VALUES:
        return "a statement begins with a name"
    if {"EQUAL", "IN"} <= accepts and token.type == NEWLINE:
        return "write `=` and a value, or `in` and a domain"
    if NEWLINE in accepts:
        return "end the line here, or start a new one"
    return f"write {expectation(accepts)} here"
