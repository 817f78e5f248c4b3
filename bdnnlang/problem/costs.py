"""What a network costs: its errors, each by the weight of its class, and penalties on its weights. All of it is exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, reduce
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Dataset
from bdnnlang.device.size.code_bytes import CodeBytes, code_bytes
from bdnnlang.diagnostics import InternalError
from bdnnlang.language.spec import ClassWeight, NetworkSpec, Penalty, Spec
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, exact, simple
from bdnnlang.problem.lattice import common_unit, domain_unit

LARGEST = 10**9  # of a cost in units: beyond it, solvers lose the least costs among the others
TOLERANCE = Fraction(1, 10**6)  # of the objective: what a proof may leave open where objectives are multiples of nothing
LEAST = Fraction(1, 10)  # of a cost that solvers tell from their tolerances in any objective
ROUGH = 100  # a solver's rows hold to a hundredth of the least margin, and so do penalties on real weights


@dataclass(frozen=True)
class Costs:
    """`classes`: what an error on a sample of each class counts; None: 1. `weights`, `biases`: units of their domains."""

    classes: tuple[Fraction, ...] | None = None
    penalties: tuple[Penalty, ...] = ()
    weights: tuple[Fraction | None, ...] = ()
    biases: tuple[Fraction | None, ...] = ()
    code: CodeBytes | None = None  # what `bytes` are

    def per_class(self, losses: Ints, y: Ints, classes: int) -> tuple[Rational, ...]:
        """Of each class what the losses (m,) of its samples cost; y (m,) are the classes of the samples."""
        sums = [int(losses[y == c].sum()) for c in range(classes)]
        return tuple(sums) if self.classes is None else tuple(simple(w * n) for w, n in zip(self.classes, sums, strict=True))

    def penalty(self, network: Network) -> Rational:
        """Σ factor · (Σ|w|, Σw² + Σb² over all neurons, the number of nonzero w, or bytes of code)."""
        return simple(sum((exact(p.factor) * _measure(p, network, self.code) for p in self.penalties), Fraction(0)))

    def by_weight(self, widths: Sequence[int]) -> tuple[Penalty, ...]:
        """The penalties as searches see them, one weight at a time: `bytes` are those that a weight stands for on the average."""
        per_weight = self.code.per_weight(widths) if self.code else 0.0
        return tuple(replace(p, factor=p.factor * per_weight) if p.kind == "bytes" else p for p in self.penalties)

    def of(self, network: NetworkSpec, features: int) -> Costs:
        """The same for networks of these domains, with so many features."""
        weights = tuple(domain_unit(layer.weights) for layer in network.layers)
        biases = () if network.thresholds == "zero" else tuple(domain_unit(layer.biases) for layer in network.layers)
        return replace(self, weights=weights, biases=biases, code=code_bytes(network, features))

    @property
    def errors(self) -> tuple[Fraction, ...]:
        """What an error costs, by class where that matters."""
        return self.classes or (Fraction(1),)

    @cached_property
    def terms(self) -> tuple[Fraction, ...]:
        """What an error and the least change of a penalty cost; of real weights, a change by 1."""
        return (*self.errors, *(exact(p.factor) * step for p in self.penalties for step in self._steps(p)))

    def _steps(self, penalty: Penalty) -> set[Fraction]:
        match penalty.kind:
            case "l1":
                return {unit or Fraction(1) for unit in self.weights or (None,)}
            case "l2":
                return {unit**2 if unit else Fraction(1) for unit in self.weights + self.biases or (None,)}
            case "sparsity" | "bytes":
                return {Fraction(1)}
            case _:
                assert_never(penalty.kind)

    @cached_property
    def unit(self) -> Fraction | None:
        """The largest number of which all objectives are multiples; None: there is none, or none that solvers can tell."""
        kinds = {penalty.kind for penalty in self.penalties}
        if ("l1" in kinds and None in self.weights) or ("l2" in kinds and None in self.weights + self.biases):
            return None
        unit = reduce(common_unit, self.terms)
        return unit if max(self.terms) <= LARGEST * unit else None

    @property
    def scale(self) -> Fraction:
        """What solvers count in, so that no cost is near their tolerances: the unit, or else the least cost.

        Without a unit, costs that no tolerance comes near are left as they are: the model's objective is the report's then.
        """
        least = min(self.terms)
        return self.unit or (Fraction(1) if least >= LEAST else least)

    def slack(self, objective: Rational) -> Rational:
        """How far below an objective a bound may lie and prove it optimal, exactly.

        Half the unit: there is no other objective in between. Without one, `TOLERANCE` of the objective, and never as much as
        a cost.
        """
        return self.unit / 2 if self.unit else min(TOLERANCE * objective, min(self.terms) / 2)

    def rough(self, claim: Rational) -> Rational:
        """How much more than a solver claims its network may cost and still be what it claims."""
        if self.unit:
            return self.unit / 2
        return min(max(Fraction(claim) / ROUGH, min(self.terms) * TOLERANCE), min(self.errors) / 2)


PLAIN = Costs()


def costs_of(spec: Spec, data: Dataset) -> Costs:
    """The class weights of a spec in numbers (balanced: m / (K n_c)), its penalties, and the lattices of its weights."""
    return Costs(_class_weights(spec.train.class_weight, data), spec.train.penalties).of(spec.network, len(data.features))


def _class_weights(given: ClassWeight | None, data: Dataset) -> tuple[Fraction, ...] | None:
    if given is None or isinstance(given, tuple):
        return None if given is None else tuple(map(exact, given))
    counts = np.bincount(data.train.y, minlength=len(data.classes)).tolist()
    return tuple(Fraction(sum(counts), len(counts) * max(n, 1)) for n in counts)


def _measure(penalty: Penalty, network: Network, code: CodeBytes | None) -> Fraction:
    weights = [w for layer in network.layers for w in layer.weights.ravel().tolist() if w]
    match penalty.kind:
        case "l1":
            return sum((abs(exact(w)) for w in weights), Fraction(0))
        case "sparsity":
            return Fraction(len(weights))
        case "bytes":
            if code is None:
                raise InternalError("bytes are those of networks of a spec")
            return Fraction(code.of_network(network))
        case "l2":
            biases = [b for layer in network.layers for b in layer.biases.tolist()]
            return sum((exact(v) ** 2 for v in (*weights, *biases)), Fraction(0))
        case _:
            assert_never(penalty.kind)
