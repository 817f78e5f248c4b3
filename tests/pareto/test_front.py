"""The front of loss and bytes: against every network of a made-up set, with bounds as far off as solvers leave them."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from bdnnlang.pareto.front import FrontPoint, Solved, Tracing, front

NETWORKS = [(4, 30), (10, 30), (10, 12), (13, 12), (17, 7), (19, 9), (26, 7), (26, 2), (40, 2), (41, 1)]  # bytes, loss
FRONT = [(41, 1), (26, 2), (17, 7), (10, 12), (4, 30)]


def best(limit: int | None) -> list[tuple[int, int]]:
    """The networks of the least loss within a limit."""
    within = [one for one in NETWORKS if limit is None or one[0] <= limit]
    least = min((loss for _, loss in within), default=0)
    return [one for one in within if one[1] == least]


def solver(chance: random.Random, slack: int = 0, margin: float | None = None):  # type: ignore[no-untyped-def]
    """Any of the best networks, or with `slack` one that is somewhat worse, and a bound that is somewhat low."""

    def solve(limit: int | None, left: int) -> Solved:
        known = best(limit)
        if not known:
            return Solved(limit, None, None, None, math.inf)
        near = [one for one in NETWORKS if (limit is None or one[0] <= limit) and one[1] <= known[0][1] + slack]
        size, loss = chance.choice(near)
        return Solved(limit, loss, loss, size, known[0][1] - (chance.randrange(slack + 1)), margin)

    return solve


def traced(runs: int, chance: random.Random, slack: int = 0, margin: float | None = None) -> tuple[Tracing, list[FrontPoint]]:
    tracing = Tracing(4, runs)
    list(tracing.trace(solver(chance, slack, margin)))
    return tracing, front(tracing.solved, tracing.least)


@pytest.mark.parametrize("seed", range(20))
def test_with_enough_runs_it_is_the_whole_front(seed: int) -> None:
    tracing, points = traced(200, random.Random(seed))
    assert [(one.solved.bytes, one.solved.objective) for one in points] == FRONT
    assert all(one.is_optimal and one.is_least and one.margin is None for one in points)
    sizes = [one.bytes for one in tracing.solved]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("runs", [1, 2, 3, 5, 9])
def test_what_is_said_is_true(seed: int, runs: int) -> None:
    """Whatever solvers leave open: a bound holds for all networks of at most as many bytes, and what is proved is so."""
    tracing, points = traced(runs, random.Random(seed), slack=seed % 4 * 3)
    assert len(tracing.solved) <= runs
    for one in points:
        size, loss = one.solved.bytes, one.solved.objective
        assert size is not None
        assert loss is not None
        assert all(other[1] >= one.bound for other in NETWORKS if other[0] <= size)
        assert one.is_optimal == (one.bound >= loss)
        if one.is_least:
            assert not any(other[1] <= loss for other in NETWORKS if other[0] < size)
    found = [(one.solved.bytes, one.solved.objective) for one in points]
    for one in tracing.solved:
        assert any(p[0] <= one.bytes and p[1] <= one.objective for p in found)  # type: ignore[operator]
    assert all(a[0] > b[0] and a[1] < b[1] for a, b in itertools.pairwise(found))  # type: ignore[operator]


def test_the_last_run_is_at_the_least() -> None:
    asked: list[int | None] = []
    tracing = Tracing(4, 3)

    def solve(limit: int | None, left: int) -> Solved:
        asked.append(limit)
        return Solved(limit, 1, 1, 100 if limit is None else limit, 0)

    list(tracing.trace(solve))
    assert asked == [None, 52, 4]


def test_no_network_is_a_bound_for_fewer_bytes() -> None:
    found = [Solved(None, 3, 3, 20, 3), Solved(19, None, None, None, math.inf)]
    (point,) = front(found, 4)
    assert point.is_optimal
    assert point.is_least


def test_a_bound_with_a_margin_is_none_of_all_networks() -> None:
    """It proves no network the smallest, and is told with its margin where it is needed."""
    found = [Solved(None, 3, 3, 20, 3, 0.1), Solved(19, 7, 7, 12, 7, 0.1)]
    first, second = front(found, 4)
    assert (first.bound, first.margin, first.is_least) == (3, 0.1, False)
    assert (second.bound, second.margin) == (7, 0.1)
    (plain,) = front([Solved(None, 3, 3, 20, 3), Solved(20, 3, 3, 20, 3, 0.1)], 4)
    assert plain.margin is None


def test_an_interrupted_run_is_the_last() -> None:
    tracing = Tracing(4, 9)
    list(tracing.trace(lambda limit, left: Solved(limit, 5, 5, 30, 0, interrupted=limit is not None)))
    assert len(tracing.solved) == 2
