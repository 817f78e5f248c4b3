"""Whole proofs: those of tiny problems hold and bound what brute force finds; changed ones are refused, or true all the same."""

from __future__ import annotations

import json
import random
from functools import cache

import pytest
from proofs import OnALine

from bdnnlang.prove_check.check import Checked, check
from bdnnlang.prove_check.lines import Unproved


def problem(seed: int, neurons: int) -> OnALine:
    chance = random.Random(seed)
    count = 7 if neurons == 1 else 6
    x = tuple(chance.sample(range(-9, 10), count))
    return OnALine(x, tuple(chance.randint(0, 1) for _ in x), tuple(chance.choice((1, 1, 2, 3)) for _ in x), neurons)


ALTERNATING = OnALine((0, 1, 2, 4, 5, 7), (0, 1, 0, 1, 0, 1), (2, 1, 1, 3, 1, 1), 2)
PROBLEMS = [*(problem(seed, 1 + seed % 2) for seed in range(12)), ALTERNATING]


@cache
def proof(of: OnALine) -> tuple[str, ...]:
    return tuple(of.proof())


@pytest.mark.parametrize("of", PROBLEMS, ids=range(len(PROBLEMS)))
def test_a_proof_of_the_optimum_holds(of: OnALine) -> None:
    checked = check(proof(of))
    assert (checked.total, checked.replayed) == (of.optimum(), True)
    assert checked.conflicts == len(list(of.conflicts()))


def test_the_problems_are_worth_proving() -> None:
    assert sum(of.optimum() > 0 for of in PROBLEMS) >= 8
    assert any('"count"' in line for of in PROBLEMS for line in proof(of))
    assert sum(line.startswith('{"add"') for line in proof(ALTERNATING)) > 3


@pytest.mark.parametrize("of", [of for of in PROBLEMS if of.optimum()], ids=str)
def test_one_more_is_refused(of: OnALine) -> None:
    """At the bound, and at the total."""
    *lines, bound, total = proof(of)
    more = of.optimum() + max(of.weights)
    with pytest.raises(Unproved, match=f"line {len(lines) + 1}: "):
        check([*lines, json.dumps({"bound": more}), total])
    with pytest.raises(Unproved, match=f"line {len(lines) + 2}: "):
        check([*lines, bound, json.dumps({"total": str(of.optimum() + 1)})])


def digits(lines: tuple[str, ...], seed: int) -> list[tuple[int, int]]:
    """A place in every line of a kind, and every place in lines that stand once."""
    chance = random.Random(seed)
    found = []
    for number, line in enumerate(lines):
        places = [k for k, c in enumerate(line) if c.isdigit()]
        often = line.startswith(('{"add"', '{"conflict"', '{"count"', '{"proof"'))
        found += [(number, k) for k in (chance.sample(places, min(3, len(places))) if often else places)]
    return found


@pytest.mark.parametrize("of", [*[of for of in PROBLEMS if of.optimum()][:4], ALTERNATING], ids=str)
def test_another_digit_proves_nothing_false(of: OnALine) -> None:
    lines, refused, named = proof(of), 0, list[tuple[int, int]]()
    whole = check(lines)
    for seed, (number, place) in enumerate(digits(lines, 7)):
        digit = str((int(lines[number][place]) + 1 + seed % 9) % 10)
        changed = [*lines[:number], lines[number][:place] + digit + lines[number][place + 1 :], *lines[number + 1 :]]
        try:
            checked = check(changed)
        except Unproved as error:
            refused += 1
            named.append((error.line, number + 1))
        else:
            assert checked.head != whole.head or checked.total <= of.optimum(), changed[number]
    assert all(line >= there for line, there in named)
    assert refused > 0.5 * len(digits(lines, 7))


@pytest.mark.parametrize("place", range(3))
def test_a_line_too_few_is_refused_or_was_needless(place: int) -> None:
    lines = proof(ALTERNATING)
    for number in range(place, len(lines), 3):
        try:
            checked = check([*lines[:number], *lines[number + 1 :]])
        except Unproved:
            continue
        assert checked.total <= ALTERNATING.optimum()


LINES = proof(ALTERNATING)
HEAD = json.loads(LINES[0])


def with_head(**members: object) -> list[str]:
    return [json.dumps({**HEAD, **members}), *LINES[1:]]


WRONG = {
    "not JSON": ["{", *LINES[1:]],
    "a list": ["[1]", *LINES[1:]],
    "a float": [LINES[0].replace('"unit": 1', '"unit": 1.0'), *LINES[1:]],
    "a name twice": [LINES[0].replace('"unit": 1', '"unit": 1, "unit": 1'), *LINES[1:]],
    "a truth for a number": with_head(neurons=True),
    "another edition": with_head(proof=2),
    "no unit": with_head(unit=0),
    "more neurons on than there are": with_head(threshold=3),
    "no neuron on": with_head(threshold=0),
    "a scale that turns": with_head(scale=[[-1, 0]]),
    "weights of one sign": with_head(weights=[0, 1]),
    "a row twice": with_head(samples=[*HEAD["samples"], HEAD["samples"][0]]),
    "nothing behind the head": LINES[:1],
    "no total": LINES[:-1],
    "more behind the total": [*LINES, LINES[-1]],
    "a part twice": [*LINES[:-1], LINES[1], json.dumps({"bound": 0}), LINES[-1]],
    "a bound without functions": [LINES[0], LINES[1], json.dumps({"bound": 1}), json.dumps({"total": 1})],
    "a member too many": [LINES[0], json.dumps({"part": list(range(6)), "more": 1}), *LINES[2:]],
}


@pytest.mark.parametrize("which", WRONG)
def test_what_is_no_proof_is_refused(which: str) -> None:
    with pytest.raises(Unproved):
        check(WRONG[which])


def test_a_function_left_out_is_refused_at_the_bound() -> None:
    start = next(k for k, line in enumerate(LINES) if line.startswith('{"function": [[0], [1]]'))
    end = next(k for k in range(start, len(LINES)) if LINES[k].startswith('{"refuted"'))
    without = [*LINES[:start], *LINES[end + 1 :]]
    with pytest.raises(Unproved, match="functions of the output are missing") as caught:
        check(without)
    assert caught.value.line == len(without) - 1


def test_parts_add_up() -> None:
    """Two copies far apart, each proved by itself, in units of 3/2, with 1/2 that is irreducible."""
    twice = [[t, w, [x + 100 * k], [row + 6 * k]] for k in (0, 1) for t, w, (x,), (row,) in HEAD["samples"]]
    head = json.dumps({**HEAD, "samples": twice, "unit": "3/2", "irreducible": "1/2"})

    def moved(line: str) -> str:
        members = json.loads(line)
        for name in {"part", "order"} & set(members):
            members[name] = [i + 6 for i in members[name]]
        if "conflict" in members:
            on, off, *rest = members["conflict"]
            members["conflict"] = [[i + 6 for i in on], [i + 6 for i in off], *rest]
        if "count" in members:
            members["count"] = [[i + 6 for i in members["count"][0]], members["count"][1]]
        return json.dumps(members)

    total = 2 * ALTERNATING.optimum() * 3 / 2 + 1 / 2
    lines = [head, *LINES[1:-1], *map(moved, LINES[1:-1]), json.dumps({"total": f"{int(2 * total)}/2"})]
    assert check(lines).total == total


def test_above_the_limit_lemmas_are_not_replayed() -> None:
    checked = check(LINES, most_literals=1)
    assert isinstance(checked, Checked)
    assert (checked.replayed, checked.conflicts) == (False, len(list(ALTERNATING.conflicts())))
