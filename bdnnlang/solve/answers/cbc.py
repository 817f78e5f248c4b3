"""CBC 2.10 and cbcbox: `status - objective value v`, then `index name value cost`, zeros left out; or csv, without a status.

The status may be wrong (`Integer infeasible` of a feasible program that ran out of time) and is no more than a word, but that
there is no integer solution is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Header, Item, Kind, Line, Named, Place, status_lines

PROGRAM = "CBC"
FIRST = re.compile(r"(?P<status>\S.*?) - objective value\s+(?P<value>\S+)\s*", re.ASCII)
CSV = "name,solution"


def knows(head: str) -> bool:
    lines = status_lines(head)
    return bool(lines) and (lines[0].strip() == CSV or FIRST.fullmatch(lines[0]) is not None)


def read(file: AnswerFile) -> Iterator[Item]:
    lines = file.filled()
    first = next(lines, None)
    if first is None or first.text.strip() == CSV:
        yield from map(_cells, lines)
        return
    yield _header(first)
    for line in lines:
        skipped = line.words()[0] == "**"  # marks what satisfies its bounds or row not quite
        words = line.words()[skipped:]
        if len(words) != 4 or not words[0].isascii() or not words[0].isdigit():
            raise line.damaged("{line} is not `index name value cost`")
        yield Named(line, 1 + skipped, words[1], line.number_at(2 + skipped))


def _header(first: Line) -> Header:
    found = FIRST.fullmatch(first.text)
    if found is None:  # only behind blank lines
        raise first.damaged("{line} is not `status - objective value v`")
    status, whole = found["status"], Place(first.number, first.text, 0, found.end("status"))
    if "continuous used" in status:
        raise AnswerError(Kind.RELAXATION, f"CBC says: {status}", whole)
    if "no integer solution" in status:
        raise AnswerError(Kind.NO_SOLUTION, f"CBC says: {status}", whole)
    return Header(status, first.number_at(len(first.words()) - 1))


def _cells(line: Line) -> Named:
    """`name,value` as a value."""
    name, comma, _ = line.text.partition(",")
    if not comma:
        raise line.damaged("{line} is not `name,value`")
    return Named(line, 0, name, Line(line.number, line.text.replace(",", " ")).number_at(1))
