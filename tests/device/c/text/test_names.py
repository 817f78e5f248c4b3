"""`bdnnlang/device/c/text/names.py`: whatever the data call a thing, C takes it."""

from __future__ import annotations

import pytest

from bdnnlang.device.c.text.names import comment, literal


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
