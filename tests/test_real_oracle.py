"""Real weights and biases in boxes of all kinds, against every pattern that a linear program finds: a road of its own.

A neuron can have a pattern if an LP finds weights and a bias in their boxes that fire on its samples and keep a margin from 0
on the others. Combined over the width, and from layer to layer, these are all networks, and the margin of the best is known.
"""

from __future__ import annotations

import importlib
import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product

import pytest
from problems import dataset
from scipy.optimize import linprog

from bdnnlang import solve
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Interval, LayerSpec, NetworkSpec
from bdnnlang.model import passes
from bdnnlang.model.build import build
from bdnnlang.model.model import Model
from bdnnlang.solve.outcome import Limits, Link, Status

Box = tuple[float, float]
Pattern = tuple[int, ...]
Rows = Sequence[tuple[float, ...]]

WEIGHTS: tuple[Box, ...] = ((-1.0, 1.0), (-0.25, 2.0), (0.0, 1.0), (-1.0, 0.0), (-3.0, 0.5), (0.25, 1.0))
BIASES: tuple[Box | None, ...] = (None, None, (-0.5, 0.25), (-20.0, 20.0), (0.0, 3.0), (-3.0, -0.25))
EASY = 1e-2  # a margin that every model can tell: data are quarters


def margin(rows: Rows, pattern: Pattern, weights: Box, biases: Box) -> float:
    """The greatest t ≤ 1 with a ≥ 0 where the pattern is 1 and a ≤ −t where it is 0; not positive: the neuron cannot have it."""
    sides = [(-1.0, 0.0) if bit else (1.0, 1.0) for bit in pattern]
    left = [[*(sign * v for v in row), sign, t] for row, (sign, t) in zip(rows, sides, strict=True)]
    boxes = [*([weights] * len(rows[0])), biases, (None, 1.0)]
    found = linprog([0.0] * (len(boxes) - 1) + [-1.0], A_ub=left, b_ub=[0.0] * len(rows), bounds=boxes, method="highs")
    return -1.0 if found.status else float(-found.fun)


def reachable(rows: Rows, weights: Box, biases: Box | None) -> dict[Pattern, float]:
    """Every pattern of a neuron, and its margin."""
    every = product((0, 1), repeat=len(rows))
    found = {pattern: margin(rows, pattern, weights, biases or (-1e3, 1e3)) for pattern in every}
    return {pattern: t for pattern, t in found.items() if t > 1e-7}


@dataclass(frozen=True)
class Instance:
    """Drawn by its seed."""

    seed: int

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        features, samples = chance.choice((1, 2)), chance.randint(4, 6)
        drawn = {
            "rows": [tuple(chance.randint(-4, 4) / 4 for _ in range(features)) for _ in range(samples)],
            "labels": [chance.randrange(2) for _ in range(samples)],
            "width": chance.choice((0, 1, 2)),
            "domains": [(chance.choice(WEIGHTS), chance.choice(BIASES)) for _ in range(2)],
        }
        for name, value in drawn.items():
            object.__setattr__(self, name, value)

    rows: Rows = ()
    labels: Sequence[int] = ()
    width: int = 0
    domains: Sequence[tuple[Box, Box | None]] = ()

    @property
    def network(self) -> NetworkSpec:
        widths = [self.width, None] if self.width else [None]
        layers = zip(widths, self.domains, strict=False)
        return NetworkSpec(tuple(LayerSpec(w, Interval(*box), None if b is None else Interval(*b)) for w, (box, b) in layers))

    def data(self) -> Dataset:
        return dataset(self.rows, self.labels)

    def networks(self) -> list[tuple[int, float]]:
        """The loss and the least margin of every kind of network."""
        first = reachable(self.rows, *self.domains[0])
        if not self.width:
            return [(self.loss(pattern), t) for pattern, t in first.items()]
        found, known = [], {}
        for hidden in combinations_with_replacement(sorted(first), self.width):
            bits = list(zip(*hidden, strict=True))
            distinct = tuple(sorted(set(bits)))
            if distinct not in known:
                known[distinct] = reachable(distinct, *self.domains[1])
            for pattern, t in known[distinct].items():
                at = dict(zip(distinct, pattern, strict=True))
                found.append((self.loss([at[b] for b in bits]), min(t, *(first[h] for h in hidden))))
        return found

    def loss(self, pattern: Sequence[int]) -> int:
        return sum(bit != label for bit, label in zip(pattern, self.labels, strict=True))


@pytest.mark.parametrize("formulation", ["paper", "tight"])
@pytest.mark.parametrize("seed", range(24))
def test_no_network_is_better_than_a_bound(seed: int, formulation: str) -> None:
    instance = Instance(seed)
    data = instance.data()
    built = build(instance.network, None, data, merge_samples=formulation == "tight")
    model = Model.through(built, passes.pipeline(formulation, implications=False), data.train)
    milp, limits = model.milp, Limits()
    link = Link(lambda event: None, milp, limits, threading.Event())
    outcome = importlib.import_module(solve.SOLVERS["scip"].module).solve(milp, limits, None, link)
    assert outcome.status is Status.OPTIMAL
    networks = instance.networks()
    least = min(loss for loss, t in networks if t >= EASY)
    bound = model.bound(outcome.bound)
    assert bound is not None
    assert min(loss for loss, _ in networks) <= bound <= least


def test_the_instances_are_worth_solving() -> None:
    """Their least losses differ, and seldom is one of them out of reach of the models."""
    found = [Instance(seed).networks() for seed in range(24)]
    least = [min(loss for loss, _ in networks) for networks in found]
    assert len(set(least)) >= 3
    assert sum(any(t >= EASY for loss, t in networks if loss == low) for networks, low in zip(found, least, strict=True)) >= 20
