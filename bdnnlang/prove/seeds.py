"""What is learnt before the search: each sample, and each pair of a class, against the whole other class."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice

from bdnnlang.prove.pool import OneSide, Pool

MOST_ASKED = 30_000  # questions to the oracle
PER_PAIR = 3  # questions that a pair takes at least
AT_ONCE = 256


def seeds(pool: Pool) -> Iterator[None]:
    """Conflicts and counts of one and of two samples of a class, some at each step: one can stop behind each, and go on later."""
    for size in (1, 2):
        for label in (0, 1):
            own, others = pool.problem.of_class(label), pool.problem.of_class(1 - label)
            if size == 2 and len(own) * (len(own) - 1) // 2 * PER_PAIR > MOST_ASKED - pool.asked:
                continue
            tasks: Iterator[OneSide] = (OneSide(label, group, others) for group in combinations(own.tolist(), size))
            while pool.asked < MOST_ASKED and (some := list(islice(tasks, AT_ONCE))):
                pool.count(some)
                yield
