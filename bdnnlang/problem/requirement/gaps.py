"""Requirements on the differences between groups: `rate_gap` and `recall_gap`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

import numpy as np

from bdnnlang.arrays import Ints, Mask
from bdnnlang.data.dataset import Part
from bdnnlang.data.table import Texts, short
from bdnnlang.language.spec import RateGap, RecallGap
from bdnnlang.network.numbers import Rational, exact, simple
from bdnnlang.problem.requirement.base import Inequality, Limit

MOST_GROUPS = 20


@dataclass(frozen=True, slots=True)
class Gap:
    """The greatest difference of a share between two groups of samples, of one class or of any of `labels`."""

    statement: RateGap | RecallGap
    column: str
    labels: tuple[int, ...]  # positions of classes
    classes: int

    @property
    def limit(self) -> Limit:
        return Limit(simple(exact(self.statement.most)), is_share=True)

    def measure(self, predicted: Ints, part: Part) -> Rational | None:
        """None where the samples do not say which group they belong to, or there are no two groups to compare."""
        gaps = [self._gap(predicted, members, label) for label, members in self._compared(part)]
        return max(gaps, default=None)

    def _gap(self, predicted: Ints, members: list[Mask], label: int) -> Rational:
        shares = [Fraction(int((predicted[one] == label).sum()), int(one.sum())) for one in members]
        return simple(max(shares) - min(shares))

    def inequalities(self, part: Part) -> list[Inequality]:
        """share_g − share_h ≤ t for each two groups, both ways, times a multiple of their sizes and of t's denominator."""
        limit, made = Fraction(self.limit.value), []
        for label, members in self._compared(part):
            for one, other in permutations(members, 2):
                scale = math.lcm(int(one.sum()), int(other.sum()), limit.denominator)
                weights = np.zeros((len(part), self.classes), dtype=np.int64)
                weights[one, label] += scale // int(one.sum())
                weights[other, label] -= scale // int(other.sum())
                made.append(Inequality(weights, int(limit * scale)))
        return made

    def _compared(self, part: Part) -> list[tuple[int, list[Mask]]]:
        """Of each class the groups that are compared: all, or for recall those with samples of the class. Two at least."""
        cells = cells_of(part, self.column)
        if cells is None:
            return []
        groups = [cells == value for value in np.unique(cells.astype(str)).tolist()]
        found = []
        for label in self.labels:
            members = [one & (part.y == label) for one in groups] if isinstance(self.statement, RecallGap) else groups
            found.append((label, [one for one in members if one.any()]))
        return [(label, members) for label, members in found if len(members) > 1]


def cells_of(part: Part, column: str) -> Texts | None:
    """The group of each sample, (m,): the cell of a column that was kept, or of a feature that is a number; None: not known."""
    kept = dict(part.groups)
    if column in kept:
        return kept[column]
    place = 0
    for encoding in part.recipe.columns:
        if encoding.name == column and not encoding.steps:
            return np.array([short(float(value)) for value in part.raw[:, place].tolist()], dtype=object)
        place += len(encoding.features)
    return None


def group_names(part: Part, column: str) -> list[str]:
    """The groups of a column, ascending."""
    cells = cells_of(part, column)
    found: list[str] = [] if cells is None else np.unique(cells.astype(str)).tolist()
    return found
