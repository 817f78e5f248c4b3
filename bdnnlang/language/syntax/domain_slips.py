"""Sets and intervals as other languages and mathematics write them."""

from __future__ import annotations

import re
from itertools import pairwise

from bdnnlang.diagnostics import Fix
from bdnnlang.language.syntax.errors import NotADomain
from bdnnlang.language.syntax.tokens import Layout, Token
from bdnnlang.source import Span

_NUMBER = r"[-−–]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_ITEM = rf"(?:{_NUMBER}|[A-Za-z_]\w*)"
_BETWEEN = r"(?:\s*(?:\.\.\.?|…|[,;:])\s*|\s+to\s+|\s+)"
_BRACKETED = re.compile(rf"(int\s*)?([\[({{\]])\s*({_ITEM}(?:{_BETWEEN}{_ITEM})*)\s*,?\s*[\])}}\[]")
_BARE = re.compile(rf"()()({_NUMBER}(?:{_BETWEEN}{_NUMBER})*)(?![\w.])")
_SPLIT = re.compile(_BETWEEN)
_SEEN = {"BAD_CHAR": ".…", "BAD_WORD": ""}  # the others of these have errors of their own


def domain_slip(token: Token, layout: Layout) -> NotADomain | None:
    """What stands after `in`, if it means a domain and is none."""
    if token.type in _SEEN and token.text not in _SEEN[token.type]:
        return None
    after = [after for at, after in pairwise([*layout.statement, token]) if at.type == "IN"]
    if not after or layout.statement[0].type == "IN":
        return None
    source, start = token.span.source, after[0].span.start
    line = source.text[start:].partition("\n")[0]
    found = _BRACKETED.match(line) or _BARE.match(line)
    mended = _mended(found) if found else None
    if found is None or mended is None or _bare(mended) == _bare(found.group()):
        return None  # nothing is wrong with it: what follows it is
    span = Span(source, start, start + found.end())
    return NotADomain(span=span, text=found.group()[:60], fix=Fix(span, mended, is_said=True))


def _bare(domain: str) -> str:
    """Without blanks, and without the comma that may stand behind the last number."""
    return re.sub(r"\s|,(?=\s*[\])}])", "", domain)


def _mended(found: re.Match[str]) -> str | None:
    """None: it is not clear which domain it stands for."""
    kind, opener, text = found.groups()
    items = [item.replace("−", "-").replace("–", "-") for item in _SPLIT.split(text)]
    is_run = any(mark in text for mark in ("..", "…", " to "))
    if len(items) == 2 and (opener != "{" or is_run):
        numbers = [float(item) for item in items if re.fullmatch(_NUMBER, item)]
        whole = kind or (opener == "{" and all(number.is_integer() for number in numbers))
        return f"{'int' if whole else ''}[{items[0]}, {items[1]}]" if numbers == sorted(numbers) else None
    return None if is_run else f"{{{', '.join(items)}}}"
