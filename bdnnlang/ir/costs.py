"""What a network costs: its errors, each by the weight of its class, and penalties on its weights. All of it is exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import assert_never

import numpy as np

from bdnnlang.data.types import Dataset
from bdnnlang.ir.lattice import common_unit
from bdnnlang.network import Ints, Network, Rational, exact, simple
from bdnnlang.spec.types import Penalty, TrainSpec

LARGEST = 1_000_000  # of a cost in units: more is beyond the tolerances of solvers
CLOSE = Fraction(1, 100_000)


@dataclass(frozen=True, slots=True)
class Costs:
    """`classes`: what an error on a sample of each class counts; None: 1."""

    classes: tuple[Fraction, ...] | None = None
    penalties: tuple[Penalty, ...] = ()

    def loss(self, losses: Ints, y: Ints) -> Rational:
        """The sum of the losses (m,) of samples of classes y (m,)."""
        if self.classes is None:
            return int(losses.sum())
        totals = [int(losses[y == c].sum()) for c in range(len(self.classes))]
        return simple(sum((w * n for w, n in zip(self.classes, totals, strict=True)), Fraction(0)))

    def penalty(self, network: Network) -> Rational:
        """Σ factor · (Σ|w|, Σw² + Σb² over all neurons, or the number of nonzero w)."""
        return simple(sum((exact(p.factor) * _measure(p, network) for p in self.penalties), Fraction(0)))

    def unit(self, lattices: Iterable[Fraction]) -> Fraction | None:
        """The largest number of which all costs are multiples that are some; None if the costs would be too large in it.

        `lattices` are the units of the weights of those layers whose weights have one.
        """
        costs = list(self.classes or (Fraction(1),))
        scales = {"l1": tuple(lattices), "sparsity": (Fraction(1),), "l2": ()}
        costs += [exact(p.factor) * scale for p in self.penalties for scale in scales[p.kind]]
        unit = reduce(common_unit, costs)
        return unit if max(costs) <= LARGEST * unit else None

    def slack(self, objective: Rational) -> Rational:
        """How far two objectives may lie apart and count as equal: real weights are as exact as the solver's tolerance."""
        plain = not self.penalties and self.unit(()) is not None
        return 0 if plain else CLOSE * max(Fraction(1), Fraction(objective))


PLAIN = Costs()


def costs_of(train: TrainSpec, data: Dataset) -> Costs:
    """The class weights of a spec in numbers (balanced: m / (K n_c)), and its penalties."""
    if train.class_weight is None:
        return Costs(None, train.penalties)
    if isinstance(train.class_weight, tuple):
        return Costs(tuple(map(exact, train.class_weight)), train.penalties)
    counts = np.bincount(data.train.y, minlength=len(data.classes)).tolist()
    return Costs(tuple(Fraction(sum(counts), len(counts) * max(n, 1)) for n in counts), train.penalties)


def _measure(penalty: Penalty, network: Network) -> Fraction:
    weights = [w for layer in network.layers for w in layer.weights.ravel().tolist() if w]
    match penalty.kind:
        case "l1":
            return sum((abs(exact(w)) for w in weights), Fraction(0))
        case "sparsity":
            return Fraction(len(weights))
        case "l2":
            biases = [b for layer in network.layers for b in layer.biases.tolist()]
            return sum((exact(v) ** 2 for v in (*weights, *biases)), Fraction(0))
        case _:
            assert_never(penalty.kind)
