"""Xpress `.slx`: `NAME`, then `C name value`, up to `ENDATA`. It has no status: a relaxation looks the same."""

from __future__ import annotations

from collections.abc import Iterator

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Header, Item, Kind, Named, status_lines

PROGRAM = "Xpress"
END = "ENDATA"


def knows(head: str) -> bool:
    lines = [line.split() for line in status_lines(head)[:2]]
    return bool(lines) and (lines[0] == [END] or (lines[0][0] == "NAME" and len(lines) == 2 and lines[1][0] in ("C", END)))


def read(file: AnswerFile) -> Iterator[Item]:
    ended = values = False
    yield Header()
    for line in file.filled():
        words = line.words()
        if ended:
            raise line.damaged("{line} stands behind the end of the solution")
        if words == [END]:
            ended = True
        elif words[0] == "C" and len(words) == 3:
            values = True
            yield Named(line, 1, words[1], line.number_at(2))
        elif words[0] != "NAME" or values:
            raise line.damaged("{line} is not `C name value`")
    if not ended:
        raise AnswerError(Kind.DAMAGED, f"it has no line `{END}`: it is cut off")
