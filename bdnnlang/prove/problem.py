"""What a proof speaks of: merged samples in whole numbers, the class that costs most at each, and what its errors weigh."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, reduce
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.data.dataset import equal_rows
from bdnnlang.data.exact import Scaled, scaled_features
from bdnnlang.language.spec import Integers, Interval, Values, WeightDomain
from bdnnlang.network.numbers import exact
from bdnnlang.problem.lattice import common_unit
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove.functions import MOST_NEURONS, OutputFunction, output_functions

MOST_DIRECTIONS = 200_000  # of a neuron with weights from a finite set, for all to be looked at
MOST_SIZES, MOST_SIZE = 8, 1_000  # of output weights
MOST_TOLD = 1_000_000  # of the weight of errors, up to which all sums are worked out
MOST_PROJECTED = 100_000_000  # directions times samples
MOST_SUM = 2**29  # of weights times whole features


@dataclass(frozen=True, slots=True)
class MergedSample:
    """Equal samples as one: the class whose errors cost most, by how much they cost more, and whose rows these are."""

    label: int
    weight: int  # > 0, in the unit of the problem
    x: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ProofProblem:
    """Bound the errors of every network with `neurons` hidden neurons and one output.

    `hidden`: the values of hidden weights, closed under negation, ascending, or None: any reals. `output`: the positive sizes
    that output weights may have, in a unit of their own, or None: any. `scale`: of each feature (factor, shift), where a whole
    feature x_ij is factor · exact scaled feature + shift.
    """

    neurons: int
    hidden: tuple[Fraction, ...] | None
    output: tuple[int, ...] | None
    output_unit: Fraction
    unit: Fraction
    irreducible: Fraction
    scale: tuple[tuple[Fraction, Fraction], ...]
    samples: tuple[MergedSample, ...]
    threshold: int | None = None  # where the output is fixed: how many neurons have to be on

    @property
    def functions(self) -> tuple[OutputFunction, ...]:
        """That the output can be of the hidden neurons."""
        functions = output_functions(self.neurons, self.output)
        return functions if self.threshold is None else tuple(f for f in functions if f.threshold == self.threshold)

    def __len__(self) -> int:
        return len(self.samples)

    @cached_property
    def labels(self) -> Ints:
        return np.array([sample.label for sample in self.samples], dtype=np.int64)

    @cached_property
    def weights(self) -> tuple[int, ...]:
        return tuple(sample.weight for sample in self.samples)

    @cached_property
    def x(self) -> Floats:
        """About the samples, (m, n), each feature in [-1, 1]: an affine map changes no conflict."""
        columns = zip(*(sample.x for sample in self.samples), strict=True)
        spread = [
            [2 * (v - low) / (high - low) - 1 for v in column] for column, (low, high) in zip(columns, self._ranges, strict=True)
        ]
        return np.ascontiguousarray(np.array(spread, dtype=np.float64).reshape(len(self.scale), -1).T)

    @cached_property
    def _ranges(self) -> list[tuple[int, int]]:
        """Least and greatest value of each feature; of a constant one that and the next number."""
        columns = zip(*(sample.x for sample in self.samples), strict=True)
        return [(min(column), max(*column, min(column) + 1)) for column in columns]

    @cached_property
    def to_unit(self) -> tuple[Floats, Floats]:
        """`x` is factor · scaled feature + shift, (n,) each."""
        pairs = [
            (2 * factor / (high - low), 2 * (shift - low) / (high - low) - 1)
            for (factor, shift), (low, high) in zip(self.scale, self._ranges, strict=True)
        ]
        return np.array([float(factor) for factor, _ in pairs]), np.array([float(shift) for _, shift in pairs])

    def of_class(self, label: int) -> Ints:
        """Its samples, ascending."""
        return np.flatnonzero(self.labels == label)

    def loss(self, bound: int) -> Fraction:
        """What a bound on the weights of errors says of the loss."""
        return self.irreducible + self.unit * bound

    def next_sum(self, limit: int) -> int:
        """The least that errors can weigh above a limit; at least one more than that."""
        sums, most = 1, limit + max(self.weights)
        if most > MOST_TOLD or sum(self.weights) <= limit:
            return limit + 1
        for weight in self.weights:
            sums = (sums | sums << weight) & ((2 << most) - 1)
        above = sums >> (limit + 1)
        return limit + (above & -above).bit_length()

    def part(self, samples: list[int]) -> ProofProblem:
        """The same of some merged samples: what is irreducible belongs to the whole."""
        return replace(self, samples=tuple(self.samples[i] for i in samples), irreducible=Fraction(0))


def inapplicable(training: TrainingProblem) -> str | None:
    """Why nothing can be proved so; None if it can."""
    if training.outputs != 1:
        return f"the network has {training.outputs} outputs, and proofs are for one"
    if len(training.widths) != 3:
        return f"the network has {len(training.widths) - 2} hidden layers, and proofs are for one"
    if training.widths[1] > MOST_NEURONS:
        return f"the network has {training.widths[1]} hidden neurons, and proofs are for at most {MOST_NEURONS}"
    sizes = output_sizes(training.spec.network.layers[-1].weights)
    return "no output weight can be other than 0" if sizes is not None and not sizes[0] else None


def proof_problem(training: TrainingProblem) -> ProofProblem:
    """Of all networks of the spec, or of more: biases, perturbation sets and penalties are passed over.

    None of these can lower the errors: a bias that is bounded excludes networks, a certificate asks for more than a right class,
    and penalties are not negative. So the bound holds for the objective of every network of the spec.
    """
    features = list(scaled_features(training.samples.raw, training.samples.recipe.lower, training.samples.recipe.upper))
    hidden = finite_weights(training.spec.network.layers[0].weights, len(features))
    columns, scale = _whole_features(features, common=hidden is not None)
    groups = list(_groups(training))
    if hidden is not None and not _fits(columns, hidden, len(groups)):
        hidden = None
    costs = [gap for _, _, gap, _ in groups if gap]
    unit = reduce(common_unit, costs) if costs else Fraction(1)
    samples = tuple(
        MergedSample(label, int(gap / unit), tuple(column[rows[0]] for column in columns), rows)
        for rows, label, gap, _ in groups
        if gap
    )
    irreducible = sum((least for *_, least in groups), Fraction(0))
    sizes, size = output_sizes(training.spec.network.layers[-1].weights) or (None, Fraction(1))
    fixed = training.spec.network.fixed_output
    layer = None if fixed is None else fixed.layer(training.widths[1])
    threshold = -layer.biases.lower if layer is not None and isinstance(layer.biases, Integers) else None
    return ProofProblem(training.widths[1], hidden, sizes, size, unit, irreducible, scale, samples, threshold)


def _groups(training: TrainingProblem) -> Iterator[tuple[tuple[int, ...], int, Fraction, Fraction]]:
    """Of equal samples: their rows, the class that costs most, how much more than the other, and what the other costs."""
    groups, y = equal_rows(training.samples), training.samples.y
    each = training.costs.classes or (Fraction(1), Fraction(1))
    order = np.argsort(groups, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        count = Counter(y[rows].tolist())
        cost = [each[label] * count[label] for label in (0, 1)]
        label = int(cost[1] > cost[0])
        yield tuple(rows.tolist()), label, cost[label] - cost[1 - label], cost[1 - label]


def _whole_features(features: list[Scaled], *, common: bool) -> tuple[list[list[int]], tuple[tuple[Fraction, Fraction], ...]]:
    """Each feature in whole numbers from 0 on, as small as can be; with a `common` factor for all."""
    steps = [Fraction(math.gcd(*(n - min(f.numerators) for n in f.numerators)), f.denominator) for f in features]
    units = [step for step in steps if step]
    if common and units:
        steps = [reduce(common_unit, units)] * len(features)
    columns, scale = [], []
    for feature, step in zip(features, steps, strict=True):
        factor, least = 1 / (step or Fraction(1)), min(feature.numerators)
        whole = [int(Fraction(n - least, feature.denominator) * factor) for n in feature.numerators]
        columns.append([whole[place] for place in feature.inverse.tolist()])
        scale.append((factor, -Fraction(least, feature.denominator) * factor))
    return columns, tuple(scale)


# ---- weights from finite sets


def finite_weights(domain: WeightDomain, features: int) -> tuple[Fraction, ...] | None:
    """The values of a hidden weight and their negations; None where there are too many, or all of an interval."""
    values = values_of(domain)
    if values is None:
        return None
    closed = sorted({*values, *(-v for v in values)})
    return tuple(closed) if len(closed) ** features <= MOST_DIRECTIONS else None


def output_sizes(domain: WeightDomain) -> tuple[tuple[int, ...], Fraction] | None:
    """|v| > 0 of the output weights, ascending, in a unit; None for any, and for more than can be tried."""
    values = values_of(domain)
    if values is None:
        return None
    sizes = sorted({abs(v) for v in values if v})
    unit = reduce(common_unit, sizes, Fraction(0)) or Fraction(1)
    whole = tuple(int(v / unit) for v in sizes)
    return None if len(whole) > MOST_SIZES or sum(whole) > MOST_SIZE else (whole, unit)


def values_of(domain: WeightDomain) -> tuple[Fraction, ...] | None:
    match domain:
        case Interval():
            return None
        case Integers(lower, upper):
            return tuple(map(Fraction, range(lower, upper + 1))) if upper - lower < MOST_DIRECTIONS else None
        case Values(values):
            return tuple(map(exact, values))
        case _:
            assert_never(domain)


def _fits(columns: list[list[int]], hidden: tuple[Fraction, ...], samples: int) -> bool:
    """Are there few enough directions times samples, and small enough sums?"""
    largest = max(map(abs, hidden)) * common_factor(hidden)
    return len(hidden) ** len(columns) * samples <= MOST_PROJECTED and sum(max(column) for column in columns) * largest < MOST_SUM


def common_factor(values: tuple[Fraction, ...]) -> int:
    """The least number that makes all of them whole."""
    return math.lcm(*(value.denominator for value in values))
