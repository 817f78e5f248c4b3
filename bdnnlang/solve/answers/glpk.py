"""GLPK's `glpsol -w`, and the style of HiGHS that copies it: `j index value` by order, without names, up to `e o f`."""

from __future__ import annotations

from collections.abc import Iterator

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Header, Item, Kind, Line, Numbered, status_lines

PROGRAM = "GLPK"
SOLVED = {"o": "optimal", "f": "feasible"}
UNSOLVED = {"n": "no feasible solution", "u": "undefined"}


def knows(head: str) -> bool:
    lines = [line for line in status_lines(head) if line.split()[0] != "c"]
    first = lines[0].split() if lines else ["c"] if status_lines(head)[0].startswith("c Problem:") else [""]
    return first[0] in ("s", "c") and (first[0] == "c" or (len(first) > 1 and first[1] in ("mip", "bas", "ipt")))


def read(file: AnswerFile) -> Iterator[Item]:
    columns, number, ended = None, 0, None
    for line in file.filled():
        words = line.words()
        if ended is not None:
            raise line.damaged("{line} stands behind the end of the solution")
        if words[0] == "s":
            columns = _columns(line)
            yield Header(SOLVED[words[4]], line.number_at(5) if len(words) > 5 else None)
        elif words[0] == "j" and columns is not None:
            number += 1
            if line.number_at(1) != number or len(words) != 3 or number > columns:
                raise line.damaged(f"{{line}} is not `j {number} value`", 1)
            yield Numbered(line, number, line.number_at(2), columns)
        elif words == ["e", "o", "f"]:
            ended = line
        elif words[0] not in ("c", "i"):
            raise line.damaged(f"`{words[0][:20]}` begins no line of such a file", 0)
    if ended is None or number != columns:
        raise AnswerError(Kind.DAMAGED, f"it ends after {number} of {columns or '?'} columns: it is cut off")


def _columns(line: Line) -> int:
    """Those of the model, by the line that says what the file holds. Raises AnswerError for what is no integer solution."""
    words = line.words()
    if len(words) > 1 and words[1] in ("bas", "ipt"):
        raise AnswerError(Kind.RELAXATION, f"its solution is a `{words[1]}`, of the continuous relaxation", line.place(1))
    if len(words) < 5 or words[1] != "mip" or words[4] not in SOLVED | UNSOLVED:
        raise line.damaged("{line} does not say `s mip rows columns status`")
    if words[4] in UNSOLVED:
        raise AnswerError(Kind.NO_SOLUTION, f"its status is {words[4]}: {UNSOLVED[words[4]]}", line.place(4))
    return int(line.number_at(3))
