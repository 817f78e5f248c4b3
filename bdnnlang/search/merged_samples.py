"""The training samples with equal ones merged, and what each pattern of output bits costs on them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.dataset import Part, equal_rows
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.losses import LOSSES, label_bits
from bdnnlang.problem.costs import Costs

ALL = slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class MergedSamples:
    """G different samples, each with the samples of all classes that share its features: equal samples get equal outputs."""

    x: Floats  # (G, n)
    class_costs: Floats  # (classes, G), what errors on the samples of each class cost together
    on: Floats  # (K, G), what an output bit of 1 costs …
    off: Floats  # … and of 0
    loss: Loss

    @property
    def total(self) -> float:
        """What errors on all samples cost."""
        return float(self.class_costs.sum())

    def losses(self, bits: Mask, samples: Ints | slice = ALL) -> Floats:
        """The loss of each of some merged samples, (…, G), for output bits (…, K, G)."""
        if len(self.on) == 1:
            return np.asarray(np.where(bits[..., 0, :], self.on[0, samples], self.off[0, samples]))
        if LOSSES[self.loss].per_bit:
            return np.asarray(np.where(bits, self.on[:, samples], self.off[:, samples]).sum(axis=-2))
        right, class_costs = bits.argmax(axis=-2), self.class_costs[:, samples]  # the first that is 1, or class 0
        saved = class_costs[right, np.arange(class_costs.shape[1])]
        if LOSSES[self.loss].whole_code:
            saved = np.where(bits.sum(axis=-2) == 1, saved, 0.0)
        return np.asarray(class_costs.sum(axis=0) - saved)


def merge_samples(part: Part, loss: Loss, outputs: int, costs: Costs, classes: int) -> MergedSamples:
    """One sample for all those with equal features, in the order of the features."""
    groups = equal_rows(part)
    each = np.array([float(w) for w in costs.classes or (Fraction(1),) * classes])
    class_costs = np.zeros((classes, int(groups.max()) + 1))
    np.add.at(class_costs, (part.y, groups), each[part.y])
    first = np.unique(groups, return_index=True)[1]
    own = label_bits(np.arange(classes), outputs).astype(np.float64)  # (classes, K)
    return MergedSamples(part.x[first], class_costs, (1 - own).T @ class_costs, own.T @ class_costs, loss)
