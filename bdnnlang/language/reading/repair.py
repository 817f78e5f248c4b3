"""A statement that was meant, from one that is wrong: other spellings of it are tried until one is right.

Nothing is proposed that has not been read without an error, so that no hint leads on to another mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from bdnnlang.language.reading.values import MEANT_UNITS, Scope
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax import nodes

MAX_LENGTH = 80  # of a statement that is tried
_TRUTH = {**dict.fromkeys(("true", "yes", "on", "1"), "true"), **dict.fromkeys(("false", "no", "off", "0"), "false")}
_BARE = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_LIST = re.compile(r"[\[({](.*)[\])}]", re.DOTALL)


class Trial(Protocol):
    """Reads statements of a block on trial; True if nothing was wrong."""

    def __call__(self, path: str, text: str, scope: Scope) -> bool: ...


def repaired(row: Row, value: str, scope: Scope, reads: Trial) -> str | None:
    """The first right statement of `row` that has this value in one spelling or another."""
    if scope.is_trial or not value or len(value) > MAX_LENGTH or "\n" in value:
        return None
    for spelling in dict.fromkeys(_spellings(value)):
        for statements in _statements(row, spelling):
            if reads(row.parent, "\n".join(statements), scope):
                return ", ".join(statements)
    return None


def _statements(row: Row, value: str) -> Iterator[list[str]]:
    """The value in the form of the row; a step with a list is a step for each item."""
    if row.form == "fact":
        yield [f"{row.name} = {value}"]
    elif row.form == "domain":
        yield [f"{row.name} in {value}"]
    else:
        yield [f"{row.name} {value}"]
        found = _LIST.fullmatch(value)
        if found and found[1].strip():
            yield [f"{row.name} {item.strip()}" for item in found[1].split(",") if item.strip()]


def _spellings(value: str) -> Iterator[str]:
    """The value as it is, then with other units, quotes and brackets."""
    yield value
    yield re.sub(r"(\d)\s+([A-Za-z%])", r"\1\2", value)
    yield re.sub(r"(\d)\s*([A-Za-z]+)$", lambda m: m[1] + MEANT_UNITS.get(m[2], m[2]), value)
    if value.lower() in _TRUTH:
        yield _TRUTH[value.lower()]
    yield value.lower()
    if value[:1].isalpha():
        yield value.replace("-", "_")
        yield value.lower().replace("-", "").replace("_", "")
    bare = value.strip('"')
    if bare != value:
        yield bare
        yield bare.lower()
    inner = _LIST.fullmatch(value)
    if inner:
        yield from (inner[1].strip(), f"[{inner[1].strip()}]", f"{{{inner[1].strip()}}}")
        items = [item.strip() for item in inner[1].split(",") if item.strip()]
        yield "[" + ", ".join(f'"{item}"' if _BARE.fullmatch(item) else item for item in items) + "]"
        return
    if _BARE.fullmatch(value):
        yield from (f'"{value}"', f'["{value}"]')
    yield from (f"[{value}]", f"{{{value}}}", f"{value}s", f"{value}%")


def text_of(args: tuple[nodes.Value, ...]) -> str:
    """The arguments of a step as they were written."""
    return args[0].span.to(args[-1].span).text if args else ""
