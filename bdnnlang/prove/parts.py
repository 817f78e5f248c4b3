"""Disjoint parts of the samples: bounds on the errors of each add up to one of all."""

from __future__ import annotations

from bdnnlang.data.draw import permutation
from bdnnlang.prove.problem import ProofProblem


def parts(problem: ProofProblem, count: int, seed: int) -> list[list[int]]:
    """Merged samples, ascending, at random, each class spread evenly; at most `count`, none of them empty."""
    order = permutation(seed, len(problem))
    dealt = [i for label in (0, 1) for i in order.tolist() if problem.samples[i].label == label]
    made = [sorted(dealt[k::count]) for k in range(count)]
    return [part for part in made if part]
