"""JSON that somebody else may have written: read without surprises, then into types.

What is refused, each with its reason: a name twice in one object, numbers that are none (`NaN`), that no float64 comes near or
that only resemble one, and nesting that no file of ours has. Numbers with a point stay the decimals they are written as.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import math
import re
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Json = Any  # None, bool, int, Decimal, str, list, dict

MOST_DEPTH = 32
MOST_DIGITS = 400  # float64 has numbers of 309 before the point; the shortest decimal of any has 17 significant ones …
MOST_WHOLE = 30  # … and what is counted has fewer
QUOTIENT = re.compile(r"-?\d{1,400}/[1-9]\d{0,399}", re.ASCII)
MARKS = re.compile(r'"(?:[^"\\]|\\.)*"?|[][{}]')  # strings, so that what is in them is passed over; brackets


class Malformed(ValueError):  # noqa: N818  (it says what is wrong)
    """It is not what it should be; the message says where, and what is wrong there."""


def parse(text: str) -> Json:
    """The value of a JSON text, numbers as int or Decimal. Raises Malformed."""
    depth = 0
    for mark in MARKS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth > MOST_DEPTH:
            raise Malformed("it is nested too deeply")
    try:
        return json.loads(text, parse_int=_whole, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise Malformed(f"{error.msg[0].lower()}{error.msg[1:]} in line {error.lineno}, column {error.colno}") from None


def _whole(text: str) -> int:
    return int(_short(text, MOST_WHOLE))


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(_short(text, MOST_DIGITS))
    except InvalidOperation:
        raise Malformed(f"`{text}` is out of range") from None
    if number and abs(number.adjusted()) > MOST_DIGITS:
        raise Malformed(f"`{text}` is out of range")
    return number


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise Malformed(f"a number has {len(text)} digits")
    return text


def _no_number(text: str) -> Json:
    raise Malformed(f"`{text}` is not a number")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in pairs:
        if name in found:
            raise Malformed(f"`{printable(name)}` stands twice in one object")
        found[name] = value
    return found


def printable(value: object, most: int = 60) -> str:
    """A value in one short line that no terminal takes for anything but text."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in str(value))
    return text if len(text) <= most else f"{text[: most - 3]}..."


def same(a: Json, b: Json) -> bool:
    """Are two values equal? A truth is no number, and numbers are equal however they are written."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


# ---- into types


def read(kind: Any, value: Json, at: str = "") -> Any:
    """`value` as an instance of `kind`; `at` is where it stands. Raises Malformed.

    `kind` is built of str, bool, int, float, Fraction, None, enums, `Literal`, unions, `tuple[T, ...]`, `dict[str, T]` and
    dataclasses, whose fields are the names of an object: one without a default must be there, and there are no others, unless
    the class says `OTHERS = True`. A float is a decimal that Python prints for a float64, and no other number near it; a
    Fraction is one with a point, or a text as `2/3`.
    """
    if kind is Any:
        return value
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _either(inner, value, at)
    if origin is Literal:
        return _member({name: name for name in inner}, value, at)
    if origin is tuple:
        return tuple(read(inner[0], item, f"{at}[{number}]") for number, item in enumerate(items(value, at)))
    if origin is dict:
        return {name: read(inner[1], item, within(at, name)) for name, item in members(value, at).items()}
    if dataclasses.is_dataclass(kind):
        return _record(kind, value, at)
    if issubclass(kind, Enum):
        return _member({member.value: member for member in kind}, value, at)
    return _plain(kind, value, at)


def items(value: Json, at: str) -> list[Json]:
    """Those of a list. Raises Malformed."""
    if not isinstance(value, list):
        raise wrong(value, "a list", at)
    return value


def members(value: Json, at: str) -> dict[str, Json]:
    """Those of an object. Raises Malformed."""
    if not isinstance(value, dict):
        raise wrong(value, "an object", at)
    return value


def within(at: str, name: str) -> str:
    """The place of a member of an object."""
    return f"{at}.{name}" if at else name


def wrong(value: Json, wanted: str, at: str) -> Malformed:
    """The error that says what stands where something else is wanted."""
    return Malformed(f"`{printable(at)}` is {_said(value)}, not {wanted}" if at else f"it is {_said(value)}, not {wanted}")


NAMES: dict[Any, str] = {str: "a text", bool: "true or false", int: "a whole number", NoneType: "null"}


def _plain(kind: Any, value: Json, at: str) -> Any:
    if kind is float:
        return _float(value, at)
    if kind is Fraction and isinstance(value, Decimal):
        _float(value, at)
        return Fraction(value)
    if kind is Fraction and isinstance(value, str) and QUOTIENT.fullmatch(value):
        return Fraction(value)
    if type(value) is not kind or (kind is str and not _is_text(value)):
        raise wrong(value, NAMES.get(kind, "a number"), at)
    return value


def _is_text(value: str) -> bool:
    """Without halves of characters, but for those that stand for bytes of a file's name."""
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _float(value: Json, at: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise wrong(value, "a number", at)
    near = float(Decimal(value))
    if not math.isfinite(near) or Decimal(repr(near)) != (value if not isinstance(value, float) else Decimal(repr(value))):
        raise wrong(value, "the decimal of a 64-bit number", at)
    return near


def _either(kinds: tuple[Any, ...], value: Json, at: str) -> Any:
    """As the first kind that fits; where none does, what is wrong with it as the last one."""
    *others, last = (kind for kind in kinds if kind is not NoneType)
    if value is None and NoneType in kinds:
        return None
    for kind in others:
        with contextlib.suppress(Malformed):
            return read(kind, value, at)
    return read(last, value, at)


def _member(known: dict[Any, Any], value: Json, at: str) -> Any:
    if not isinstance(value, str) or value not in known:
        raise wrong(value, f"one of {', '.join(f'`{name}`' for name in known)}", at)
    return known[value]


def _record(kind: Any, value: Json, at: str) -> Any:
    stated, hints = members(value, at), _hints(kind)
    known = {field.name: field for field in dataclasses.fields(kind) if field.init}
    for name in stated:
        if name not in known and not getattr(kind, "OTHERS", False):
            raise Malformed(f"`{printable(within(at, name))}` is not known")
    for name, field in known.items():
        if name not in stated and field.default is dataclasses.MISSING:
            raise Malformed(f"there is no `{within(at, name)}`")
    return kind(**{name: read(hints[name], item, within(at, name)) for name, item in stated.items() if name in known})


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _said(value: Json) -> str:
    match value:
        case None | bool():
            return json.dumps(value)
        case int() | Decimal():
            return printable(value)
        case str():
            return f"`{printable(value)}`"
        case list():
            return "a list"
        case _:
            return "an object"
