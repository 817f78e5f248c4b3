"""Specs at random over every form of the language that makes rows, on a handful of samples; each a function of its number."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from problems import BIASES, CONTINUOUS, FINITE, dataset, spec

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import (
    L1,
    BudgetSet,
    ClassWeight,
    Exact,
    Interval,
    LayerSpec,
    Linf,
    NetworkSpec,
    Penalty,
    Perturbation,
    RobustSet,
    RobustSpec,
    Spec,
    Thresholds,
    WeightDomain,
)
from bdnnlang.network.loss_words import Loss

T = TypeVar("T")
SETS: tuple[RobustSet, ...] = (Linf(0.5), L1(1.0), BudgetSet(0.5, 1))
PENALTIES = ((), (), (Penalty("l1", 0.25),), (Penalty("sparsity", 0.5),), (Penalty("l1", 0.5), Penalty("sparsity", 0.25)))
WEIGHTS: tuple[ClassWeight | None, ...] = (None, None, "balanced", (1.0, 2.5, 0.5))
MARGIN = 0.01  # asked for wherever sums lie on no lattice: every reader can tell it from its tolerances


def random_spec(number: int) -> tuple[Spec, Dataset]:
    """The same for the same number, on every machine."""
    chance = random.Random(number)

    def one(choices: Sequence[T]) -> T:
        return choices[chance.randrange(len(choices))]

    classes, features = one((2, 2, 3)), one((1, 2, 3))
    rows = [[float(chance.randint(-3, 3)) for _ in range(features)] for _ in range(chance.randint(3, 5))]
    data = dataset(rows, [chance.randrange(classes) for _ in rows], classes)
    thresholds: Thresholds = one(("per_neuron", "per_neuron", "per_layer", "zero"))
    domains: tuple[WeightDomain, ...] = FINITE if chance.random() < 0.7 else CONTINUOUS
    layers = tuple(
        LayerSpec(width, one(domains), None if thresholds == "zero" else one(BIASES))
        for width in (*(chance.randint(1, 2) for _ in range(one((0, 1, 1, 1, 2)))), None)
    )
    loss: Loss | None = one((None, "zero_one", "hamming", "pattern"))
    whole = spec(NetworkSpec(layers, thresholds, one(("auto", "auto", "one_hot"))), loss, "auto", (Exact(),), time=None)
    weight = one(WEIGHTS)
    train = replace(
        whole.train,
        formulation=one(("tight", "tight", "paper")),
        penalties=one(PENALTIES),
        class_weight=weight[:classes] if isinstance(weight, tuple) else weight,
        margin=MARGIN,
    )
    return replace(whole, train=train, robust=_robust(chance) if chance.random() < 0.3 else None), data


def _robust(chance: random.Random) -> RobustSpec:
    around = SETS[chance.randrange(len(SETS))]
    clip = Interval(-3.0, 3.0) if isinstance(around, Linf) and chance.random() < 0.5 else None
    return RobustSpec(Perturbation(around, clip=clip), "certified" if chance.random() < 0.5 else "pattern")
