"""Small sets of samples that no neuron gets all right, and the samples that stand in the way of many: errors in data are such."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.hulls import HullOracle
from bdnnlang.prove.pool import OneSide, Pool
from bdnnlang.prove.problem import ProofProblem, proof_problem
from bdnnlang.prove.simplex import Meeting

AT_ONCE = 256  # samples whose questions are asked together

Rows = tuple[int, ...]  # numbers of training samples


@dataclass(frozen=True, slots=True)
class Suspect:
    """A sample between others of the other class: it is in conflict with each of so many sets of them that share none."""

    sample: int
    others: tuple[Rows, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`equal`: samples with the same features and both classes. `sets`: no two have a sample in common.

    `least`: the loss that equal samples and, where there is one hidden neuron, the sets force on every network.
    """

    equal: tuple[Rows, ...]
    sets: tuple[Rows, ...]
    suspects: tuple[Suspect, ...]
    least: Fraction


def find_conflicts(training: TrainingProblem, stop: Callable[[], bool] = lambda: False) -> Found:
    """Every set is proved in whole numbers, whatever the weights of neurons. When it is to stop, there are fewer of them.

    A set has a point in the convex hulls of both of its classes, and no part of it has. A neuron, turned or not, that got all of
    it right would have that point on both of its sides.
    """
    problem = proof_problem(training)
    pool = Pool(problem, HullOracle(problem))
    for label in (0, 1):
        own, others = problem.of_class(label), problem.of_class(1 - label)
        for some in np.split(own, range(AT_ONCE, len(own), AT_ONCE)):
            if len(others) and not stop():
                pool.count(OneSide(label, (int(i),), others) for i in some)
    sets = [*_disjoint(pool, stop)]
    least = problem.irreducible
    if problem.neurons == 1:
        weights = (min(problem.samples[i].weight for i in (*one.on, *one.off)) for one in sets)
        least += problem.unit * sum(weights)
    rows = [tuple(sorted(problem.samples[i].rows[0] for i in (*one.on, *one.off))) for one in sets]
    return Found(tuple(_equal(training)), tuple(rows), tuple(_suspects(problem, pool)), least)


def _disjoint(pool: Pool, stop: Callable[[], bool]) -> Iterator[Conflict]:
    """Conflicts that share no sample, small ones first, until what is left can be told apart."""
    left = [pool.problem.of_class(1), pool.problem.of_class(0)]

    def take(one: Conflict) -> Conflict:
        left[0], left[1] = left[0][~np.isin(left[0], one.on)], left[1][~np.isin(left[1], one.off)]
        return one

    for one in sorted(pool.conflicts, key=lambda one: len(one.on) + len(one.off)):
        if set(one.on) <= set(left[0].tolist()) and set(one.off) <= set(left[1].tolist()):
            yield take(one)
    while len(left[0]) and len(left[1]) and not stop():
        (answer,) = pool.ask([(left[0], left[1])])
        number = pool.learn(answer) if isinstance(answer, Meeting) else None
        if number is None:
            return
        yield take(pool.conflicts[number])


def _suspects(problem: ProofProblem, pool: Pool) -> Iterator[Suspect]:
    """Those of one sample against several sets, the worst first."""
    alone = [count for count in pool.counts if len(count.samples) == 1]
    for count in sorted(alone, key=lambda count: (-len(count.by), count.samples)):
        sides = (pool.conflicts[k].side(1 - count.label) for k in count.by)
        others = tuple(tuple(problem.samples[i].rows[0] for i in side) for side in sides)
        yield Suspect(problem.samples[count.samples[0]].rows[0], others)


def _equal(training: TrainingProblem) -> Iterator[Rows]:
    """Groups of equal samples that have both classes."""
    from bdnnlang.data.dataset import equal_rows

    groups, y = equal_rows(training.samples), training.samples.y
    order = np.argsort(groups, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        if len(np.unique(y[rows])) > 1:
            yield tuple(rows.tolist())
