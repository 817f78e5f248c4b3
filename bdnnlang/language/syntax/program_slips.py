"""Slips of people who think of a program, of JSON or of HTML."""

from __future__ import annotations

from bdnnlang.diagnostics import Fix
from bdnnlang.language.syntax.errors import Unexpected
from bdnnlang.language.syntax.place import VALUES, Place, Slip
from bdnnlang.language.syntax.tokens import Token

_CONDITION = "a spec has no conditions: declare `param width = 2`, and give it another value with `-D width=4`"
_LOOP = "a spec has no loops: `sweep { width in {2, 4} }` runs it at each value of a `param`"
_FUNCTION = "a spec has no functions: a value with a name is a `param width = 2` at the top level"
CONTROL = {
    **dict.fromkeys(("if", "elif", "else"), _CONDITION),
    **dict.fromkeys(("for", "while"), _LOOP),
    **dict.fromkeys(("def", "fn", "func", "function", "lambda", "return"), _FUNCTION),
}


def control(at: Place, expected: str, found: str) -> Unexpected | None:
    """`def f():`, `if x:`, `for i in range(3):`."""
    advice = CONTROL.get(at.before[0].text) if at.before else None
    if advice is None or at.before[-1].text in ("=", "in"):
        return None
    return Unexpected(span=at.token.span, expected=expected, found=found, advice=advice, is_block=True)


def tag(at: Place) -> Slip | None:
    """`<train>`, `</train>`."""
    rest = at.layout.rest()
    is_end = bool(rest) and rest[0].type == "SLASH"
    name, *others = rest[is_end:] or [at.token]
    if at.token.text != "<" or at.before or name.type != "NAME":
        return None
    is_whole = len(others) == 1 and others[0].text == ">"
    text, advice = ("}", "a block ends with `}`") if is_end else (f"{name.text} {{", f"a block is written `{name.text} {{ … }}`")
    return Slip(advice, Fix(at.span(at.token, others[0]), text) if is_whole else None, is_block=True)


def dotted(at: Place) -> Slip | None:
    """`train.seed = 3`."""
    rest = at.layout.rest()
    equals = next((i for i, token in enumerate(rest) if token.type == "EQUAL"), 0)
    if at.token.text != "." or len(at.before) != 1 or not 0 < equals < len(rest) - 1:
        return None
    *blocks, name = at.span(at.before[0], rest[equals - 1]).text.split(".")
    shown = f"{name} = {at.span(rest[equals + 1], rest[-1]).text}"
    if len(shown) > 60 or not all(part.isidentifier() for part in (*blocks, name)):
        return None
    for block in reversed(blocks):
        shown = f"{block} {{ {shown} }}"
    return Slip(f"a setting stands in its block: `{shown}`")


def tuple_of(at: Place) -> Slip | None:
    """`classes = (1, 2)`."""
    inner, rest = at.layout.inner, at.layout.rest()
    end = next((i for i, token in enumerate(rest) if token.type == "RPAR"), None)
    if inner is None or at.token.type != "COMMA" or at.accepts & {"COMMA"} or "RPAR" not in at.accepts or end is None:
        return None
    if not {token.type for token in rest[:end]} <= VALUES | {"COMMA", "MINUS"}:
        return None
    opener, closer = inner.token, rest[end]
    items = opener.span.source.text[opener.span.stop : closer.span.start].strip().rstrip(",").rstrip()
    return Slip(f"a list stands in brackets: write `[{items[:60]}]`", Fix(at.span(opener, closer), f"[{items}]"))


def pairs(at: Place, key: str, rest: list[Token]) -> Slip | None:
    """`classes = {a: 1}`, behind its `{`."""
    if not at.layout.blocks or len(rest) < 3 or rest[0].type not in VALUES or rest[1].text != ":":
        return None
    name, value = rest[0].text.strip('"'), rest[2].text
    return Slip(f"pairs are no value: a list is written `{key} = [1, 2]`, a block `{key} {{ {name} = {value} }}`")
