"""What all layouts have: the two headers, and how each file is made from a text with names in it."""

from __future__ import annotations

from collections.abc import Mapping

from bdnnlang.device.c.header import header
from bdnnlang.device.c.selftest import selftest
from bdnnlang.device.export import TooWide
from bdnnlang.device.formats.form import Exported

MOST_BITS = 64


def headers(exported: Exported, folder: str = "") -> dict[str, bytes]:
    """`NAME.h` and `NAME_selftest.h`. Raises TooWide where a sum of the code would take more than 64 bits."""
    name, rounding = exported.name, exported.rounding
    notes = () if rounding is None else tuple(rounding.lines())
    try:
        text = header(exported.network, name, exported.style, exported.optimise, notes)
        test = selftest(exported.network, name)
    except OverflowError as error:
        raise TooWide(f"{error}; `--round 60` makes the sums fit, and says what that may change") from error
    return {f"{folder}{name}.h": text.encode(), f"{folder}{name}_selftest.h": test.encode()}


def filled(texts: Mapping[str, str], exported: Exported) -> dict[str, bytes]:
    """Files whose names and texts speak of the network as @name@ and @NAME@."""
    places = {"@name@": exported.name, "@NAME@": exported.name.upper(), "@widths@": _widths(exported)}

    def put(text: str) -> str:
        for word, value in places.items():
            text = text.replace(word, value)
        return text

    return {put(name): put(text).encode() for name, text in texts.items()}


def _widths(exported: Exported) -> str:
    return " -> ".join(map(str, (len(exported.network.readings), *map(len, exported.network.layers))))
