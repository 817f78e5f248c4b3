"""Requirements on the way a column works: `increasing`, `decreasing`, and `never`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Mask
from bdnnlang.language.spec import Column, Decreasing, Increasing
from bdnnlang.network.network import Network
from bdnnlang.problem.requirement.base import Limit


@dataclass(frozen=True, slots=True)
class Monotone:
    """No path from the feature to an output lowers the class: the product of its weights has no wrong sign.

    Measured are the outputs with a path of a sign that they may not have. `allowed`: which signs the paths to each output may
    have, both (K,); of one output or two, more must not turn it the wrong way, and one in between may not change at all.
    """

    statement: Increasing | Decreasing
    feature: int

    @property
    def limit(self) -> Limit:
        return Limit(0, of="outputs with a path of the wrong sign")

    def measure(self, network: Network) -> int:
        positive, negative = paths(network, self.feature)
        may_rise, may_fall = self.allowed(len(positive))
        return int((positive & ~may_rise | negative & ~may_fall).sum())

    def allowed(self, outputs: int) -> tuple[Mask, Mask]:
        """The class is the first output that is on: the last one may only rise for it to grow, the first one only fall."""
        grows = isinstance(self.statement, Increasing)
        place = np.arange(outputs)
        last, first = place == outputs - 1, (place == 0) & (outputs > 1)
        return (last, first) if grows else (first, last)


def paths(network: Network, feature: int) -> tuple[Mask, Mask]:
    """Which outputs have a path from a feature whose weights have a positive product, and which a negative one, both (K,)."""
    first, *deeper = network.layers
    positive, negative = first.weights[:, feature] > 0, first.weights[:, feature] < 0
    for layer in deeper:
        positive, negative = through(layer.weights, positive, negative)
    return positive, negative


def through(weights: Floats, positive: Mask, negative: Mask) -> tuple[Mask, Mask]:
    """The signs of paths to the neurons of a layer (d, n), both (d,), of those to its inputs, both (n,)."""
    up, down = (weights > 0).astype(np.int64), (weights < 0).astype(np.int64)
    p, n = positive.astype(np.int64), negative.astype(np.int64)
    return (up @ p + down @ n) > 0, (up @ n + down @ p) > 0


@dataclass(frozen=True, slots=True)
class Never:
    """Measured are the weights that are not 0 to the features of the columns."""

    columns: tuple[Column, ...]
    features: tuple[int, ...]

    @property
    def limit(self) -> Limit:
        return Limit(0, of="weights that are not 0")

    def measure(self, network: Network) -> int:
        return int((network.layers[0].weights[:, list(self.features)] != 0).sum())
