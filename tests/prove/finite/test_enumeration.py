"""One and two neurons with weights of a finite set, against brute force; what the engine proves, a checker replays."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from bdnnlang.prove.engine import Engine
from bdnnlang.prove.finite import enumeration
from bdnnlang.prove.finite.directions import DirectionOracle
from bdnnlang.prove.finite.enumeration import AtLeast, Enumeration, TooMany
from bdnnlang.prove.functions import output_functions
from bdnnlang.prove.master import Master, Stopped
from bdnnlang.prove.problem import ProofProblem
from bdnnlang.prove.proof import proof_lines
from bdnnlang.prove_check.check import check
from bdnnlang.prove_check.lines import Unproved
from prove.made import at_random, errors_of, never

SETS = {
    "signs": (Fraction(-1), Fraction(0), Fraction(1)),
    "halves": (Fraction(-3, 2), Fraction(-1, 2), Fraction(1, 2), Fraction(3, 2)),
    "up to 3": tuple(map(Fraction, range(-3, 4))),
}


def finite(seed: int, neurons: int, values: tuple[Fraction, ...], most: int = 9) -> ProofProblem:
    return replace(at_random(seed, neurons, most), hidden=values)


def brute(of: ProofProblem) -> int:
    """Over all pairs of sets of samples that a neuron can be on for, bit i for sample i."""
    assert of.hidden is not None
    sets = {0, (1 << len(of)) - 1}
    for w in product(of.hidden, repeat=len(of.scale)):
        sums = [sum(a * b for a, b in zip(w, s.x, strict=True)) for s in of.samples]
        sets |= {sum(1 << i for i, s in enumerate(sums) if s >= least) for least in sums}
    on = np.array(sorted(sets))
    right = sum(s.label << i for i, s in enumerate(of.samples))
    cost = np.array([sum(w for i, w in enumerate(of.weights) if wrong >> i & 1) for wrong in range(1 << len(of))])
    outputs = [on] if of.neurons == 1 else [on[:, None] | on[None, :], on[:, None] & on[None, :]]
    return min(int(cost[u ^ right].min()) for u in outputs)


def no_solver(_: object) -> Master:
    raise AssertionError("no solver is needed")


def proved(of: ProofProblem) -> Engine:
    constant = min(sum(s.weight for s in of.samples if s.label == label) for label in (0, 1))
    proof = Engine(of, constant, errors_of(of), lambda bound: None, no_solver)
    proof.run(never)
    assert proof.lower == proof.upper
    return proof


def lines_of(of: ProofProblem, proof: Engine) -> list[str]:
    return list(proof_lines(of, [(range(len(of)), proof.learnt(), proof.lower)]))


def agree(seed: int, neurons: int, values: tuple[Fraction, ...]) -> int:
    """Brute force, the engine and the checker, which refuses one more."""
    of = finite(seed, neurons, values)
    proof = proved(of)
    assert proof.lower == brute(of)
    lines = lines_of(of, proof)
    assert check(lines).total == proof.lower
    for number, line in enumerate(lines):
        members = json.loads(line)
        if "enumeration" in members and members["least"] == proof.lower:
            more = [*lines[:number], json.dumps({**members, "least": proof.lower + 1}), *lines[number + 1 :]]
            if least_of(of, members["enumeration"]) == proof.lower:
                with pytest.raises(Unproved, match=f"line {number + 1}: "):
                    check(more)
    return proof.lower


def least_of(of: ProofProblem, implicants: list[list[int]]) -> int:
    """The least errors with one function, by brute force with its threshold only."""
    function = next(f for f in output_functions(of.neurons, {1}) if list(map(list, f.implicants())) == implicants)
    found = Enumeration(DirectionOracle(of))
    limit = 0
    while isinstance(answer := found.answer(function, limit, sum(of.weights), never), AtLeast):
        limit = answer.errors
    return limit


@pytest.mark.parametrize("neurons", [1, 2])
@pytest.mark.parametrize("values", SETS)
def test_engine_checker_and_brute_force_agree(neurons: int, values: str) -> None:
    least = [agree(seed, neurons, SETS[values]) for seed in range(8)]
    assert any(least)


@pytest.mark.slow
@pytest.mark.parametrize("neurons", [1, 2])
@pytest.mark.parametrize("values", SETS)
def test_they_agree_on_many(neurons: int, values: str) -> None:
    for seed in range(100, 184):
        agree(seed, neurons, SETS[values])


def test_small_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AT_ONCE", "BLOCK", "STEP"):
        monkeypatch.setattr(enumeration, name, 5)
    for seed, neurons in product(range(6), (1, 2)):
        of = finite(seed, neurons, SETS["signs"])
        assert proved(of).lower == brute(of)


@pytest.mark.parametrize("name", ["MOST_SPACES", "MOST_KEPT", "MOST_PRODUCTS"])
def test_above_a_limit_it_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of = finite(4, 2, SETS["up to 3"])
    monkeypatch.setattr(enumeration, name, 0)
    function = of.functions[0]
    assert isinstance(Enumeration(DirectionOracle(of)).answer(function, 3, 3, never), TooMany)


def test_with_room_for_some_half_spaces_small_limits_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    of = finite(9, 2, SETS["signs"], most=12)
    whole = Enumeration(DirectionOracle(of)).answer(of.functions[0], 0, sum(of.weights), never)
    monkeypatch.setattr(enumeration, "MOST_SPACES", 12)
    few = Enumeration(DirectionOracle(of))
    assert few.answer(of.functions[0], 0, sum(of.weights), never) == whole == AtLeast(1)
    assert isinstance(few.answer(of.functions[0], 3, sum(of.weights), never), TooMany)


def test_it_stops() -> None:
    for neurons in (1, 2):
        of = finite(4, neurons, SETS["signs"])
        assert isinstance(Enumeration(DirectionOracle(of)).answer(of.functions[0], 0, 9, lambda: True), Stopped)


def test_three_neurons_are_left_to_a_solver() -> None:
    of = finite(4, 3, SETS["signs"])
    assert isinstance(Enumeration(DirectionOracle(of)).answer(of.functions[0], 0, 9, never), TooMany)
