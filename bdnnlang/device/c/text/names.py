"""Names from the data, as C takes them: comments and literals."""

from __future__ import annotations


def comment(text: str) -> str:
    """The text within a comment: in ASCII, on its line, without anything that ends or begins a comment or is a trigraph."""
    shown = "".join(c if " " <= c <= "~" and c != "\\" else f"<U+{ord(c):04X}>" for c in text)
    return shown.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?").replace("??", "? ?")


def literal(text: str) -> str:
    """A string literal of the text's UTF-8."""
    return '"' + "".join(_escaped(byte) for byte in text.encode()) + '"'


def _escaped(byte: int) -> str:
    character = chr(byte)
    if character in '"\\?':
        return "\\" + character
    return character if " " <= character <= "~" else f"\\{byte:03o}"
