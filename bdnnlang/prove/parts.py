"""Disjoint parts of the samples: bounds on the errors of each add up to one of all."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from bdnnlang.data.draw import permutation
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove.problem import ProofProblem


def parts(problem: ProofProblem, count: int, seed: int) -> list[list[int]]:
    """Merged samples, ascending, at random, each class spread evenly; at most `count`, none of them empty."""
    order = permutation(seed, len(problem))
    dealt = [i for label in (0, 1) for i in order.tolist() if problem.samples[i].label == label]
    made = [sorted(dealt[k::count]) for k in range(count)]
    return [part for part in made if part]


@dataclass(frozen=True, slots=True)
class Rows:
    """The training samples of a part, by their numbers, ascending, and the loss on them that equal samples force."""

    numbers: tuple[int, ...]
    irreducible: Fraction


def rows_of(problem: ProofProblem, training: TrainingProblem, split: list[list[int]]) -> list[Rows]:
    """Of each part; equal samples that cost the same whatever their class is are of the first one."""
    costs, y = training.costs.classes or (Fraction(1), Fraction(1)), training.samples.y.tolist()
    owner = dict.fromkeys(range(len(y)), 0)
    owner |= {row: k for k, part in enumerate(split) for i in part for row in problem.samples[i].rows}
    forced = [
        sum((costs[y[row]] for i in part for row in problem.samples[i].rows if y[row] != problem.samples[i].label), Fraction(0))
        for part in split
    ]
    rest = problem.irreducible - sum(forced)
    numbers: list[list[int]] = [[] for _ in split]
    for row, part in owner.items():
        numbers[part].append(row)
    return [Rows(tuple(own), least + (0 if k else rest)) for k, (own, least) in enumerate(zip(numbers, forced, strict=True))]
