"""Clauses as rows of a program."""

from __future__ import annotations

import numpy as np

from bdnnlang.budget import Budget, Interrupt
from bdnnlang.prove.clauses import Clauses
from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.functions import output_functions
from bdnnlang.prove.master import Refuted
from bdnnlang.run.row_master import RowMaster, program


def test_a_program_has_a_row_for_each_clause_and_one_for_the_limit() -> None:
    milp = program([(1, -2, 3), (-1, -3)], variables=3, weights=[2, 5], limit=4)
    assert (milp.columns, milp.rows, milp.nonzeros) == (3, 3, 7)
    for number in range(8):
        x = np.array([number >> k & 1 for k in range(3)], dtype=float)
        a, b, c = x > 0
        assert milp.feasible(x) == ((a or not b or c) and not (a and c) and 2 * a + 5 * b <= 4)


def test_it_finds_values_and_says_when_there_are_none() -> None:
    clauses = Clauses(output_functions(1)[0], [1, 0, 0], [2, 1, 1], [0, 1, 2], cap=4)
    master = RowMaster(clauses, "scip", Budget(30.0, Interrupt()))
    for b in (1, 2):
        master.add(clauses.of_conflict(Conflict((0,), (b,), None)))
    assert isinstance(master.solve(1, lambda: False), Refuted)
    values = master.solve(2, lambda: False)
    assert isinstance(values, list)
    wrong = values[1:4]
    assert wrong in ([True, False, False], [False, True, True])
