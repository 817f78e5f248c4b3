"""Names from the data, as C takes them: identifiers, comments, literals."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 31  # characters that every C99 compiler tells apart, of a name that others may see


def identifier(text: str) -> str:
    """A prefix of C names, in small letters: ASCII, no digit first, none that C keeps for itself."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].rstrip("_")
    return name if name and name[0].isalpha() else f"net_{name}".rstrip("_")


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
