"""What an engine learnt is a proof for a checker that shares no code with it, and one changed number is none."""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction

import pytest

from bdnnlang.prove import master
from bdnnlang.prove.engine import Engine
from bdnnlang.prove.parts import parts
from bdnnlang.prove.proof import proof_lines
from bdnnlang.prove_check.check import check
from bdnnlang.prove_check.lines import Unproved
from prove.made import at_random, engine, never

pytestmark = pytest.mark.skipif(not master.available(), reason="python-sat is not installed")


def proved(seed: int, neurons: int, count: int = 1) -> tuple[list[str], Fraction, list[Engine]]:
    of = at_random(seed, neurons, 24)
    split = parts(of, count, seed)
    engines = [engine(of.part(part)) for part in split]
    for one in engines:
        one.run(never)
    parts_of = [(part, one.learnt(), one.lower) for part, one in zip(split, engines, strict=True)]
    return list(proof_lines(of, parts_of)), of.loss(sum(one.lower for one in engines)), engines


@pytest.mark.parametrize("neurons", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 2])
def test_proofs_are_replayed(neurons: int, count: int) -> None:
    bounds = []
    for seed in range(3):
        lines, bound, engines = proved(seed, neurons, count)
        checked = check(lines)
        assert (checked.total, checked.replayed) == (bound, True)
        assert checked.conflicts == sum(len(one.pool.conflicts) for one in engines if one.lower)
        bounds.append(bound)
    assert any(bounds)


def test_a_changed_number_is_refused() -> None:
    """Of conflicts, counts and lemmas; what only says less, or is not used, may pass, but never with another bound."""
    lines, bound, _ = proved(1, 2)
    draw, refused = random.Random(5), 0
    numbers = [number for number in range(1, len(lines)) if re.search(r"\d", lines[number])]
    for number in draw.choices(numbers, k=40):
        digits = [k for k, letter in enumerate(lines[number]) if letter.isdigit()]
        at = draw.choice(digits)
        other = draw.choice([d for d in "0123456789" if d != lines[number][at]])
        changed = [*lines[:number], lines[number][:at] + other + lines[number][at + 1 :], *lines[number + 1 :]]
        try:
            assert check(changed).total == bound
        except Unproved:
            refused += 1
    assert refused > 20


def test_a_bound_that_is_one_too_high_is_refused() -> None:
    lines, _, _ = proved(1, 2)
    at = next(k for k, line in enumerate(lines) if line.startswith('{"bound"'))
    lines[at] = json.dumps({"bound": json.loads(lines[at])["bound"] + 1})
    with pytest.raises(Unproved) as refusal:
        check(lines)
    assert refusal.value.line == at + 1
