"""Names of characters."""

import pytest

from bdnnlang.characters import named, plain


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("@", "`@`"),
        ("`", "U+0060 (grave accent)"),
        ("ö", "`ö` (U+00F6, latin small letter o with diaeresis)"),
        ("\u00a0", "U+00A0 (no-break space)"),
        ("\x85", "U+0085 (next line)"),
        ("\x0c", "U+000C (form feed)"),
        ("\x01", "U+0001 (control character)"),
        ("\u202e", "U+202E (right-to-left override)"),
        ("\u0301", "U+0301 (combining acute accent)"),
        ("\ud800", "U+D800 (half of a surrogate pair)"),
        ("\ue000", "U+E000 (private use)"),
        ("\uffff", "U+FFFF (no name)"),
    ],
)
def test_named(char: str, name: str) -> None:
    assert named(char) == name


def test_plain() -> None:
    assert plain("\u00a0") == " "
    assert plain("１２") == "12"
    assert plain("ö") is None
    assert plain("a") is None
