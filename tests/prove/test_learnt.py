"""What engines learnt apart, put together."""

from __future__ import annotations

import pytest

from bdnnlang.prove import master
from bdnnlang.prove.engine import Engine
from bdnnlang.prove.learnt import together
from bdnnlang.prove.proof import proof_lines
from bdnnlang.prove_check.check import check
from prove.made import at_random, engine, errors_of, master_of, never

pytestmark = pytest.mark.skipif(not master.available(), reason="python-sat is not installed")


def test_engines_of_different_functions_together_prove_what_one_does() -> None:
    of = at_random(1, 2, 24)
    whole = engine(of)
    whole.run(never)
    assert whole.lower > 0
    apart = [Engine(of, whole.upper, errors_of(of), lambda bound: None, master_of, [f]) for f in of.functions]
    for one in apart:
        one.run(never)
    assert min(one.lower for one in apart) == whole.lower
    learnt = together([one.learnt() for one in apart])
    assert learnt.shows(of, whole.lower)
    assert not together([one.learnt() for one in apart[1:]]).shows(of, whole.lower)
    checked = check(list(proof_lines(of, [(range(len(of)), learnt, whole.lower)])))
    assert (checked.total, checked.replayed) == (of.loss(whole.lower), True)
