"""A proof file line by line: each a JSON object of whole numbers, lists and texts, and nothing that could be read two ways."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

MOST_DIGITS = 4000  # of a whole number: multipliers are determinants
QUOTIENT = re.compile(r"-?\d{1,4000}(/[1-9]\d{0,3999})?", re.ASCII)


class Unproved(Exception):  # noqa: N818  (it says what is wrong)
    """The proof does not hold at a line, counted from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    """An object of the file and where it stands."""

    number: int
    members: dict[str, Any]

    @property
    def kind(self) -> str:
        """The name of its first member, which says what the line is."""
        return next(iter(self.members), "")

    def refuse(self, reason: str) -> Unproved:
        return Unproved(self.number, reason)

    def only(self, *names: str) -> list[Any]:
        """The members of these names; there must be no others."""
        if set(self.members) != set(names):
            raise self.refuse(f"its members are not {', '.join(names)}")
        return [self.members[name] for name in names]

    def whole(self, value: Any, least: int = 0) -> int:
        if type(value) is not int or value < least:
            raise self.refuse(f"it has no whole number of at least {least} where one is due")
        return value

    def wholes(self, value: Any, below: int | None = None) -> tuple[int, ...]:
        """A list of whole numbers from 0, below a limit."""
        if not isinstance(value, list) or not all(type(v) is int and v >= 0 and (below is None or v < below) for v in value):
            raise self.refuse("a list of numbers is wrong, or has a number that nothing has")
        return tuple(value)

    def ascending(self, value: Any, below: int) -> tuple[int, ...]:
        """A list of whole numbers, each greater than the one before."""
        found = self.wholes(value, below)
        if any(a >= b for a, b in pairwise(found)):
            raise self.refuse("a list is not in ascending order")
        return found

    def rational(self, value: Any) -> Fraction:
        """A whole number, or a text such as `3/10`."""
        if type(value) is int:
            return Fraction(value)
        if isinstance(value, str) and QUOTIENT.fullmatch(value):
            return Fraction(value)
        raise self.refuse("a number is neither whole nor a quotient in quotation marks")

    def rationals(self, value: Any) -> tuple[Fraction, ...]:
        if not isinstance(value, list):
            raise self.refuse("there is no list of numbers where one is due")
        return tuple(map(self.rational, value))


def read_lines(texts: Iterable[str]) -> Iterator[Line]:
    """The lines of a file. Raises Unproved at one that is no object of such values."""
    for number, text in enumerate(texts, start=1):
        try:
            members = json.loads(
                text, parse_int=_whole, parse_float=_no_number, parse_constant=_no_number, object_pairs_hook=_once
            )
        except (ValueError, RecursionError) as error:
            raise Unproved(number, f"it cannot be read: {str(error)[:80]}") from None
        if not isinstance(members, dict):
            raise Unproved(number, "it is no JSON object")
        yield Line(number, members)


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError("a number is too long")
    return int(text)


def _no_number(text: str) -> Any:
    raise ValueError(f"`{text[:20]}` is no whole number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return members
