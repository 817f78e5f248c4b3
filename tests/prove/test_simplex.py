"""Hulls that meet and hulls that do not, against a solver of linear programs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from bdnnlang.arrays import Floats, Ints
from bdnnlang.prove.simplex import Meeting, Separation, Sets, hulls_meet


def meet(x: Floats, pair: Sets) -> bool:
    on, off = pair
    rows = np.vstack(
        [
            np.hstack([x[on].T, -x[off].T]),
            np.r_[np.ones(len(on)), np.zeros(len(off))],
            np.r_[np.zeros(len(on)), np.ones(len(off))],
        ]
    )
    return bool(linprog(np.zeros(len(on) + len(off)), A_eq=rows, b_eq=np.r_[np.zeros(x.shape[1]), 1, 1]).status == 0)


def some(rng: np.random.Generator, members: Ints) -> Ints:
    return np.sort(rng.choice(members, rng.integers(1, len(members) + 1), replace=False))


@pytest.mark.parametrize(("features", "box"), [(1, 9), (2, 3), (2, 1000), (4, 2), (4, 1000), (9, 1)])
def test_answers_are_those_of_a_linear_program(features: int, box: int) -> None:
    """On lattices with ties, and on points in general position."""
    rng = np.random.default_rng(features)
    x = 2 * rng.integers(0, box + 1, (24, features)) / box - 1
    pairs = [(some(rng, np.arange(12)), some(rng, np.arange(12, 24))) for _ in range(40)]
    answers = hulls_meet(x, pairs)
    for pair, answer in zip(pairs, answers, strict=True):
        assert isinstance(answer, Meeting if meet(x, pair) else Separation)
        if isinstance(answer, Separation):
            assert (x[pair[0]] @ answer.w + answer.b).min() > 0 > (x[pair[1]] @ answer.w + answer.b).max()
        if isinstance(answer, Meeting):
            assert set(answer.on) <= set(pair[0].tolist())
            assert set(answer.off) <= set(pair[1].tolist())
            assert len(answer.on) + len(answer.off) <= features + 2
            assert meet(x, (np.array(answer.on), np.array(answer.off)))
    assert {type(answer) for answer in answers} == {Meeting, Separation}


def test_many_at_once_and_one_by_one_say_the_same() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, (30, 3))
    pairs = [(some(rng, np.arange(15)), some(rng, np.arange(15, 30))) for _ in range(60)]
    together = [type(answer) for answer in hulls_meet(x, pairs)]
    assert together == [type(hulls_meet(x, [pair])[0]) for pair in pairs] == [type(a) for a in hulls_meet(x, pairs, seed=5)]


def test_an_empty_set_meets_nothing() -> None:
    none, all_ = np.array([], dtype=np.int64), np.arange(3)
    for pair, sign in (((none, all_), -1), ((all_, none), 1)):
        (answer,) = hulls_meet(np.eye(3), [pair])
        assert isinstance(answer, Separation)
        assert answer.b * sign > 0
        assert not answer.w.any()
