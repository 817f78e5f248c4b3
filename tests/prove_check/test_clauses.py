"""The clauses against brute force: they have a solution just where a network has so few errors."""

from __future__ import annotations

import pytest
from proofs import FUNCTIONS, OnALine, satisfiable

from bdnnlang.prove_check.clauses import clauses

from .test_check import PROBLEMS


@pytest.mark.parametrize("of", PROBLEMS, ids=range(len(PROBLEMS)))
@pytest.mark.parametrize("with_counts", [False, True], ids=["plain", "counts"])
def test_they_have_a_solution_from_the_optimum_on(of: OnALine, with_counts: bool) -> None:
    conflicts = list(of.conflicts())
    counts = list(of.counts(conflicts)) if with_counts else []
    for implicants in FUNCTIONS[of.neurons]:
        best = of.optimum(implicants)
        for limit in {best - 1, best} - {-1}:
            assert satisfiable(clauses(of.question(implicants, limit, conflicts, counts))) == (limit >= best)
