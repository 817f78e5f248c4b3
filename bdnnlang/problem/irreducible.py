"""The loss that no network can avoid, because equal samples have different labels."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from bdnnlang.data.dataset import Part, equal_rows
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.losses import LOSSES, label_bits
from bdnnlang.network.numbers import Rational, simple
from bdnnlang.problem.costs import PLAIN, Costs


def irreducible_loss(part: Part, loss: Loss, outputs: int, costs: Costs = PLAIN) -> Rational:
    """A lower bound on the loss of every network, whatever its width, proved by counting (docs/models.md 3.1).

    Equal samples get equal outputs: in a group of them all classes but the one that costs most are wrong; or, of each
    output bit, the cheaper value.
    """
    weights = costs.classes or (Fraction(1),) * (int(part.y.max()) + 1)
    groups = equal_rows(part)
    counts = np.zeros((int(groups.max()) + 1, len(weights)), dtype=np.int64)
    np.add.at(counts, (groups, part.y), 1)
    counts = counts[(counts > 0).sum(axis=1) > 1]  # in a group of one class nothing need be wrong
    class_costs = counts.astype(object) * np.array(weights, dtype=object)
    if not LOSSES[loss].per_bit:
        return simple(Fraction((class_costs.sum(axis=1) - class_costs.max(axis=1)).sum()))
    bits = label_bits(np.arange(len(weights)), outputs).astype(object)  # (classes, K)
    return simple(Fraction(np.minimum(class_costs @ bits, class_costs @ (1 - bits)).sum()))
