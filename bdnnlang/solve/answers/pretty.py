"""What people read and what programs read otherwise: refused, with what to write in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Item, Kind

PROGRAM = "another file"
HIGHS = "write it with `write_solution_style=0` (or `4`), the default of `highs --solution_file`"
XPRESS = "write a `.slx` with `writeslxsol`"
FORMS = (
    (r"\s*Columns\n +Index +Status", Kind.FEW_DIGITS, "a table of HiGHS has six digits", HIGHS),
    (r"Problem: .*\nRows: ", Kind.FEW_DIGITS, "a table of GLPK or HiGHS has six digits", f"use `glpsol -w`; with HiGHS {HIGHS}"),
    (r' *\d+,"[^"\n]*", *"[A-Z]",', Kind.FEW_DIGITS, "an ASCII table of Xpress cuts names off", XPRESS),
    (r'"[^"\n]*", *\d+, *\d+, *-?\d+,', Kind.NO_SOLUTION, "it is the header of a table of Xpress, without values", XPRESS),
    (r"Problem Statistics\n", Kind.FEW_DIGITS, "a printed solution of Xpress has seven digits", XPRESS),
    (r"(\*.*\n)*NAME\b.*\n(\*.*\n)*(ROWS|OBJSENSE)\b", Kind.UNKNOWN, "it is a model, and no solution", ""),
    (r"(\\.*\n|\s)*(min|max)[a-z]*\s", Kind.UNKNOWN, "it is a model, and no solution", ""),
    (r"STATISTICS\n", Kind.UNKNOWN, "it is a model, and no solution", ""),
    (r"\s*bdnn \d", Kind.UNKNOWN, "it is a spec, and no solution", "write `bdnnc import SPEC FILE`"),
)


def knows(head: str) -> bool:
    return any(re.match(form, head, re.IGNORECASE) for form, *_ in FORMS)


def read(file: AnswerFile) -> Iterator[Item]:
    for form, kind, problem, way in FORMS:
        if re.match(form, file.head, re.IGNORECASE):
            raise AnswerError(kind, problem, way=way)
    yield from ()  # it is a generator, as the others are
