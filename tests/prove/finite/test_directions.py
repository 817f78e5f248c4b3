"""Neurons with weights from a finite set, against trying all of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from bdnnlang.prove.finite.directions import DirectionOracle
from bdnnlang.prove.problem import ProofProblem
from bdnnlang.prove.simplex import Meeting, Separation
from prove.made import at_random, engine, never

SIGNS = (Fraction(-1), Fraction(0), Fraction(1))
HALVES = (Fraction(-3, 2), Fraction(-1, 2), Fraction(1, 2), Fraction(3, 2))


def finite(seed: int, neurons: int, values: tuple[Fraction, ...]) -> ProofProblem:
    return replace(at_random(seed, neurons, 9), hidden=values)


def dichotomies(of: ProofProblem) -> set[int]:
    """Sets of samples, bit i for sample i, that a neuron is on for."""
    assert of.hidden is not None
    found = {0, (1 << len(of)) - 1}
    for w in product(of.hidden, repeat=len(of.scale)):
        sums = [sum(a * b for a, b in zip(w, s.x, strict=True)) for s in of.samples]
        found |= {sum(1 << i for i, s in enumerate(sums) if s >= least) for least in sums}
    return found


@pytest.mark.parametrize("values", [SIGNS, HALVES], ids=["signs", "halves"])
@pytest.mark.parametrize("seed", range(4))
def test_answers_are_right(values: tuple[Fraction, ...], seed: int) -> None:
    of, rng = finite(seed, 2, values), np.random.default_rng(seed)
    oracle, sets = DirectionOracle(of), dichotomies(of)
    for _ in range(30):
        mixed = rng.permutation(len(of))
        on, off = np.sort(mixed[:3]), np.sort(mixed[3 : rng.integers(5, len(of) + 1)])
        (answer,) = oracle.answers([(on, off)])
        mask, wanted = sum(1 << int(i) for i in [*on, *off]), sum(1 << int(i) for i in on)
        assert isinstance(answer, Separation if any(s & mask == wanted for s in sets) else Meeting)
        if isinstance(answer, Meeting):
            assert set(answer.on) <= set(on.tolist())
            assert set(answer.off) <= set(off.tolist())
            assert oracle.conflict(answer) is not None
        else:
            w, b = oracle.neuron(answer)
            assert all(Fraction(v) in values for v in w.tolist())
            assert [sum(v * x for v, x in zip(w, of.samples[i].x, strict=True)) + b > 0 for i in mixed[:3]] == [True] * 3


def test_a_wrong_meeting_is_no_conflict() -> None:
    of = finite(1, 2, SIGNS)
    assert DirectionOracle(of).conflict(Meeting((0,), (len(of) - 1,))) is None


@pytest.mark.parametrize("neurons", [1, 2])
@pytest.mark.parametrize("values", [SIGNS, HALVES], ids=["signs", "halves"])
def test_bounds_are_the_least_errors(neurons: int, values: tuple[Fraction, ...]) -> None:
    for seed in range(6):
        of = finite(seed, neurons, values)
        proof = engine(of)
        proof.enumeration = None  # which needs no oracle
        proof.run(never)
        sets = np.array(sorted(dichotomies(of)))
        right = sum(int(s.label) << i for i, s in enumerate(of.samples))
        cost = np.array([sum(w for i, w in enumerate(of.weights) if wrong >> i & 1) for wrong in range(1 << len(of))])
        outputs = [sets] if neurons == 1 else [sets[:, None] | sets[None, :], sets[:, None] & sets[None, :]]
        assert proof.lower == proof.upper == min(int(cost[u ^ right].min()) for u in outputs)
