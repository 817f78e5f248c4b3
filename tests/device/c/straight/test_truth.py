"""`bdnnlang/device/c/straight/truth.py`: decision lists, by all functions of three bits."""

from __future__ import annotations

import itertools

from bdnnlang.device.c.straight.truth import DecisionList, classes_of, decision_list, table_of
from bdnnlang.device.whole import Neuron


def value(steps: DecisionList, k: int) -> int:
    return next((s.result for s in steps.steps if k >> s.bit & 1 == s.value), steps.otherwise)


def test_a_decision_list_is_its_function() -> None:
    found = 0
    for table in itertools.product((0, 1), repeat=8):
        steps = decision_list(table)
        if steps is not None:
            found += 1
            assert tuple(value(steps, k) for k in range(8)) == table
            logic = steps.as_logic(["a", "b", "c"]).replace("&&", " and ").replace("||", " or ").replace("!", " not ")
            assert tuple(int(eval(logic, {"a": k & 1, "b": k >> 1 & 1, "c": k >> 2 & 1})) for k in range(8)) == table
    assert found == 96  # of no bit 2, of one 3 · 2, of two 3 · 8, of three 8 + 8 by one operator and 24 + 24 by both


def test_exclusive_or_has_none() -> None:
    assert decision_list((0, 1, 1, 0)) is None


def test_three_classes_of_outputs() -> None:
    steps = decision_list(classes_of([], 3))
    assert steps is not None
    assert [value(steps, k) for k in range(8)] == [0, 0, 1, 0, 2, 0, 1, 0]  # the first output that is 1, else the first class


def test_tables_have_the_first_bit_lowest() -> None:
    assert table_of(Neuron(((0, 1), (1, 2)), 2), 2) == (0, 0, 1, 1)
