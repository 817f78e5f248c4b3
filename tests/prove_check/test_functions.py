"""Which functions are all there are."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bdnnlang.prove.functions import output_functions
from bdnnlang.prove_check.functions import clauses_of, missing, read_function
from bdnnlang.prove_check.lines import Line, Unproved

HERE = Line(1, {})


@pytest.mark.parametrize("neurons", [1, 2, 3, 4])
def test_none_may_be_left_out(neurons: int) -> None:
    functions = [frozenset(f.implicants()) for f in output_functions(neurons)]
    assert not missing(functions, neurons, None)
    for k in range(len(functions)) if neurons < 4 else (0, 8, 16):
        assert missing(functions[:k] + functions[k + 1 :], neurons, None)


@pytest.mark.parametrize("neurons", [1, 2, 3, 4])
def test_weights_of_a_list_need_fewer(neurons: int) -> None:
    functions = [frozenset(f.implicants()) for f in output_functions(neurons, {1})]
    assert not missing(functions, neurons, (Fraction(0), Fraction(1, 2)))
    assert missing(functions, neurons, (Fraction(0), Fraction(1), Fraction(2))) == (neurons > 2)
    assert missing(functions[1:], neurons, (Fraction(1),))


@pytest.mark.parametrize("neurons", [1, 2, 3, 4])
def test_a_fixed_output_needs_its_own_function_alone(neurons: int) -> None:
    functions = [frozenset(f.implicants()) for f in output_functions(neurons, {1})]
    for k, own in enumerate(functions, 1):
        assert {len(one) for one in own} == {k}
        assert not missing([own], neurons, None, threshold=k)
        assert missing([f for f in functions if f != own], neurons, None, threshold=k)


def test_five_neurons_are_too_many() -> None:
    assert missing([frozenset({(0, 1, 2, 3, 4)})], 5, None)


@pytest.mark.parametrize("neurons", [1, 2, 3, 4])
def test_clauses_are_the_implicates(neurons: int) -> None:
    for function in output_functions(neurons):
        assert set(clauses_of(frozenset(function.implicants()))) == set(function.implicates())


@pytest.mark.parametrize("value", [[], [[]], [[0], [0, 1]], [[1]], [[1, 0]], [[0, 2]], [[0], 1], 3, [[True]]])
def test_what_is_no_function_is_refused(value: object) -> None:
    with pytest.raises(Unproved):
        read_function(HERE, value, 2)
