"""Answers of pseudo-Boolean solvers, to OPB files of ours."""

from __future__ import annotations

import io

import numpy as np
import pytest
from milps import make, mixed

from bdnnlang.model.milp import Milp
from bdnnlang.solve import answers
from bdnnlang.solve.answers import point
from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Kind
from bdnnlang.solve.answers.point import Columns

# a = -3 + x1 + 2 x2 + 4 x3, b = 2, c = x4 + 2 x5; the objective of the file plus -4, divided by 4
WIDE = make([[2, 1, -1], [1, 1, 1]], [-np.inf, 2], [4, 3], [1, 0.25, -0.5], [-3, 2, 0], [2, 2, 3], offset=1.5)
BEST = "c a remark\no 8\no 6\ns OPTIMUM FOUND\nv x1 x2 -x3 x4\nv x5\n"


def read(text: str, milp: Milp = WIDE) -> list[float]:
    stated = point.collect(answers.read(AnswerFile(io.BytesIO(text.encode()))), Columns(milp))
    return point.check(stated, milp).tolist()


def test_bits_are_columns() -> None:
    """a = 0, b = 2 and c = 3 break a row; a = -1 and c = 2 do not."""
    with pytest.raises(AnswerError, match="break 1 of the 2 rows"):
        read(BEST)
    assert read("o 9\no 4\ns SATISFIABLE\nv -x1 x2 -x3\nv -x4 x5\nc end\n") == [-1.0, 2.0, 2.0]


def test_values_may_come_first_and_zeros_be_left_out() -> None:
    assert read("v x2 x5\no 4\ns OPTIMUM FOUND\n") == [-1.0, 2.0, 2.0]
    assert read("v x2 x5\n") == [-1.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("s UNSATISFIABLE\n", Kind.NO_SOLUTION, "UNSATISFIABLE"),
        ("c nothing\ns UNKNOWN\n", Kind.NO_SOLUTION, "UNKNOWN"),
        ("o 3\ns OPTIMUM FOUND\n", Kind.NO_SOLUTION, "holds no values"),
        ("v x2 x5 -x2\n", Kind.DAMAGED, "`x2` has two values"),
        ("v x2\nv x5 y3\n", Kind.DAMAGED, "`y3` is no variable"),
        ("v x2 x0\n", Kind.DAMAGED, "`x0` is no variable"),
        ("v x2 x5\nhello\n", Kind.DAMAGED, "`hello` begins no line"),
        ("o x\ns OPTIMUM FOUND\n", Kind.UNKNOWN, "no solution file"),
        ("v x2 x5\no 3.x\n", Kind.DAMAGED, "not a number"),
        ("v x2 x9\n", Kind.OTHER_MODEL, "a variable x9"),
        ("o 7\ns OPTIMUM FOUND\nv x2 x5\n", Kind.NOT_SATISFIED, "the objective is"),
    ],
)
def test_what_is_no_solution(text: str, kind: Kind, problem: str) -> None:
    with pytest.raises(AnswerError, match=problem) as caught:
        read(text)
    assert caught.value.kind is kind


def test_a_model_that_has_no_opb_file() -> None:
    with pytest.raises(AnswerError, match="no OPB file of this model") as caught:
        read("v x1\n", mixed())
    assert caught.value.kind is Kind.OTHER_MODEL


def test_a_long_line_of_values() -> None:
    """Solvers print all variables on one line."""
    n = 20_000
    milp = make(np.zeros((0, n)), [], [], np.ones(n), np.zeros(n), np.ones(n))
    assert sum(read("s OPTIMUM FOUND\nv " + " ".join(f"x{j}" for j in range(1, n + 1)) + "\n", milp)) == n
    assert sum(read("v " + " ".join(f"x{j}" for j in range(1, n + 1)) + "\n", milp)) == n
