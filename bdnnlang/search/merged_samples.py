"""The training samples with equal ones merged, and what each pattern of output bits costs on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask, row_blocks
from bdnnlang.data.dataset import Part, equal_rows
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.losses import LOSSES, label_bits
from bdnnlang.problem.costs import Costs

ALL = slice(None)


@dataclass(frozen=True, eq=False)
class MergedSamples:
    """G different samples, each with the samples of all classes that share its features: equal samples get equal outputs."""

    part: Part
    rows: Ints  # (G,), of the samples of `part` the first that is each of these
    class_costs: Floats  # (classes, G), what errors on the samples of each class cost together
    on: Floats  # (K, G), what an output bit of 1 costs …
    off: Floats  # … and of 0
    loss: Loss

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def x(self) -> Floats:
        """(G, n): a copy, made when it is asked for."""
        return self.features(np.arange(len(self)))

    def features(self, some: Ints | slice) -> Floats:
        """Of some merged samples, (…, n)."""
        return self.part.x[self.rows[some]]

    @cached_property
    def mean(self) -> Floats:
        """Of each feature, (n,)."""
        return np.asarray(sum(self.features(some).sum(axis=0) for some in self._blocks()) / len(self))

    @cached_property
    def mean_size(self) -> float:
        """Of a feature."""
        sizes = [float(np.abs(self.features(some)).sum()) for some in self._blocks()]
        return float(sum(sizes) / (len(self) * self.part.x.shape[1]))

    def inputs(self, centre: Floats) -> Floats:
        """The features without `centre`, and a last row of ones, (n + 1, G); with no other copy of the samples."""
        values = np.ones((len(centre) + 1, len(self)))
        for some in self._blocks():
            values[:-1, some] = (self.features(some) - centre).T
        return values

    def _blocks(self) -> Iterator[slice]:
        return row_blocks(len(self), self.part.x.shape[1])

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
    return MergedSamples(part, first, class_costs, (1 - own).T @ class_costs, own.T @ class_costs, loss)
