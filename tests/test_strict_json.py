"""JSON that somebody else may have written: what it says exactly, or why it is refused."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

import pytest

from bdnnlang.strict_json import Malformed, parse, printable, read


def test_numbers_are_the_decimals_they_are_written_as() -> None:
    found = parse('{"a": [1.50, -3.0000000000000000001, 1e-320], "b": 7, "c": {"d": null, "e": true, "f": "g"}}')
    assert found == {
        "a": [Decimal("1.50"), Decimal("-3.0000000000000000001"), Decimal("1e-320")],
        "b": 7,
        "c": {"d": None, "e": True, "f": "g"},
    }
    assert type(found["b"]) is int


NOT_JSON = {
    "nothing": ("", "expecting value in line 1, column 1"),
    "torn": ('{"a":\n [1,', "expecting value in line 2, column 5"),
    "more": ("1 2", "extra data in line 1, column 3"),
    "twice": ('{"a": 1, "b": {"c": 1, "c": 1}}', "`c` stands twice in one object"),
    "nan": ("[NaN]", "`NaN` is not a number"),
    "infinity": ("[-Infinity]", "`-Infinity` is not a number"),
    "a large exponent": ("1e99999999", "`1e99999999` is out of range"),
    "a larger exponent": ("1e99999999999999999999", "is out of range"),
    "a small exponent": ("1e-99999999", "is out of range"),
    "digits": ("9" * 31, "a number has 31 digits"),
    "places": ("0." + "9" * 400, "a number has 402 digits"),
    "deep lists": ("[" * 33 + "]" * 33, "it is nested too deeply"),
    "deep objects": ('{"a":' * 33 + "1" + "}" * 33, "it is nested too deeply"),
    "very deep": ("[" * 1_000_000, "it is nested too deeply"),
    "a name to play tricks with": ('{"\\u001b[2J": 1, "\\u001b[2J": 1}', r"`\\x1b\[2J` stands twice"),
}


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_no_json_is_refused_with_a_reason(name: str) -> None:
    text, reason = NOT_JSON[name]
    with pytest.raises(Malformed, match=reason):
        parse(text)


def test_brackets_in_strings_nest_nothing() -> None:
    text = "[" * 100 + '\\" {'
    assert parse('{"a": "' + text + '"}') == {"a": text.replace("\\", "")}
    assert parse("[" * 32 + "]" * 32) is not None


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    weight: float
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Outer:
    count: int
    kind: Literal["a", "b"]
    inner: tuple[Inner, ...]
    limits: dict[str, int | None]
    loss: int | Fraction = 0
    anything: Any = None


WHOLE = '{"count": 3, "kind": "b", "inner": [{"weight": 0.1, "colour": "red"}], "limits": {"x": 1, "y": null}, "loss": 0.25}'


def test_values_are_read_into_types() -> None:
    assert read(Outer, parse(WHOLE)) == Outer(3, "b", (Inner(0.1),), {"x": 1, "y": None}, Fraction(1, 4))


WRONG = {
    "a list": ("[]", "it is a list, not an object"),
    "a name too few": (WHOLE.replace('"count": 3, ', ""), "there is no `count`"),
    "a name too many": (WHOLE.replace('"kind"', '"kinds": 1, "kind"'), "`kinds` is not known"),
    "a name too many inside": (WHOLE.replace('"weight"', '"weights": 1, "weight"'), r"`inner\[0\].weights` is not known"),
    "a truth for a number": (WHOLE.replace("3,", "true,"), "`count` is true, not a whole number"),
    "a fraction for a whole number": (WHOLE.replace("3,", "3.0,"), "`count` is 3.0, not a whole number"),
    "another word": (WHOLE.replace('"b"', '"c"'), "`kind` is `c`, not one of `a`, `b`"),
    "a number for a word": (WHOLE.replace('"b"', "[1]"), "`kind` is a list, not one of `a`, `b`"),
    "no colour": (WHOLE.replace('"red"', '"blue"'), r"`inner\[0\].colour` is `blue`, not one of `red`"),
    "an object for a list": (WHOLE.replace("[{", "{").replace("}]", "}"), "`inner` is an object, not a list"),
    "null for a number": (WHOLE.replace("0.1", "null"), r"`inner\[0\].weight` is null, not a number"),
    "a text for a number": (WHOLE.replace("0.1", '"0.1"'), r"`inner\[0\].weight` is `0.1`, not a number"),
    "a number between floats": (
        WHOLE.replace("0.1,", "0.10000000000000001,"),
        "0.10000000000000001, not the decimal of a 64-bit",
    ),
    "a number beyond floats": (WHOLE.replace("0.1,", "1e309,"), "not the decimal of a 64-bit"),
    "a text for a loss": (WHOLE.replace("0.25", '"x"'), "`loss` is `x`, not a number"),
    "a truth for a loss": (WHOLE.replace("0.25", "false"), "`loss` is false, not a number"),
    "a limit that is none": (WHOLE.replace('"x": 1', '"x": "1"'), "`limits.x` is `1`, not a whole number"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_of_another_kind_is_refused_by_its_place(name: str) -> None:
    text, reason = WRONG[name]
    assert text != WHOLE
    with pytest.raises(Malformed, match=reason):
        read(Outer, parse(text))


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(Malformed, match=r"`a` is `\\ud800`, not a text"):
        read(str, parse('"\\ud800"'), "a")
    assert read(str, parse('"\\ud83d\\ude00"')) == "😀"
    assert read(str, parse('"\\udcff.bdnn"')) == os.fsdecode(b"\xff.bdnn")


def test_what_is_printed_is_short_and_plain() -> None:
    assert printable("größe") == "größe"
    assert printable("\x1b[31m\u202e\n") == r"\x1b[31m\u202e\n"
    assert printable("x" * 61) == "x" * 57 + "..."
    assert printable(Decimal("0.10")) == "0.10"
