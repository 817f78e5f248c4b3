"""What people write who come from other languages, each slip with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable

from bdnnlang.diagnostics import Fix
from bdnnlang.language.syntax.errors import ForeignOperator, TwoStatements, Unquoted
from bdnnlang.language.syntax.place import VALUES, Place, Slip
from bdnnlang.language.syntax.program_slips import dotted, pairs, tag, tuple_of
from bdnnlang.language.syntax.tokens import CLOSER, END, NEWLINE, OPERATORS, REQUIRE, SIDES, Token
from bdnnlang.source import Span

_UNQUOTED = re.compile(r"[^\s,;=(){}\[\]\"'#]+")
_UNIT = re.compile(r"[A-Za-z]{1,3}|%")
_ASSIGNING = frozenset({":", ":=", "==", "=>", "->", "<-"})


# ---- slips that have codes of their own


def two_statements(at: Place) -> TwoStatements | None:
    """`seed = 3 exact 1min`, `scale none test = 25%`, `} train {`."""
    before, name = at.before, at.token
    if at.layout.inner or not before:
        return None
    if at.token.type in ("EQUAL", "IN") and len(before) > 2 and at.last == "NAME" and at.layout.blocks:
        name = before[-1]
        behind = before[-2]
    elif at.token.type in ("NAME", "PARAM") and NEWLINE in at.accepts and not _is_unit(at) and not _is_factor(at):
        behind = before[-1]
    else:
        return None
    if at.layout.blocks:
        advice, fix = f"put a comma before `{name.text}`", at.behind(behind, ",")
    else:
        gap = Span(name.span.source, behind.span.stop, name.span.start)
        advice, fix = f"start a new line before `{name.text}`", Fix(gap, "\n")
    return TwoStatements(span=name.span, name=name.text, advice=advice, fix=fix)


def unquoted(at: Place) -> Unquoted | None:
    """`use common.bdnn`, `csv(iris.csv)`, `["a.b", c/d]`."""
    source, start = at.token.span.source, at.token.span.start
    is_part = at.token.type in ("BAD_CHAR", "BAD_NUMBER") or (at.token.type in OPERATORS and at.token.type not in at.accepts)
    if not is_part or not at.before:
        return None
    begin = source.line_starts[at.token.line - 1]
    line = source.line(at.token.line)
    found = next((m for m in _UNQUOTED.finditer(line) if m.start() <= start - begin < m.end()), None)
    if found is None or begin + found.start() < at.before[0].span.stop:
        return None
    text = found.group()
    if not re.search(r"[./\\]", text) or re.fullmatch(r"[\d.eE_+-]*|.*\$.*", text) or at.last == "IN":
        return None
    span = Span(source, begin + found.start(), begin + found.end())
    quoted = '"' + text.replace("\\", "\\\\") + '"'
    key = at.before[0].text if not at.layout.path and not at.layout.inner else ""
    return Unquoted(span=span, text=text[:60], key=key, fix=Fix(span, quoted, is_said=True))


def foreign_operator(at: Place) -> ForeignOperator:
    """`seed: 3`, `a == b`, `hidden 2; hidden 3`."""
    rest = _rest(at)
    key = at.before[0].text if len(at.before) == 1 else ""
    slip = _separator(at) if at.token.text == ";" else _assignment(at, key, rest)
    path = at.layout.path
    return ForeignOperator(
        span=at.token.span,
        operator=at.token.text,
        advice=slip.advice,
        fix=slip.fix,
        path=path,
        key=key,
        rest=rest,
        is_block=slip.is_block,
    )


def updating(at: Place) -> ForeignOperator | None:
    """`seed += 1`."""
    if at.token.type not in OPERATORS or at.next != "EQUAL" or len(at.before) != 1 or at.layout.inner:
        return None
    span, key, rest = at.span(at.token, at.layout.peek()), at.before[0], _rest(at).removeprefix("=").strip()
    fix = Fix(Span(span.source, key.span.stop, span.stop), " =")
    advice = f"write `{key.text} = {rest}`" if rest else "write `=` to set a value"
    path = at.layout.path
    return ForeignOperator(span=span, operator=span.text, advice=advice, fix=fix, path=path, key=key.text, rest=rest)


def _separator(at: Place) -> Slip:
    if at.layout.inner:
        return Slip("write `,` in its place", Fix(at.token.span, ","))
    if at.next in (NEWLINE, END, "RBRACE"):
        return Slip("leave it out: a statement ends with its line", Fix(at.token.span, ""))
    if at.layout.blocks:
        return Slip("write `,` in its place, or start a new line", Fix(at.token.span, ","))
    return Slip("leave it out, and start a new line", Fix(at.token.span, "\n"))


def _assignment(at: Place, key: str, rest: str) -> Slip:
    if at.layout.path == REQUIRE:
        return _comparison(at)
    if at.token.text not in _ASSIGNING:
        return Slip("the range of a setting is a domain: `key in [lower, upper]`")
    if at.next == "LBRACE":
        return Slip(f"leave it out: a block is written `{key or 'name'} {{ … }}`", Fix(at.token.span, ""))
    if at.next in (NEWLINE, END) and key:
        return Slip(f"a block is written `{key} {{ … }}`", is_block=True)
    fix = Fix(at.token.span, "=" if at.token.span.source.text[at.token.span.start - 1 : at.token.span.start] == " " else " =")
    return Slip(f"write `{key} = {rest}`" if key and rest else "write `=` to set a value, `in` to give a domain", fix)


def _comparison(at: Place) -> Slip:
    """`accuracy == 90%`, `accuracy > 90%`."""
    side = {"=>": ">=", ">": ">=", "≥": ">=", "<": "<=", "≤": "<="}.get(at.token.text)
    if side is None:
        return Slip("a requirement is one comparison: `accuracy >= 90%`, `features <= 5`")
    return Slip(f"write `{side}`", Fix(at.token.span, side))


def _strict(at: Place) -> Slip | None:
    """`accuracy > 90%`."""
    is_strict = at.layout.path == REQUIRE and at.token.text in ("<", ">", "≤", "≥") and not at.layout.inner
    return _comparison(at) if is_strict and at.before else None


def _rest(at: Place) -> str:
    """What follows in the statement, if it is short and plain."""
    tokens: list[Token] = []
    depth = 0
    for token in at.layout.rest():
        depth += (token.type in CLOSER) - (token.type in CLOSER.values())
        if depth < 0 or (not depth and token.type == "COMMA") or token.type in ("LBRACE", "BAD_CHAR", "BAD_OPERATOR", *SIDES):
            break
        tokens.append(token)
    text = at.span(tokens[0], tokens[-1]).text if tokens else ""
    return text if len(text) <= 40 else ""


# ---- slips of other kinds


def find_slip(at: Place) -> Slip | None:
    """The first that fits."""
    return next((slip for find in _SLIPS if (slip := find(at))), None)


def _is_unit(at: Place) -> bool:
    """`60 s`, `25 %`: nothing but a unit follows the number."""
    return (
        at.last in ("NUMBER", "QUANTITY")
        and bool(_UNIT.fullmatch(at.token.text))
        and at.next in (NEWLINE, END, "COMMA", "RBRACE", "LBRACE")
    )


def _is_factor(at: Place) -> bool:
    """`zero_one + 0.1 l1`."""
    return at.last == "NUMBER" and any(token.type == "PLUS" for token in at.before)


def _unit(at: Place) -> Slip | None:
    if not _is_unit(at):
        return None
    number = at.before[-1]
    joined = number.text + at.token.text
    return Slip(f"write `{joined}`, without a blank", Fix(at.span(number, at.token), joined))


def _factor(at: Place) -> Slip | None:
    return Slip(f"write `{at.before[-1].text} * {at.token.text}`", at.insert("* ")) if _is_factor(at) else None


def _call_of_step(at: Place) -> Slip | None:
    """`hidden(4)`, `network ( … )`."""
    if at.token.type != "LPAR" or len(at.before) != 1:
        return None
    name, rest = at.before[0], at.layout.rest()
    if not rest or rest[-1].type not in ("RPAR", "COMMA", "RBRACE") or all(t.type != "RPAR" for t in rest):
        return Slip(f"steps are not calls: write `{name.text} value`")
    inner = rest[: next(i for i, t in enumerate(rest) if t.type == "RPAR")]
    text = at.span(inner[0], inner[-1]).text if inner else ""
    whole = at.span(at.token, rest[len(inner)])
    if len(inner) <= 1:
        shown = f"{name.text} {text}".strip()
        blank = at.token.span.source.text[name.span.stop : at.token.span.start]
        return Slip(f"steps are not calls: write `{shown}`", Fix(whole, text if blank else f" {text}".rstrip()))
    if {token.type for token in inner} <= {"NUMBER", "QUANTITY", "STRING", "COMMA"}:
        each = ", ".join(f"{name.text} {token.text}" for token in inner if token.type != "COMMA")
        return Slip(f"each step begins with its name: `{each}`; a list stands in brackets: `{name.text} [{text}]`")
    return Slip(f"a block stands in braces: `{name.text} {{ … }}`", Fix(whole, f"{{ {text} }}"))


def _brace_after_equals(at: Place) -> Slip | None:
    """`network = { … }`, `weights = {-1, 0, 1}`, `classes = {"a", "b"}`."""
    if at.token.type != "LBRACE" or at.last != "EQUAL" or len(at.before) != 2:
        return None if at.token.type != "LBRACE" or not any(t.type == "EQUAL" for t in at.before) else _FACT_WITH_BLOCK
    key, equals = at.before
    rest = at.layout.rest()
    kinds = [token.type for token in rest]
    if kinds[:1] and kinds[0] in ("NUMBER", "MINUS") and "RBRACE" in kinds:
        text = at.span(at.token, rest[kinds.index("RBRACE")]).text
        return Slip(f"a set stands after `in`: write `{key.text} in {text}`", Fix(equals.span, "in"))
    if "RBRACE" in kinds and set(kinds[: kinds.index("RBRACE")]) <= VALUES | {"COMMA"} and "COMMA" in kinds:
        listed = rest[: kinds.index("RBRACE")]
        text = at.span(listed[0], listed[-1]).text
        return Slip(f"a list is written `[{text}]`", Fix(at.span(at.token, rest[len(listed)]), f"[{text}]"))
    if found := pairs(at, key.text, rest):
        return found
    return Slip(
        f"a block has no `=`: write `{key.text} {{ … }}`", Fix(Span(key.span.source, key.span.stop, at.token.span.start), " ")
    )


_FACT_WITH_BLOCK = Slip("a setting has no block: leave out the `=`, or end the line before `{`")


def _brace_alone(at: Place) -> Slip | None:
    """`{` on a line of its own, or where a file of JSON begins."""
    if at.token.type != "LBRACE" or at.before:
        return None
    named = [token for token in at.layout.history[-6:-1] if token.type != NEWLINE]
    if not named:
        is_json = at.layout.peek(int(at.next == NEWLINE)).type == "STRING"
        quotes = ", and the quotes around names" if is_json else ""
        blocks = "a spec is a list of blocks: `data iris`, `network { hidden 2 }`, `train { exact 1min }`"
        return Slip(f"leave out the outer braces{quotes}: {blocks}")
    gap = Span(at.token.span.source, named[-1].span.stop, at.token.span.start)
    return Slip("put `{` on the line of the block's name", Fix(gap, " ") if not gap.text.strip() else None)


def _settings_without_braces(at: Place) -> Slip | None:
    """`data iris test = 25%` at the top level."""
    if at.token.type not in ("EQUAL", "IN") or at.layout.path or at.layout.inner or len(at.before) < 3 or at.last != "NAME":
        return None
    name, rest = at.before[-1], at.layout.rest()
    shown = f"`{' '.join(t.text for t in at.before[:-1])[:40]} {{ {name.text} {at.token.text} … }}`"
    whole = at.span(name, rest[-1]) if rest and all(t.type not in ("LBRACE", "RBRACE") for t in rest) else None
    return Slip(f"settings stand in braces: {shown}", Fix(whole, f"{{ {whole.text} }}") if whole else None)


def _another_item(at: Place) -> Slip | None:
    """`hidden 4, 4`, `classes = "a", "b"`, `sample 1,250`: a value where a statement begins."""
    previous = [token for token in at.layout.statement if token.text]
    if at.token.type not in VALUES - {"NAME"} or len(previous) < 3 or previous[-1].type != "COMMA":
        return None
    *_, value, comma = previous
    adjacent = value.span.stop == comma.span.start and comma.span.stop == at.token.span.start
    if value.type == at.token.type == "NUMBER" and adjacent and re.fullmatch(r"\d{3}", at.token.text):
        joined = value.text + at.token.text
        return Slip(f"write `{joined}`: numbers have no commas", Fix(at.span(value, at.token), joined))
    if previous[1].type == "EQUAL" and len(previous) == 4:
        last = _last_of_list(at)
        items = at.span(value, last)
        return Slip(f"a list stands in brackets: write `{previous[0].text} = [{items.text}]`", Fix(items, f"[{items.text}]"))
    if len(previous) == 3:
        name = previous[0].text
        return Slip(f"each step begins with its name: write `{name} {value.text}, {name} {at.token.text}`", at.insert(f"{name} "))
    return None


def _last_of_list(at: Place) -> Token:
    """Where `, value, value` ends."""
    last, rest = at.token, at.layout.rest()
    for comma, value in zip(rest[::2], rest[1::2], strict=False):
        if comma.type != "COMMA" or value.type not in VALUES - {"NAME", "LSQB"}:
            break
        last = value
    return last


def _quoted_name(at: Place) -> Slip | None:
    """`"data": "iris"`."""
    bare = at.token.text.strip('"')
    if at.token.type != "STRING" or at.before or not re.fullmatch(r"[A-Za-z_]\w*", bare, re.ASCII):
        return None
    return Slip(f"names stand without quotes: `{bare}`", Fix(at.token.span, bare))


def _comment(at: Place) -> Slip | None:
    """`-- …`, `% …`, three quotes."""
    text = at.token.span.source.text[at.token.span.start :]
    mark = next((mark for mark in ("--", "%", '"""', "'''", "<!--") if text.startswith(mark)), None)
    return Slip("a comment starts with `#`") if mark and not at.before else None


