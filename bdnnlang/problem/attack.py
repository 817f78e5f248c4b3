"""What is tried on a trained network: random signs, and the worst change of every sample in a set.

[KB]'s program knows the first only, which is noise: it seldom meets the change that hurts. The second is exact. Only the
signs of first-layer pre-activations matter, and few are in doubt within a small set. So the patterns that the doubtful
neurons could show are enumerated; for each one that changes the class, either a change that brings it is found, or a
proof that there is none. Both are checked in rational arithmetic, so what is counted as robust or flipped is certain;
what is neither (too many patterns, or a boundary that no rounding hits) is counted as undecided.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Bits, Floats
from bdnnlang.data.dataset import Dataset, Part
from bdnnlang.language.effective import attack_text
from bdnnlang.language.spec import Attack, RandomSign, Spec, WorstCase
from bdnnlang.network.exact import activations, layer_bits, outputs
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import exact
from bdnnlang.problem.farkas import Halfspace, find_change
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.perturbation.resolve import resolve
from bdnnlang.problem.sure_and_possible import exact_neurons, keeps, pair_above

MOST_NEURONS = 10  # in doubt for one sample: 2^10 patterns
FEW_FLIPS = 2  # at once, where more are in doubt: then a witness may be found, but no proof
MOST_SOLVES = 64  # for one sample


@dataclass(frozen=True, slots=True)
class Example:
    """A sample that a change in the set brings into another class."""

    row: int  # in the source, from 0
    before: int
    after: int
    change: tuple[Fraction, ...]  # (n,), in scaled units


@dataclass(frozen=True, slots=True)
class Noise:
    """How many of `of` samples are classified right under random signs of each size."""

    attack: str
    part: str
    of: int
    right: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Worst:
    """Of `of` samples `right` are classified right as they are; of these so many are proved robust, flipped, or neither."""

    attack: str
    part: str
    of: int
    right: int
    robust: int
    flipped: int
    undecided: int
    example: Example | None = field(compare=False)


AttackResult = Noise | Worst


def run_attacks(spec: Spec, data: Dataset, network: Network) -> tuple[AttackResult, ...]:
    """Every attack of the spec, on the test part if there is one. Deterministic."""
    name, part = ("training", data.train) if data.test is None else ("test", data.test)
    return tuple(_run(attack, spec.train.seed, data, network, name, part) for attack in spec.evaluate.attacks)


def _run(attack: Attack, seed: int, data: Dataset, network: Network, name: str, part: Part) -> AttackResult:
    text = attack_text(attack).removeprefix("attack ")
    match attack:
        case RandomSign(sizes):
            rng = np.random.default_rng(seed)
            right = tuple((size, _right_under_noise(network, part, size, rng)) for size in sizes)
            return Noise(text, name, len(part.y), right)
        case WorstCase(perturbation):
            return worst_case(network, resolve(perturbation, data), part, text, name)


# ---- random signs


@dataclass(frozen=True)
class Moved:
    """Samples somewhere else."""

    rows: list[list[Fraction]]

    @property
    def x(self) -> Floats:
        return np.array([[float(v) for v in row] for row in self.rows], dtype=np.float64)

    def exact_row(self, i: int) -> Sequence[Fraction]:
        return self.rows[i]


def _right_under_noise(network: Network, part: Part, size: float, rng: np.random.Generator) -> int:
    signs = rng.choice((-1, 1), size=part.x.shape)
    step = exact(size)
    rows = [[v + int(s) * step for v, s in zip(part.exact_row(i), signs[i], strict=True)] for i in range(len(part.y))]
    return int((classify(outputs(network, Moved(rows))) == part.y).sum())


# ---- the worst case


def worst_case(network: Network, delta: PerturbationSet, part: Part, text: str = "", name: str = "training") -> Worst:
    """For every sample that is classified right: can a change in the set bring it into another class?"""
    bits = activations(network, part)
    right = classify(bits[-1]) == part.y
    steady = keeps(network.layers[0], delta, part, bits[0])
    neurons = exact_neurons(network.layers[0])
    found: list[Example] = []
    undecided = 0
    for i in np.flatnonzero(right & ~steady.all(axis=1)):
        sample = _Sample(network, neurons, delta, part.exact_row(int(i)), bits[0][i], int(part.y[i]))
        change = sample.attack(np.flatnonzero(~steady[i]).tolist())
        if change is None:
            undecided += 1
        elif change:
            found.append(Example(int(part.rows[i]), int(part.y[i]), sample.class_at(change), tuple(change)))
    count, flipped = int(right.sum()), len(found)
    return Worst(text, name, len(part.y), count, count - flipped - undecided, flipped, undecided, next(iter(found), None))


@dataclass(frozen=True)
class _Sample:
    """One sample in exact numbers. A change is a list of features; the empty one means that there is none."""

    network: Network
    neurons: list[tuple[list[Fraction], Fraction]]  # of the first layer
    delta: PerturbationSet
    row: tuple[Fraction, ...]
    bits: Bits  # (d_1,)
    y: int

    def class_at(self, change: Sequence[Fraction]) -> int:
        moved = Moved([[v + d for v, d in zip(self.row, change, strict=True)]])
        return int(classify(outputs(self.network, moved))[0])

    def flips(self, change: list[Fraction]) -> bool:
        return self.delta.contains(change, self.row) and self.class_at(change) != self.y

    def attack(self, doubtful: list[int]) -> list[Fraction] | None:
        """A change that flips the class, [] when there is none, None when neither is certain."""
        sides = {k: self._side(k) for k in doubtful}
        for side in sides.values():
            corner = self.delta.extreme(side.weights, self.row)
            if self.flips(corner):
                return corner
        if self.settled(doubtful):
            return []
        refuted: list[frozenset[tuple[int, int]]] = []
        certain = len(doubtful) <= MOST_NEURONS
        for count, pattern in enumerate(self._patterns(doubtful)):
            if count >= MOST_SOLVES:
                return None
            wanted = dict(zip(doubtful, pattern, strict=True))
            if len(doubtful) > MOST_NEURONS:  # no proof will come of it: ask of a change what it takes, not all that it leaves
                wanted = {k: bit for k, bit in wanted.items() if bit != self.bits[k]}
            if any(clash <= set(wanted.items()) for clash in refuted):
                continue
            spaces = [sides[k] if bit != self.bits[k] else sides[k].opposite for k, bit in wanted.items()]
            change, clash = find_change(self.delta, self.row, spaces, self.flips)
            if change:
                return change
            certain &= clash is not None
            refuted += [frozenset(list(wanted.items())[j] for j in clash)] if clash else []
        return [] if certain else None

    def settled(self, doubtful: list[int]) -> bool:
        """Are the outputs the same whatever the doubtful neurons do, by intervals? Exact, and no LP is needed."""
        low, high = self.bits[None, :].copy(), self.bits[None, :].copy()  # (1, d_1)
        low[:, doubtful], high[:, doubtful] = 0, 1
        for layer in self.network.layers[1:]:
            low, high = pair_above(layer, (low, high))
        return bool((low == high).all())

    def _side(self, k: int) -> Halfspace:
        """Where neuron k has the other activation."""
        weights, bias = self.neurons[k]
        a = bias + sum(w * v for w, v in zip(weights, self.row, strict=True) if w)
        fires = bool(self.bits[k])
        return Halfspace([-w for w in weights], a, True) if fires else Halfspace(weights, -a, False)

    def _patterns(self, doubtful: list[int]) -> Iterator[tuple[int, ...]]:
        """Activations of the doubtful neurons that bring another class, fewest flips first; of many neurons, few flips only."""
        most = len(doubtful) if len(doubtful) <= MOST_NEURONS else FEW_FLIPS
        for count in range(1, most + 1):
            flips = np.array(list(itertools.combinations(doubtful, count)))
            first = np.repeat(self.bits[None, :], len(flips), axis=0)
            first[np.arange(len(flips))[:, None], flips] ^= 1
            bits = first
            for layer in self.network.layers[1:]:
                bits = layer_bits(layer, bits)
            yield from map(tuple, first[classify(bits) != self.y][:, doubtful].tolist())
