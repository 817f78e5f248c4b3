"""How wide a table is, and what is wrong with lines that are not: decided from its first rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.data.text.rows import Row

MARKS = (";", "\t", "|", ",", " ")  # what separates columns, the likeliest first
COMMENTS = ("#", "%", "//", ";;", "--")


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows have `width` values; up to `spare` empty ones may follow, where lines end with the delimiter."""

    width: int
    spare: int = 0

    def fits(self, row: Sequence[str]) -> bool:
        extra = len(row) - self.width
        return extra == 0 or (0 < extra <= self.spare and not any(map(str.strip, row[self.width :])))


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why the first line does not fit those below it."""

    problem: str
    advice: str


def find_shape(rows: Sequence[Row]) -> Shape | Misfit:
    """The shape of a table that begins with these rows. Single rows of another width are no reason for a Misfit."""
    (line, first), *others = rows
    if spare := _spare([row for _, row in rows]):
        return Shape(max(len(row) for _, row in rows) - spare, spare)
    width, count = Counter(len(row) for _, row in others).most_common(1)[0] if others else (len(first), 0)
    if len(first) == width and _is_title(first, others):
        return _title(line, first, others[0][0], width)
    if len(first) >= width or count < max(2, len(others) / 2):
        return Shape(len(first))
    return _misfit(line, first, [row for row in others if len(row[1]) == width], width)


def _spare(rows: Sequence[list[str]]) -> int:
    """How many columns at the end are empty, without a name either; lines may differ by those only."""
    widest, least = max(map(len, rows)), min(map(len, rows))
    filled = max(_filled(row) for row in rows)
    again = len(rows[0]) == widest or sum(len(row) == widest for row in rows) > 1
    return widest - filled if 1 < filled <= least and again else 0


def _filled(row: Sequence[str]) -> int:
    """Where the last value stands that is not empty, from 1."""
    return next((j for j in range(len(row), 0, -1) if row[j - 1].strip()), 0)


def _misfit(line: int, first: list[str], below: list[Row], width: int) -> Misfit:
    mark = next((mark for mark in COMMENTS if first[0].lstrip().startswith(mark)), None)
    if mark:
        return Misfit(f"begins with `{mark}`, as a comment does", f'write `comment = "{mark}"` to skip such lines')
    names, start = [row[0] for _, row in below], below[0][0]
    if width == len(first) + 1:
        if 2 * sum(not row[-1].strip() for _, row in below) > len(below):
            problem = f"has {len(first)} values, but most lines below it end with a delimiter, and not all have nothing behind it"
            return Misfit(problem, "name the last column too, and `drop` it; or remove the delimiters at the ends of the lines")
        cause = "do they begin with row names?" if len(set(names)) == len(names) else "does a decimal comma split them?"
        problem = f"has {len(first)} values, but all lines below it have one value more: {cause}"
        return Misfit(problem, "name the first column too, and `drop` it; or quote the values that contain the delimiter")
    return _title(line, first, start, width)


def _is_title(first: list[str], below: Sequence[Row]) -> bool:
    """Whether only its first cell is filled, as a spreadsheet saves a title above a table of three columns or more."""
    return len(first) > 2 and bool(below) and not any(map(str.strip, first[1:])) and all(map(str.strip, below[0][1]))


def _title(line: int, first: list[str], start: int, width: int) -> Misfit:
    filled = sum(bool(cell.strip()) for cell in first)
    last = f"line {line}" if start == line + 1 else f"lines {line} to {start - 1}"
    problem = f"is no header: it has {filled} value{'s' if filled > 1 else ''}, the lines below it {width}"
    return Misfit(problem, f'remove {last} before the table, or mark such lines with `#` and write `comment = "#"`')


def better_delimiter(lines: Sequence[str], given: str) -> str | None:
    """The mark that splits all of these lines into equally many values, two at least, where `given` does not."""
    if _splits(lines, given):
        return None
    return next((mark for mark in MARKS if mark != given and _splits(lines, mark)), None)


def _splits(lines: Sequence[str], mark: str) -> bool:
    try:
        rows = [line.split() for line in lines] if mark == " " else csv.reader(lines, delimiter=mark)
        widths = {len(row) for row in rows}
    except csv.Error:
        return False
    return len(widths) == 1 and min(widths) > 1
