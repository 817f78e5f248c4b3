"""Bounds against brute force over all that neurons can do."""

from __future__ import annotations

from itertools import repeat

import pytest
from dichotomies import least_errors

from bdnnlang.prove import seeds
from bdnnlang.prove.engine import Engine
from bdnnlang.prove.problem import ProofProblem
from prove.made import at_random, engine, errors_of, master_of, never


def brute(of: ProofProblem) -> int:
    return least_errors([s.x for s in of.samples], of.labels.tolist(), of.weights, of.neurons)


def check(seed: int, neurons: int) -> int:
    """The least errors, which the engine proves; every conflict holds."""
    of = at_random(seed, neurons, 10 if neurons < 3 else 9)
    proof = engine(of)
    proof.run(never)
    assert proof.lower == proof.upper == brute(of)
    for conflict in proof.pool.conflicts:
        assert conflict.multipliers is not None
        on, off = conflict.multipliers
        assert sum(on) == sum(off)
        assert min(*on, *off) > 0
        for j in range(len(of.scale)):
            left = sum(m * of.samples[i].x[j] for m, i in zip(on, conflict.on, strict=True))
            assert left == sum(m * of.samples[i].x[j] for m, i in zip(off, conflict.off, strict=True))
    return proof.lower


@pytest.mark.parametrize("neurons", [1, 2, 3])
def test_bounds_are_the_least_errors(neurons: int) -> None:
    least = [check(seed, neurons) for seed in range(16 if neurons < 3 else 6)]
    assert any(least)  # not all of them are easy


@pytest.mark.slow
@pytest.mark.parametrize("neurons", [1, 2, 3])
@pytest.mark.parametrize("first", range(100, 600, 50))
def test_bounds_are_the_least_errors_of_many(neurons: int, first: int) -> None:
    for seed in range(first, first + 50):
        check(seed, neurons)


def test_a_bound_never_passes_what_a_known_network_reaches() -> None:
    of = at_random(3, 2)
    least = brute(of)
    proof = engine(of, upper=least)
    proof.run(never)
    assert proof.lower == least


def test_it_goes_on_where_it_was_stopped() -> None:
    of = at_random(7, 2, 12)
    whole, cut = engine(of), engine(of)
    whole.run(never)
    for patience in range(1, 200):
        left = iter(range(patience))
        cut.run(lambda left=left: next(left, None) is None)  # type: ignore[misc]
        if cut.is_over:
            break
    assert (cut.lower, cut.upper) == (whole.lower, whole.upper)
    assert patience > 2


@pytest.mark.parametrize("seed", range(2))
def test_stopped_while_it_learns_its_seeds_it_goes_on_behind_them(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked again and again to stop behind one question more, it asks no question twice."""
    monkeypatch.setattr(seeds, "AT_ONCE", 1)
    of = at_random(seed, 2, 24)
    whole, halting = engine(of), engine(of)
    whole.run(never)
    while not halting.is_seeded and not halting.is_over:
        halting.run(iter((False, *repeat(True, 1_000))).__next__)
    halting.run(never)
    assert (halting.lower, halting.pool.asked) == (whole.lower, whole.pool.asked)
    assert halting.pool.conflicts == whole.pool.conflicts


def test_what_is_known_from_before_is_not_proved_again() -> None:
    of = at_random(1, 2, 24)
    whole = engine(of)
    whole.run(never)
    assert whole.lower > 1
    bounds: list[int] = []
    later = Engine(of, whole.upper, errors_of(of), bounds.append, master_of, lower=whole.lower - 1)
    later.run(never)
    assert bounds == [whole.lower]
