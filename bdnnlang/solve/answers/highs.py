"""HiGHS, raw and sparse: sections; `# Columns 43`, or with `-31` (and since 1.16 `sparse`) those only that are not 0.

Newer versions add lines before that one, so it is looked for, and its place never counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Header, Item, Kind, Line, Named, status_lines

PROGRAM = "HiGHS"
FIRST, PRIMAL, COLUMNS = "Model status", "# Primal solution values", "# Columns"


def knows(head: str) -> bool:
    return bool(lines := status_lines(head)) and lines[0].strip() == FIRST


def read(file: AnswerFile) -> Iterator[Item]:
    lines, status, expected = file.filled(), "", None
    for line in lines:
        if line.text.startswith(FIRST):
            status = next(lines, line).text.strip()
            yield Header(status)
        elif line.text.startswith(PRIMAL):
            _refuse_none(next(lines, line), status)
        elif line.text.startswith("Objective "):
            yield Header(status, line.number_at(1))
        elif line.text.startswith(COLUMNS) and expected is None:
            expected = abs(int(line.number_at(2)))
            yield from _values(lines, line, expected)
    if expected is None:
        raise AnswerError(Kind.DAMAGED, f"it has no section `{COLUMNS}`: it is cut off")


def _refuse_none(line: Line, status: str) -> None:
    if line.text.strip() == "None":
        raise AnswerError(Kind.NO_SOLUTION, f"HiGHS says: {status}", line.place())


def _values(lines: Iterator[Line], begin: Line, expected: int) -> Iterator[Item]:
    """The values of a section of so many lines."""
    for count in range(expected):
        line = next(lines, None)
        if line is None or line.text.startswith("#"):
            raise begin.damaged(f"of the {expected} columns of {{line}} there are only {count}: the file is cut off", 2)
        if not 2 <= len(line.words()) <= 3:
            raise line.damaged("{line} is not `name value`")
        yield Named(line, 0, line.words()[0], line.number_at(1))
