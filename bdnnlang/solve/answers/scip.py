"""SCIP: `solution status:`, `objective value:`, then `name value (obj:cost)` in an order of its own; zeros are left out."""

from __future__ import annotations

from collections.abc import Iterator

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Header, Item, Kind, Named, status_lines

PROGRAM = "SCIP"
STATUS, OBJECTIVE = "solution status:", "objective value:"
NONE = "no solution available"
PARTIAL = ("unknown", "invalid")  # in place of the value of a partial solution


def knows(head: str) -> bool:
    return bool(lines := status_lines(head)) and lines[0].startswith((STATUS, OBJECTIVE, NONE))


def read(file: AnswerFile) -> Iterator[Item]:
    status = ""
    for line in file.filled():
        words = line.words()
        if line.text.startswith(STATUS):
            status = line.text.removeprefix(STATUS).strip()
            yield Header(status)
        elif line.text.startswith(OBJECTIVE):
            yield Header(status, line.number_at(2))
        elif line.text.startswith(NONE):
            raise AnswerError(Kind.NO_SOLUTION, f"SCIP says: {status or NONE}", line.place())
        elif len(words) > 1 and words[1] in PARTIAL:
            continue
        else:
            if len(words) > 2 and not words[2].startswith("(obj:"):
                raise line.damaged("{line} is not `name value (obj:cost)`", 2)
            yield Named(line, 0, words[0], line.number_at(1))