def _section(at: Place) -> Slip | None:
    """`[network]`."""
    if at.token.type != "LSQB" or at.before:
        return None
    name = at.layout.peek().text if at.next == "NAME" else "name"
    return Slip(f"a block is written `{name} {{ … }}`")


def _missing_comma(at: Place) -> Slip | None:
    """`[1 2]`, `csv("a" delimiter=";")`."""
    if not at.layout.inner or "COMMA" not in at.accepts or at.token.type not in VALUES or not at.before:
        return None
    last = at.before[-1]
    if not at.layout.path and at.before[1].type == "LSQB":
        return Slip(f"a block stands in braces: `{at.before[0].text} {{ … }}`")
    if last.type == at.token.type == "NAME":
        both = at.span(last, at.token).text
        return Slip(f'write `"{both}"` if that is one name; else put a comma before `{at.token.text}`')
    return Slip(f"put a comma before `{at.token.text[:40]}`", at.behind(last, ","))


def _missing_equals(at: Place) -> Slip | None:
    """`param width 2`, `param hidden width = 2`."""
    if at.accepts == {"EQUAL"} and at.token.type == "NAME" and at.next == "EQUAL" and at.last == "NAME":
        joined = f"{at.before[-1].text}_{at.token.text}"
        return Slip(f"a name is one word: `{joined}`", Fix(at.span(at.before[-1], at.token), joined))
    is_value = at.accepts == {"EQUAL"} and at.token.type in VALUES and at.before
    return Slip(f"write `=` before `{at.token.text[:40]}`", at.insert("= ")) if is_value else None


_SLIPS: tuple[Callable[[Place], Slip | None], ...] = (
    _strict,
    _unit,
    _factor,
    _call_of_step,
    _brace_after_equals,
    _brace_alone,
    _settings_without_braces,
    _another_item,
    _comment,
    tag,
    dotted,
    tuple_of,
    _quoted_name,
    _section,
    _missing_comma,
    _missing_equals,
)
