"""Clauses: the numbers that docs/proofs.md says, true of every network, and false of errors that weigh too much."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from dichotomies import dichotomies

from bdnnlang.prove.clauses import Clause, Clauses, Count, tidy
from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.functions import OutputFunction, output_functions
from bdnnlang.prove.seeds import seeds
from prove.made import at_random, engine

ANY, ALL = output_functions(2)


def test_the_numbers_are_those_of_the_page() -> None:
    """Of `any of 2`: a sample of class 1 needs a neuron, one of class 0 both."""
    made = Clauses(ANY, [1, 0, 1], [2, 1, 1], order=[2, 0, 1], cap=3)
    assert made.bits == [[4, 5], [-2, -2], [6, 7]]
    assert made.fixed == [
        *((4, 5, 1), (6, 7, 3)),  # witnesses
        *((-4, -5), (-4, -1), (-5, -1), (-6, -7), (-6, -3), (-7, -3)),  # one of them
        *((6, -7), (6, 7, 8), (-6, -7, 8), (-8, 4, -5), (-8, 4, 5, 9), (-8, -4, -5, 9)),  # order
        *((-3, 10), (-1, 11), (-1, -3, 12), (-11, 10), (-12, 11)),  # weights 1, 2, 3 of the errors of class 1
    ]
    assert made.totals == ({1: 2}, {1: 10, 2: 11, 3: 12})
    assert made.variables == 12
    assert list(made.limit(1)) == [(-11,), (-2, -10)]
    assert list(made.of_conflict(Conflict((0, 2), (1,), None))) == [(-4, -6, 2), (-5, -7, 2)]
    assert list(made.of_count(Count(1, (0, 2), 1, ()))) == [(-4, -6, 2), (-5, -7, 2)]
    assert list(made.of_count(Count(1, (0, 2), 2, ()))) == [(-4, -6), (-5, -7)]
    assert list(made.of_count(Count(0, (1,), 2, ()))) == []


def test_a_function_of_fewer_neurons_has_bits_for_these_only() -> None:
    made = Clauses(OutputFunction((5, 1), 3), [1, 0], [1, 1], [0, 1], 2)
    assert made.bits == [[-1], [-2]]
    assert list(made.of_conflict(Conflict((0,), (1,), None))) == [(1, 2)]


def test_tidy() -> None:
    assert tidy([3, -1, 3]) == (3, -1)
    assert tidy([3, -1, -3]) is None


def assignment(made: Clauses, on: list[int]) -> list[bool]:
    """What the clauses say of a network with these neurons, each the samples it is on for; one witness where one is enough."""
    function, values = made.function, [False] * (made.variables + 1)
    bits = [[bool(s >> i & 1) for s in on] for i in range(len(made.labels))]
    wrong = [function(b) != (label == 1) for b, label in zip(bits, made.labels, strict=True)]
    right = [[b == (label == 1) for b in own] for own, label in zip(bits, made.labels, strict=True)]
    for i, label in enumerate(made.labels):
        rows = made.rows[label]
        if len(rows) == 1 and len(rows[0]) > 1:
            first = next((j for j in rows[0] if right[i][j]), None)
            right[i] = [j == first and not wrong[i] for j in made.used]
        right[i] = [not wrong[i] if (j,) in rows else right[i][j] for j in made.used]
    for group in function.alike():
        columns = sorted(([right[i][j] for i in made.order] for j in group), reverse=True)
        for j, column in zip(group, columns, strict=True):
            for i, value in zip(made.order, column, strict=True):
                right[i][j] = value
    for i in range(len(made.labels)):
        values[i + 1] = wrong[i]
        for j in made.used:
            if made.bits[i][j] > 0:
                values[made.bits[i][j]] = right[i][j]
    return values


def holds(clause: Clause, values: list[bool]) -> bool:
    return any(values[abs(literal)] == (literal > 0) for literal in clause)


def completed(made: Clauses, values: list[bool]) -> list[bool]:
    """With the variables of orders and sums, which come last, as few of them true as the clauses allow."""
    bits = max(len(made.labels), *(max(own) for own in made.bits))
    while missed := [clause for clause in made.fixed if not holds(clause, values) and max(clause) > bits]:
        for clause in missed:
            values[max(clause)] = True
    return values


@pytest.mark.parametrize("neurons", [1, 2, 3])
def test_every_network_satisfies_them_within_its_errors_and_not_below(neurons: int) -> None:
    rng = np.random.default_rng(neurons)
    for number in range(6):
        of = at_random(number, neurons, 7)
        learnt = engine(of)
        for _ in seeds(learnt.pool):
            pass
        sets = sorted(dichotomies([s.x for s in of.samples]))
        for function in output_functions(neurons):
            made = Clauses(function, of.labels.tolist(), of.weights, rng.permutation(len(of)).tolist(), cap=6)
            for _ in range(8):
                values = completed(made, assignment(made, [int(s) for s in rng.choice(sets, neurons)]))
                errors = sum(w for w, wrong in zip(of.weights, values[1:], strict=False) if wrong)
                always = [*made.fixed, *(c for one in learnt.pool.conflicts for c in made.of_conflict(one))]
                always += [c for one in learnt.pool.counts for c in made.of_count(one)]
                assert [clause for clause in always if not holds(clause, values)] == []
                for limit in range(6):
                    assert all(holds(clause, values) for clause in made.limit(limit)) == (errors <= limit)


def test_sums_are_all_that_weights_can_be() -> None:
    made = Clauses(ALL, [0] * 4, [2, 3, 3, 7], [0, 1, 2, 3], cap=9)
    sums = {min(sum(w for w, chosen in zip((2, 3, 3, 7), c, strict=True) if chosen), 9) for c in product((0, 1), repeat=4)} - {0}
    assert list(made.totals[0]) == sorted(sums)
    assert made.totals[1] == {}
    assert isinstance(made.function, OutputFunction)
