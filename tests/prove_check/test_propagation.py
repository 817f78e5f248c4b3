"""Unit propagation against the rule itself: as long as a clause has one literal that is not false, that literal is true."""

from __future__ import annotations

import random

import pytest

from bdnnlang.prove_check.propagation import Clauses


def plainly(formula: list[tuple[int, ...]], true: set[int]) -> set[int] | None:
    """What follows from literals by propagation; None: a contradiction."""
    true = set(true)
    while True:
        if any(-literal in true for literal in true):
            return None
        new = set()
        for clause in formula:
            if not any(literal in true for literal in clause):
                free = {literal for literal in clause if -literal not in true}
                if not free:
                    return None
                new |= free if len(free) == 1 else set()
        if not new:
            return true
        true |= new


@pytest.mark.parametrize("seed", range(30))
def test_lemmas_follow_as_the_rule_says(seed: int) -> None:
    chance = random.Random(seed)

    def clause() -> tuple[int, ...]:
        return tuple(chance.choice((1, -1)) * v for v in chance.sample(range(1, 9), chance.choice((1, 2, 2, 3, 3, 4))))

    formula = [clause() for _ in range(14)]
    known = Clauses(formula)
    assert known.contradiction == (plainly(formula, set()) is None)
    for _ in range(40):
        lemma = clause()
        follows = plainly(formula, {-literal for literal in lemma}) is None
        assert known.implies(lemma) == follows
        if follows:
            known.add(lemma)
            formula.append(lemma)
            assert known.contradiction == (plainly(formula, set()) is None)


def test_an_empty_lemma_follows_from_a_contradiction_only() -> None:
    assert not Clauses([(1, 2)]).implies(())
    assert Clauses([(1,), (-1,)]).implies(())
    assert Clauses([()]).contradiction
