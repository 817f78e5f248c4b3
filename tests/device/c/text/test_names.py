"""`bdnnlang/device/c/text/names.py`: whatever the data call a thing, C takes it."""

from __future__ import annotations

import pytest

from bdnnlang.device.c.text.names import comment, identifier, literal


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("iris_integer", "iris_integer"),
        ("Größe (cm)", "grosse_cm"),
        ("3 of 8", "net_3_of_8"),
        ("_x", "x"),
        ("数", "net"),
        ("", "net"),
        ("a" * 40, "a" * 31),
    ],
)
def test_identifier(text: str, name: str) -> None:
    assert identifier(text) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a */ b", "a * / b"),
        ("/*", "/ *"),
        ("*/*", "* / *"),
        ("ends in ??/", "ends in ? ?/"),
        ("???", "? ? ?"),
        ("line\n", "line<U+000A>"),
        ("back\\", "back<U+005C>"),
        ("µm", "<U+00B5>m"),
    ],
)
def test_comment(text: str, shown: str) -> None:
    assert comment(text) == shown


@pytest.mark.parametrize(
    ("text", "written"),
    [('a "b"', '"a \\"b\\""'), ("\\", '"\\\\"'), ("what??/", '"what\\?\\?/"'), ("é1", '"\\303\\2511"'), ("\n", '"\\012"')],
)
def test_literal(text: str, written: str) -> None:
    assert literal(text) == written
