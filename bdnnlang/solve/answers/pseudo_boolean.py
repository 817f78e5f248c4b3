"""Pseudo-Boolean solvers, as their competition has it: `o value`, `s STATUS`, `v x1 -x2 …`, and `c` before remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Bits, Header, Item, Kind, Line

PROGRAM = "pseudo-Boolean solvers"
BEGINS = re.compile(r"o [-+]?\d+\s*$|s (?:OPTIMUM FOUND|SATISFIABLE|UNSATISFIABLE|UNKNOWN|UNSUPPORTED)\s*$|v(?: [-+]?x\d+)+\s*$")
LITERAL = re.compile(r"([-+]?)x([0-9]{1,9})", re.ASCII)
ENOUGH = 1000  # characters of a line
SOLVED = ("OPTIMUM FOUND", "SATISFIABLE")


def knows(head: str) -> bool:
    """By the first line that is no remark; of a long one the beginning is enough."""
    lines = (line for line in head.splitlines() if line.strip() and line.split()[0] != "c")
    first = next(lines, "")
    return bool(BEGINS.match(first if len(first) < ENOUGH else first[:ENOUGH].rpartition(" ")[0]))


def read(file: AnswerFile) -> Iterator[Item]:
    """The values come once all lines are read: they may stand on several, and the objective before or behind them."""
    status, objective, bits = "", None, dict[int, bool]()
    first: Line | None = None
    for line in _lines(file.text()):
        word = line.text.split()[0]
        if word == "s":
            status = line.text[1:].strip()
            if status not in SOLVED:
                raise AnswerError(Kind.NO_SOLUTION, f"it says `{status[:40]}`", line.place(1))
        elif word == "o":
            objective = round(line.number_at(1))
        elif word == "v":
            first = first or line
            _read_values(line, bits)
        elif word != "c":
            raise line.damaged(f"`{word[:20]}` begins no line of such a file", 0)
    yield Header(status)
    if first is not None:
        yield Bits(first, bits, objective)


def _lines(text: str) -> Iterator[Line]:
    lines = enumerate(text.splitlines(), 1)
    return (Line(number, line) for number, line in lines if line.strip())


def _read_values(line: Line, bits: dict[int, bool]) -> None:
    """`-x2` is 0. Raises AnswerError for a variable with two values, and for what is none."""
    for place, word in enumerate(line.words()[1:], 1):
        match = LITERAL.fullmatch(word)
        if match is None or int(match[2]) == 0:
            raise line.damaged(f"`{word[:20]}` is no variable of an OPB file", place)
        number, value = int(match[2]), match[1] != "-"
        if bits.setdefault(number, value) is not value:
            raise line.damaged(f"`x{number}` has two values", place)
