"""Gurobi and COPT (`.sol`, `.mst`) and MIPLIB: `name value`, with comments `# …` and perhaps `=obj= value`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bdnnlang.solve.answers.base import NUMBER, AnswerError, AnswerFile, Header, Item, Kind, Line, Named, status_lines

PROGRAM = "Gurobi, COPT or MIPLIB"
OBJECTIVE = re.compile(r"# Objective value =? *(?P<value>\S+)\s*")
NONE = {"=infeas=": "infeasible", "=unkn=": "unknown", "=unbd=": "unbounded"}


def knows(head: str) -> bool:
    lines = status_lines(head)
    words = lines[0].split() if lines else [""]
    is_value = len(words) == 2 and NUMBER.fullmatch(words[1]) is not None
    return words[0].startswith("#") or words[0] in ("=obj=", *NONE) or is_value


def read(file: AnswerFile) -> Iterator[Item]:
    for line in file.filled():
        words = line.words()
        if words[0].startswith("#"):
            yield from _comment(line)
        elif words[0] == "=obj=":
            yield Header(objective=line.number_at(1))
        elif words[0] in NONE:
            raise AnswerError(Kind.NO_SOLUTION, f"it says `{words[0]}`: {NONE[words[0]]}", line.place())
        elif len(words) != 2:
            raise line.damaged("{line} is not `name value`")
        else:
            yield Named(line, 0, words[0], line.number_at(1))


def _comment(line: Line) -> Iterator[Item]:
    found = OBJECTIVE.fullmatch(line.text)
    if found and NUMBER.fullmatch(found["value"]):
        yield Header(objective=float(found["value"]))
