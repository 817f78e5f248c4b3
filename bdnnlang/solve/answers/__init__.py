"""Solution files of other programs, recognised by what they hold: one family of files, one file here.

`read` says what a file states; `point` makes a point of a program of that, once every value has found its column and all rows,
bounds and integrality are satisfied. What a file says of itself (optimal, infeasible) is believed nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bdnnlang.solve.answers import cbc, copt, cplex, glpk, gurobi, highs, plain, pretty, pseudo_boolean, scip, xpress
from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Family, Item, Kind

FAMILIES: tuple[Family, ...] = (
    scip,
    highs,
    glpk,
    pseudo_boolean,
    cbc,
    gurobi,
    copt,
    cplex,
    pretty,  # what it refuses begins like nothing above …
    xpress,  # … a model in MPS like this one …
    plain,  # … and much like this one
)
KNOWN = (
    "known are the files of SCIP, HiGHS (raw or sparse), Gurobi (`.sol`, `.json`, `.mst`), COPT (`.sol`, `.json`), CPLEX (XML), "
    "Xpress (`.slx`), CBC, GLPK (`-w`), MIPLIB and pseudo-Boolean solvers (`v x1 -x2 …`), `network.json` of a run, and plain "
    "weights as csv"
)


@contextmanager
def opened(path: Path) -> Iterator[AnswerFile]:
    """A file, closed at the end of the block. Raises OSError, AnswerError."""
    with path.open("rb") as stream:
        yield AnswerFile(stream)


def family_of(file: AnswerFile) -> Family:
    """Whose file it is, by how it begins. Raises AnswerError."""
    known = next((family for family in FAMILIES if family.knows(file.head)), None)
    if known is None:
        raise AnswerError(Kind.UNKNOWN, "it is no solution file that is known", way=KNOWN)
    return known


def read(file: AnswerFile) -> Iterator[Item]:
    """All that a file states, in order. Raises AnswerError."""
    return family_of(file).read(file)
