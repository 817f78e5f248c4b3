"""Columns of text, aligned: plain lines that can be printed anywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence

MOST_WIDTH = 32  # of a name


def aligned(rows: Sequence[Sequence[str]], *, left: Collection[int] = (0,), gap: str = "  ") -> list[str]:
    """A line a row; the cells of columns `left` start at the left, the others end at the right."""
    count = max(map(len, rows), default=0)
    widths = [max((width(row[j]) for row in rows if j < len(row)), default=0) for j in range(count)]
    lines = []
    for row in rows:
        cells = (_padded(cell, widths[j], left=j in left) for j, cell in enumerate(row))
        lines.append(gap.join(cells).rstrip())
    return lines


def _padded(cell: str, to: int, *, left: bool) -> str:
    blanks = " " * (to - width(cell))
    return cell + blanks if left else blanks + cell


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fit(name: str, most: int = MOST_WIDTH) -> str:
    """A name on one line, its middle left out where it is long; line breaks and control characters as blanks."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if width(plain) <= most:
        return plain
    half = (most - 1) // 2
    return f"{_start(plain, most - 1 - half)}…{_start(plain[::-1], half)[::-1]}"


def _start(text: str, most: int) -> str:
    """As many characters as fit."""
    end = min(len(text), most)
    while width(text[:end]) > most:
        end -= 1
    return text[:end]


def listed(items: Iterable[str], most: int = 8) -> str:
    """`a, b, c and 4 more`."""
    every = list(items)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def counted(number: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    plural = (
        noun if number == 1 else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}es" if noun.endswith("s") else f"{noun}s"
    )
    return f"{number:,} {plural}"
