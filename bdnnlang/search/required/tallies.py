"""Requirements on predictions in a search: whole numbers to add up over the samples, and what is too much of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.problem.requirement.base import Inequality


@dataclass(frozen=True, eq=False)
class TallyLimits:
    """R inequalities over merged samples: Σ_g weights[r, class of g, g] ≤ most[r]."""

    weights: Floats  # (R, K, G), whole numbers
    most: Floats  # (R,)
    price: float  # of an excess of one sample: more than any loss

    def tallies(self, bits: Mask, samples: Ints | slice = slice(None)) -> Floats:
        """What some samples add to each inequality, (R, …, G), for output bits (…, K', G)."""
        predicted = bits[..., 0, :].astype(np.int64) if bits.shape[-2] == 1 else bits.argmax(axis=-2)
        weights = self.weights[:, :, samples]
        return np.asarray(weights[:, predicted, np.arange(weights.shape[2])])

    def excess(self, sums: Floats) -> Floats:
        """What sums (R, …) over all samples are charged for: each inequality that does not hold, and by how much, (…,)."""
        over = np.maximum(sums - self.most.reshape(-1, *(1,) * (sums.ndim - 1)), 0.0)
        over /= self.units.reshape(-1, *(1,) * (sums.ndim - 1))
        return np.asarray(self.price * (over + (over > 0)).sum(axis=0))

    @property
    def units(self) -> Floats:
        """The greatest change that one sample can make to each, (R,)."""
        return np.asarray(np.maximum(np.abs(self.weights).max(axis=(1, 2), initial=0.0), 1.0))


def tally_limits(inequalities: Sequence[Inequality], groups: Ints, price: float) -> TallyLimits | None:
    """Of samples merged into `groups` (m,); None where there is nothing to count."""
    if not inequalities:
        return None
    classes = inequalities[0].weights.shape[1]
    weights = np.zeros((len(inequalities), classes, int(groups.max()) + 1))
    for into, one in zip(weights, inequalities, strict=True):
        np.add.at(into.T, groups, one.weights)
    return TallyLimits(weights, np.array([float(one.most) for one in inequalities]), price)


@dataclass(frozen=True, eq=False)
class Values:
    """What each sample adds to the inequalities with a neuron silent, and with it firing, both (R, G)."""

    limits: TallyLimits
    silent: Floats
    firing: Floats

    @cached_property
    def gain(self) -> Floats:
        return np.asarray(self.firing - self.silent)

    def on(self, some: Ints | slice) -> NeuronTallies:
        """Seen on some samples, for all others add the same either way."""
        return NeuronTallies(self.limits, self.silent.sum(axis=1), self.gain[:, some])

    def at(self, fires: Mask) -> tuple[Floats, float]:
        """What is added with its activations (G,), and charged."""
        tallies = np.where(fires, self.firing, self.silent)
        return tallies, float(self.limits.excess(tallies.sum(axis=1)))


@dataclass(frozen=True, eq=False)
class NeuronTallies:
    """What all samples add to the inequalities while a neuron is silent, and what some of them add where it fires."""

    limits: TallyLimits
    silent: Floats  # (R,)
    gain: Floats  # (R, m)

    def sums(self, fires: Mask) -> Floats:
        """Of activations (m,) of the neuron, (R,)."""
        return np.asarray(self.silent + self.gain @ fires)
