"""Functions of the output by their implicants, and whether some are all there are (docs/proofs.md 1, steps 1 and 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import reduce
from itertools import combinations, combinations_with_replacement, permutations, product
from operator import and_, or_
from typing import Any

from bdnnlang.prove_check.lines import Line

MOST_NEURONS = 4
REAL_WEIGHTS = {1: 1, 2: 1, 3: 2, 4: 3}  # whole weights up to these are as good as real ones

Neurons = tuple[int, ...]
Table = int  # the patterns of the neurons that the output is on for, a bit each


def read_function(line: Line, value: Any, neurons: int) -> frozenset[Neurons]:
    """Implicants none of which contains another. Raises Unproved."""
    if not isinstance(value, list) or not value:
        raise line.refuse("a function has at least one implicant")
    found = [line.ascending(one, neurons) for one in value]
    if any(not a for a in found) or any(set(a) <= set(b) for a, b in permutations(found, 2)):
        raise line.refuse("an implicant is empty or contains another")
    if {j for one in found for j in one} != set(range(_neurons(found))):
        raise line.refuse("a neuron is in no implicant")
    return frozenset(found)


def _neurons(implicants: Iterable[Neurons]) -> int:
    return 1 + max(j for one in implicants for j in one)


def clauses_of(implicants: frozenset[Neurons]) -> list[Neurons]:
    """The least sets of neurons that meet every implicant."""
    neurons, found = range(_neurons(implicants)), list[Neurons]()
    for chosen in (c for size in range(1, len(neurons) + 1) for c in combinations(neurons, size)):
        if not any(set(small) <= set(chosen) for small in found) and all(set(chosen) & set(one) for one in implicants):
            found.append(chosen)
    return found


def missing(
    functions: Collection[frozenset[Neurons]], neurons: int, output: tuple[Fraction, ...] | None, threshold: int | None = None
) -> bool:
    """Is there a network whose output is none of these functions, of hidden neurons that may be equal or constant?

    With a `threshold` all networks have the output "at least so many neurons are on".
    """
    if neurons > MOST_NEURONS:
        return True
    tables = _all_tables(neurons, output) if threshold is None else {_at_least(threshold, neurons)}
    return not tables <= {table for function in functions for table in _given(function, neurons)}


def _at_least(threshold: int, neurons: int) -> Table:
    return sum(1 << k for k, bits in enumerate(product((0, 1), repeat=neurons)) if sum(bits) >= threshold)


def _all_tables(neurons: int, output: tuple[Fraction, ...] | None) -> set[Table]:
    """Of all outputs with weights of the list, none of them negative, up to the order of the neurons."""
    allowed = tuple(map(Fraction, range(REAL_WEIGHTS[neurons] + 1))) if output is None else output
    tables = set[Table]()
    for weights in combinations_with_replacement(sorted(map(abs, allowed)), neurons):
        sums = [sum(w for w, on in zip(weights, bits, strict=True) if on) for bits in product((0, 1), repeat=neurons)]
        thresholds = {*sums, max(sums) + 1}
        tables |= {sum(1 << k for k, total in enumerate(sums) if total >= threshold) for threshold in thresholds}
    return tables


def _given(implicants: frozenset[Neurons], neurons: int) -> set[Table]:
    """What a function is of `neurons` hidden ones, each of its own being one of them, or off, or on."""
    patterns = list(product((0, 1), repeat=neurons))
    hidden = [sum(1 << k for k, bits in enumerate(patterns) if bits[j]) for j in range(neurons)]
    every = (1 << len(patterns)) - 1
    return {
        reduce(or_, (reduce(and_, (own[j] for j in one)) for one in implicants))
        for own in product([*hidden, 0, every], repeat=_neurons(implicants))
    }
