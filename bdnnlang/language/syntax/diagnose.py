"""From a token the parser cannot take to the words a user can."""

from __future__ import annotations

import difflib
from collections.abc import Set

from bdnnlang.diagnostics import Diagnostic, Fix
from bdnnlang.language.syntax.domain_slips import domain_slip
from bdnnlang.language.syntax.errors import (
    ForeignComment,
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
from bdnnlang.language.syntax.place import VALUES, Place, Slip
from bdnnlang.language.syntax.program_slips import control
from bdnnlang.language.syntax.slips import find_slip, foreign_operator, two_statements, unquoted, updating
from bdnnlang.language.syntax.tokens import CLOSER, CLOSERS, END, NEWLINE, OPERATORS, Layout, Token
from bdnnlang.source import Span

_DECLARING = frozenset({"let", "var", "const", "def", "set", "define", "parameter", "arg"})
RESERVED = frozenset({"PARAM", "IN", "TRUE", "FALSE"})
_WORDS = {
    "AT_LEAST": "`>=`",
    "AT_MOST": "`<=`",
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
_PARTNER = {"RBRACE": "}", "RSQB": "]", "RPAR": ")", "LBRACE": "{", "LSQB": "[", "LPAR": "("}


def diagnose(token: Token, layout: Layout, accepts: Set[str]) -> Diagnostic:
    """What is wrong with `token`, given what came before it and what would have been accepted."""
    at = Place(token, layout, accepts)
    return (
        control(at, expectation(accepts), _found(token))
        or domain_slip(token, layout)
        or unquoted(at)
        or updating(at)
        or _bad_token(at)
        or _unclosed(token, layout)
        or _misused_word(at)
        or two_statements(at)
        or _unexpected(at)
    )


def _unexpected(at: Place) -> Unexpected:
    slip = find_slip(at) or Slip(_advice(at))
    return Unexpected(
        span=_visible(at.token, at.layout),
        expected=expectation(at.accepts),
        found=_found(at.token),
        advice=slip.advice,
        fix=slip.fix,
        is_block=slip.is_block,
    )


def expectation(accepts: Set[str]) -> str:
    """At most four things, in words: not which tokens fit, but what a person would write."""
    left, words = set(accepts), []
    if "PARAM" in left:
        words.append("a statement")
        left -= VALUES | {"PARAM", NEWLINE}
    elif left >= VALUES:
        words.append("a value")
        left -= VALUES | {"LPAR"}
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


def _bad_token(at: Place) -> Diagnostic | None:
    """Tokens that exist only to be refused."""
    span, text = at.token.span, at.token.text
    match at.token.type:
        case "BAD_STRING":
            return UnterminatedString(span=span)
        case "BAD_QUOTE":
            return _other_quotes(text, span)
        case "BAD_COMMENT":
            return ForeignComment(span=span, mark=text[:2], fix=Fix(Span(span.source, span.start, span.start + 2), "#"))
        case "BAD_NUMBER":
            return malformed_number(text, span)
        case "BAD_OPERATOR" | "AT_MOST" | "AT_LEAST":
            return foreign_operator(at)
        case "BAD_WORD":
            return UnexpectedCharacter.within(text, span)
        case "BAD_CHAR" if find_slip(at) is None:
            return UnexpectedCharacter.at(text, span)
    return None


def _other_quotes(text: str, span: Span) -> SingleQuotes:
    inner = text.strip("'“”„«»‘’")
    fix = None if '"' in inner else Fix(span, f'"{inner}"', is_said=True)
    return SingleQuotes(span=span, text=_short(inner), marks="single" if text[0] == "'" else "typographic", fix=fix)


def malformed_number(text: str, span: Span) -> MalformedNumber:
    """Says how the number should look, if that can be guessed."""
    mended = text if len(text) < 40 else ""
    mended = "0" + mended if mended.startswith(".") else mended + "0" if mended.endswith(".") else ""
    return MalformedNumber(
        span=span,
        text=_short(text),
        problem="digits are needed on both sides of the point" if mended else "not a number",
        advice="numbers look like `8`, `1_000`, `-3.5` or `1e-4`",
        fix=Fix(span, mended, is_said=True) if mended else None,
    )


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


def _misused_word(at: Place) -> Diagnostic | None:
    """Brackets without partner, reserved words as names, `parm width = 8`."""
    token, before = at.token, at.before
    if token.type in CLOSERS and not any(CLOSER[b.token.type] == token.type for b in at.layout.open):
        return Unmatched(span=token.span, bracket=token.text)
    if token.type in RESERVED and "NAME" in at.accepts and token.type not in at.accepts:
        return _reserved(token, is_value="STRING" in at.accepts and at.next != "EQUAL")
    if token.type in ("EQUAL", "IN") and before and before[-1].type in RESERVED:
        return _reserved(before[-1], is_value=False)
    if token.type == "EQUAL" and len(before) == 2 and not at.layout.inner and _means_param(before[0].text):
        return MisspeltKeyword(span=before[0].span, word=before[0].text, suggestion="param")
    return None


def _reserved(token: Token, *, is_value: bool) -> ReservedWord:
    """A column or class of that name can be quoted."""
    fix = Fix(token.span, f'"{token.text}"', is_said=True) if is_value else None
    return ReservedWord(span=token.span, word=token.text, advice=f"choose another name, for example `{token.text}_`", fix=fix)


def _means_param(word: str) -> bool:
    return word in _DECLARING or bool(difflib.get_close_matches(word, ["param"], 1, 0.6))


def _advice(at: Place) -> str:
    """What would fit."""
    accepts, token = at.accepts, at.token
    if token.type in OPERATORS and "EQUAL" not in accepts and "LBRACE" in accepts:
        return "steps take no arithmetic: give the number, or the name of a `param`"
    if at.last == "MINUS" and token.type == "NAME":
        return "names use `_`, not `-`"
    if END in accepts and "PARAM" not in accepts:
        return "give one value; a list is written `[a, b]`"
    if accepts == {"EQUAL"}:
        return "write `=` and a value here"
    if "PARAM" in accepts:
        return "a statement begins with a name"
    if {"EQUAL", "IN"} <= accepts and token.type == NEWLINE:
        return "write `=` and a value, or `in` and a domain"
    if NEWLINE in accepts:
        return "end the line here, or start a new one"
    return f"write {expectation(accepts)} here"
