"""Characters that a reader cannot see, and how to name any character so that one can look for it."""

from __future__ import annotations

import re
import unicodedata

# control characters, zero-width and bidirectional marks, line and paragraph separators, annotations, surrogates, tags
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f"
)
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
REFUSED = re.compile(f"[{_INVISIBLE}]|\r(?!\n)")  # in a spec: the end of a line is `\n` or `\r\n`

LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"  # other systems and formats break lines there

_CONTROLS = {
    "\x00": "null",
    "\x07": "bell",
    "\x08": "backspace",
    "\x0b": "vertical tab",
    "\x0c": "form feed",
    "\r": "carriage return",
    "\x1b": "escape",
    "\x7f": "delete",
    "\x85": "next line",
    "\ufeff": "byte order mark",
}
_KINDS = {"Cc": "control character", "Cs": "half of a surrogate pair", "Co": "private use"}


def named(char: str) -> str:
    """The character itself if it shows, and its code and name unless it is plain ASCII."""
    shows = char.isprintable() and not char.isspace() and not unicodedata.combining(char) and not INVISIBLE.match(char)
    if shows and char.isascii() and char != "`":
        return f"`{char}`"
    name = _CONTROLS.get(char) or unicodedata.name(char, "").lower() or _KINDS.get(unicodedata.category(char), "no name")
    return f"`{char}` (U+{ord(char):04X}, {name})" if shows and char != "`" else f"U+{ord(char):04X} ({name})"


def plain(text: str) -> str | None:
    """The ASCII that compatibility forms stand for (a no-break space is a space); None if there is none."""
    folded = unicodedata.normalize("NFKC", text)
    return folded if folded != text and folded.isascii() else None
