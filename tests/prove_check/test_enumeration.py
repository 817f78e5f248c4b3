"""What the checker of enumerations believes, and what it refuses; by hand, and against brute force."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from bdnnlang.prove_check import enumeration
from bdnnlang.prove_check.check import check
from bdnnlang.prove_check.enumeration import ALL, ANY, ONE, check_least
from bdnnlang.prove_check.head import Merged
from bdnnlang.prove_check.lines import Line, Unproved

LINE = Line(7, {})
SIGNS = np.array(list(product((-1, 0, 1), repeat=2)), dtype=np.int64)


def samples(seed: int) -> list[Merged]:
    rng = np.random.default_rng(seed)
    points = sorted({tuple(map(int, x)) for x in rng.integers(0, 4, (9, 2))})
    return [Merged(int(rng.integers(0, 2)), int(rng.integers(1, 4)), x, (i,)) for i, x in enumerate(points)]


def least(of: list[Merged], neurons: int, function: object) -> int:
    """By brute force; `function` of the neurons' truths."""
    one = {tuple(sign * int(w @ s.x) > t for s in of) for w in SIGNS for sign in (1, -1) for t in range(-13, 13)}
    return min(
        sum(s.weight for s, *on in zip(of, *choice, strict=True) if function(on) != (s.label == 1))  # type: ignore[operator]
        for choice in product(one, repeat=neurons)
    )


def holds(of: list[Merged], function: frozenset[tuple[int, ...]], value: int) -> bool:
    try:
        check_least(LINE, function, value, SIGNS, of)
    except Unproved:
        return False
    return True


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("function", "of"), [(ONE, any), (ANY, any), (ALL, all)], ids=["one", "any", "all"])
def test_it_believes_the_least_errors_and_not_more(seed: int, function: frozenset[tuple[int, ...]], of: object) -> None:
    some = samples(seed)
    best = least(some, 1 if function == ONE else 2, of)
    assert not holds(some, function, best + 1)
    assert best == 0 or holds(some, function, best)


def test_small_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [(samples(seed), function, v) for seed in range(3) for function in (ONE, ANY, ALL) for v in (1, 2, 3, 4, 5)]
    whole = [holds(*case) for case in cases]
    monkeypatch.setattr(enumeration, "AT_ONCE", 5)
    monkeypatch.setattr(enumeration, "PAIRS_AT_ONCE", 2)
    assert [holds(*case) for case in cases] == whole
    assert len(set(whole)) == 2


@pytest.mark.parametrize("limit", ["MOST_SETS", "MOST_BITS", "MOST_PRODUCTS"])
def test_what_is_too_much_to_try_is_refused(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enumeration, limit, 0)
    with pytest.raises(Unproved, match="too many"):
        check_least(LINE, ANY, 1, SIGNS, samples(0))


def test_weights_that_cannot_be_added_up_are_refused() -> None:
    heavy = [Merged(i % 2, 2**52, (i, 0), (i,)) for i in range(3)]
    with pytest.raises(Unproved, match="too large"):
        check_least(LINE, ONE, 1, SIGNS, heavy)


def proof(**members: object) -> list[str]:
    """Of four corners of a square, two and two crosswise: one neuron errs on one of them, two on none."""
    head = {
        "proof": 1,
        "question": None,
        "neurons": 1,
        "weights": [-1, 0, 1],
        "output": [0, 1],
        "threshold": None,
        "unit": 1,
        "irreducible": 0,
        "scale": [[1, 0], [1, 0]],
        "samples": [[int(a == b), 1, [a, b], [2 * a + b]] for a, b in product((0, 1), repeat=2)],
    }
    line = {"enumeration": [[0]], "least": 1, **members}
    return [json.dumps(one) for one in (head, {"part": [0, 1, 2, 3]}, line, {"bound": 1}, {"total": 1})]


def test_a_proof_by_enumeration() -> None:
    checked = check(proof())
    assert (checked.total, checked.enumerations, checked.conflicts, checked.replayed) == (1, 1, 0, True)


WRONG = {
    "a digit": proof(least=2),
    "a digit far up": proof(least=10**30),
    "nothing": proof(least=0),
    "another function": proof(enumeration=[[0], [1]]),
    "no function": proof(enumeration=[]),
    "any weights": [proof()[0].replace("[-1, 0, 1]", "null"), *proof()[1:]],
    "larger weights": [proof()[0].replace("[-1, 0, 1]", "[-2, -1, 0, 1, 2]").replace('"unit": 1', '"unit": 2'), *proof()[1:]],
}


@pytest.mark.parametrize("which", WRONG)
def test_another_line_is_refused(which: str) -> None:
    with pytest.raises(Unproved) as caught:
        check(WRONG[which])
    assert caught.value.line == (5 if which == "larger weights" else 3)


def test_a_bound_above_an_enumeration_is_refused() -> None:
    *lines, _, _ = proof()
    with pytest.raises(Unproved, match="line 4: the functions bound the errors by 1 only"):
        check([*lines, '{"bound": 2}', '{"total": 2}'])
