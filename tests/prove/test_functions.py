"""Output functions against all monotone Boolean functions of up to four neurons."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations_with_replacement, permutations, product

import pytest

from bdnnlang.prove.functions import GREATEST_WEIGHT, MOST_NEURONS, OutputFunction, output_functions

Table = tuple[bool, ...]
COUNTS = {1: 1, 2: 2, 3: 5, 4: 17}


@cache
def patterns(neurons: int) -> list[tuple[bool, ...]]:
    return list(product((False, True), repeat=neurons))


def monotone(neurons: int) -> Iterator[Table]:
    """All monotone functions: a function of n is a pair f ≤ g of functions of n − 1, for the first neuron off and on."""
    if neurons == 0:
        yield from ((False,), (True,))
        return
    smaller = list(monotone(neurons - 1))
    for off, on in product(smaller, repeat=2):
        if all(a <= b for a, b in zip(off, on, strict=True)):
            yield off + on


def is_threshold(table: Table, neurons: int) -> bool:
    """No two patterns with output 1 add up to what two with output 0 add up to: enough below nine neurons (Winder 1962)."""
    sums: list[set[tuple[int, ...]]] = [set(), set()]
    for output in (False, True):
        chosen = [p for p, value in zip(patterns(neurons), table, strict=True) if value is output]
        sums[output] = {tuple(map(sum, zip(*pair, strict=True))) for pair in combinations_with_replacement(chosen, 2)}
    return not sums[0] & sums[1]


def depends_on_all(table: Table, neurons: int) -> bool:
    value = dict(zip(patterns(neurons), table, strict=True))
    return all(any(value[p] != value[(*p[:j], not p[j], *p[j + 1 :])] for p in value) for j in range(neurons))


def orbit(table: Table, neurons: int) -> set[Table]:
    """The same function with its neurons in every order."""
    value = dict(zip(patterns(neurons), table, strict=True))
    orders = permutations(range(neurons))
    return {tuple(value[tuple([p[i] for i in order])] for p in patterns(neurons)) for order in orders}


def reached(functions: tuple[OutputFunction, ...], neurons: int) -> set[Table]:
    """What the functions are with some neurons constant, in every order of the neurons."""
    with_constants: set[Table] = set()
    for states in product((None, False, True), repeat=neurons):
        seen = [tuple(p if s is None else s for p, s in zip(on, states, strict=True)) for on in patterns(neurons)]
        places = [patterns(neurons).index(on) for on in seen]
        with_constants |= {tuple(table[i] for i in places) for table in (f.table() for f in functions)}
    return set().union(*(orbit(table, neurons) for table in with_constants))


@pytest.mark.parametrize("neurons", COUNTS)
def test_they_are_all_threshold_functions_that_depend_on_every_neuron(neurons: int) -> None:
    found = output_functions(neurons)
    orbits = [orbit(f.table(), neurons) for f in found]
    assert len(found) == COUNTS[neurons]
    assert sum(map(len, orbits)) == len(set().union(*orbits)), "two of them differ by the order of the neurons"
    expected = {t for t in monotone(neurons) if depends_on_all(t, neurons) and is_threshold(t, neurons)}
    assert set().union(*orbits) == expected


@pytest.mark.parametrize("neurons", COUNTS)
def test_every_other_threshold_function_is_one_of_them_with_constant_neurons(neurons: int) -> None:
    """Whatever an output is of its neurons, some function here is, if some neurons are constant and all may be exchanged."""
    assert reached(output_functions(neurons), neurons) == {t for t in monotone(neurons) if is_threshold(t, neurons)}


@pytest.mark.parametrize("neurons", COUNTS)
def test_weights_are_the_least_whole_ones(neurons: int) -> None:
    for function in output_functions(neurons):
        smaller = (
            OutputFunction(weights, threshold)
            for weights in product(range(1, GREATEST_WEIGHT[neurons] + 1), repeat=neurons)
            if sum(weights) < sum(function.weights)
            for threshold in range(1, sum(weights) + 1)
        )
        assert all(other.table() != function.table() for other in smaller)
        assert sorted(function.weights, reverse=True) == list(function.weights)


@pytest.mark.parametrize("neurons", COUNTS)
def test_with_weights_0_and_1_only_k_of_d_remain(neurons: int) -> None:
    found = output_functions(neurons, {1})
    assert [(f.weights, f.threshold) for f in found] == [((1,) * neurons, k) for k in range(1, neurons + 1)]


@pytest.mark.parametrize("weights", [{1}, {2}, {1, 2}, {2, 3}, {1, 3}, {1, 2, 3}, {5, 7}])
@pytest.mark.parametrize("neurons", [1, 2, 3])
def test_a_domain_loses_no_function_that_its_weights_can_be(neurons: int, weights: set[int]) -> None:
    """Every function of weights of the domain, and of 0, is one of those found, with constant neurons and in some order."""
    found = output_functions(neurons, weights)
    assert all(set(f.weights) <= weights for f in found)
    tables = reached(found, neurons)
    for v in product((0, *weights), repeat=neurons):
        for threshold in range(sum(v) + 2):
            assert tuple(sum(w for w, on in zip(v, p, strict=True) if on) >= threshold for p in patterns(neurons)) in tables


@pytest.mark.parametrize("neurons", COUNTS)
def test_implicants_and_implicates_say_the_same_as_the_weights(neurons: int) -> None:
    for function in output_functions(neurons):
        implicants, implicates = function.implicants(), function.implicates()
        for on, value in zip(patterns(neurons), function.table(), strict=True):
            assert value == any(all(on[j] for j in implicant) for implicant in implicants)
            assert value == all(any(on[j] for j in implicate) for implicate in implicates)


def test_neurons_that_can_be_exchanged() -> None:
    assert OutputFunction((1, 1, 1), 2).alike() == ((0, 1, 2),)
    assert OutputFunction((2, 1, 1), 2).alike() == ((0,), (1, 2))
    assert OutputFunction((3, 2, 2, 1), 5).alike() == ((0,), (1, 2), (3,))


def test_they_say_what_they_are() -> None:
    said = [str(f) for f in output_functions(2)] + [str(f) for f in output_functions(3)]
    assert said == ["any of 2", "all of 2", "any of 3", "2 of 3", "all of 3", "2 h1 + h2 + h3 >= 2", "2 h1 + h2 + h3 >= 3"]
    assert max(COUNTS) == MOST_NEURONS
