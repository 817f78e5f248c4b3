"""A statement of a run folder beside what it comes to."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bdnnlang.strict_json import printable, same

MOST_TEXT = 400  # characters of a text, which may be a reason
WIDTH, INDENT = 120, " " * 8  # of a line, and of those that go on with it


@dataclass(frozen=True, slots=True)
class Claim:
    """What a run folder says, beside what it comes to now; `why_not`: the reason why that cannot be checked."""

    name: str
    stated: Any
    found: Any
    why_not: str = ""

    @property
    def holds(self) -> bool:
        return same(self.stated, self.found)


def claim_lines(claims: Iterable[Claim]) -> list[str]:
    """Claims for people: first those that hold, then those that cannot be checked, at last those that are wrong."""
    return [_wrapped(_line(claim)) for claim in sorted(claims, key=lambda claim: (not claim.holds, bool(claim.why_not)))]


def _line(claim: Claim) -> str:
    said = f"{printable(claim.name, 200)}: {_said(claim.stated)}"
    if not claim.holds:
        return f"WRONG   {said}, but it is {_said(claim.found)}"
    return f"not checked  {said} ({claim.why_not})" if claim.why_not else f"ok      {said}"


def _wrapped(line: str) -> str:
    whole = textwrap.wrap(line, WIDTH, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False)
    return line if len(line) <= WIDTH else "\n".join(whole)


def _said(value: object) -> str:
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case list() | tuple():
            return printable("[" + ", ".join(map(_said, value)) + "]")
        case dict():
            return printable("{" + ", ".join(f"{name}: {_said(item)}" for name, item in value.items()) + "}")
        case "":
            return '""'
        case str():
            return printable(value, MOST_TEXT)
        case _:
            return printable(value)
