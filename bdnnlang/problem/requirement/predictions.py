"""Requirements on what a network says of the samples of one class: recall, precision, specificity, accuracy, errors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Part
from bdnnlang.language.spec import Accuracy, Errors, Precision, Recall, Specificity
from bdnnlang.network.numbers import Rational, exact, simple
from bdnnlang.problem.requirement.base import Inequality, Limit

Statement = Recall | Precision | Specificity | Accuracy | Errors


@dataclass(frozen=True, slots=True)
class Rate:
    """`label`: the position of its class; None: all classes. Samples are counted as they are, whatever an error costs."""

    statement: Statement
    label: int | None
    classes: int

    @property
    def limit(self) -> Limit:
        match self.statement:
            case Errors(most=most):
                return Limit(most)
            case Recall(least=least) | Precision(least=least) | Specificity(least=least) | Accuracy(least=least):
                return Limit(simple(exact(least)), is_least=True, is_share=True)
            case _:
                assert_never(self.statement)

    def measure(self, predicted: Ints, part: Part) -> Rational | None:
        """Of predicted classes (m,). 0 of 0 is nothing to measure, but for precision: what is never said has none (0)."""
        here, said = part.y == self.label, predicted == self.label
        match self.statement:
            case Recall():
                return _share(here & said, here)
            case Precision():
                return _share(here & said, said) or 0
            case Specificity():
                return _share(~here & ~said, ~here)
            case Accuracy():
                return _share(predicted == part.y, np.ones_like(here))
            case Errors():
                return int((predicted != part.y)[here if self.label is not None else ...].sum())
            case _:
                assert_never(self.statement)

    def inequalities(self, part: Part) -> list[Inequality]:
        """The same in whole numbers: they hold of predictions of the part iff the limit is met."""
        right, limit = part.y[:, None] == np.arange(self.classes), Fraction(self.limit.value)
        here = np.ones(len(part), dtype=bool) if self.label is None else part.y == self.label
        match self.statement:
            case Recall() | Accuracy():
                return [Inequality(-(right & here[:, None]).astype(np.int64), -math.ceil(limit * int(here.sum())))]
            case Errors(most=most):
                return [Inequality((~right & here[:, None]).astype(np.int64), most)]
            case Specificity():
                says = _column(~here, self.label, self.classes)
                return [Inequality(says, math.floor((1 - limit) * int((~here).sum())))]
            case Precision():
                return _precision(here, self.label, self.classes, limit)
            case _:
                assert_never(self.statement)


def _precision(here: np.ndarray, label: int | None, classes: int, limit: Fraction) -> list[Inequality]:
    """TP ≥ p · (TP + FP), times the denominator of p; and where p > 0, TP + FP ≥ 1."""
    p, q = limit.numerator, limit.denominator
    if not p:
        return []
    some = np.ones_like(here)
    share = _column(some, label, classes) * np.where(here, p - q, p)[:, None]
    return [Inequality(share, 0), Inequality(-_column(some, label, classes), -1)]


def _column(samples: np.ndarray, label: int | None, classes: int) -> Ints:
    """1 for these samples (m,) in the column of the label, (m, K)."""
    return np.asarray(samples[:, None] & (np.arange(classes) == label), dtype=np.int64)


def _share(some: np.ndarray, of: np.ndarray) -> Rational | None:
    """None: of none."""
    count = int(of.sum())
    return simple(Fraction(int(some.sum()), count)) if count else None
