"""Small training problems at random, each a function of its number."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from problems import BIASES, CONTINUOUS, FINITE, dataset, spec

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import (
    Encoding,
    Exact,
    Interval,
    LayerSpec,
    NetworkSpec,
    Solver,
    Spec,
    StageSpec,
    Thresholds,
    WeightDomain,
)
from bdnnlang.network.loss_words import Loss

NODES = 100
SECONDS = 10.0
UNITS = (1.0, 0.5, 0.1)


@dataclass(frozen=True)
class Instance:
    """A problem of a dozen samples, with all that the language lets vary."""

    data: Dataset
    network: NetworkSpec
    loss: Loss | None

    @property
    def finite(self) -> bool:
        """Integer programs all through: no weight, no bias is continuous."""
        return not any(isinstance(d, Interval) for layer in self.network.layers for d in (layer.weights, layer.biases))

    def spec(self, solver: Solver = "auto", *stages: StageSpec, seed: int = 0) -> Spec:
        stages = stages or (Exact(time=SECONDS, node_limit=NODES),)
        whole = spec(self.network, self.loss, solver, stages, time=None)
        return replace(whole, train=replace(whole.train, seed=seed))


def instance(number: int, samples: tuple[int, int] = (6, 14), depth: int = 2) -> Instance:
    """The same for the same number, on every machine."""
    chance = random.Random(number)
    classes = chance.choice((2, 2, 3))
    features, unit = chance.randint(1, 3), chance.choice(UNITS)
    rows = [[round(chance.randint(-6, 6) * unit, 1) for _ in range(features)] for _ in range(chance.randint(*samples))]
    labels = [chance.randrange(classes) for _ in rows]
    weights: WeightDomain = chance.choice(FINITE if chance.random() < 0.6 else CONTINUOUS)
    biases = chance.choice(BIASES)
    thresholds: Thresholds = chance.choice(("per_neuron", "per_neuron", "per_layer", "zero"))
    encoding: Encoding = chance.choice(("auto", "auto", "one_hot"))
    widths = [chance.randint(1, 3) for _ in range(chance.choice((0, 1, 1, 2)[: depth + 2]))]
    own = None if thresholds == "zero" else biases
    layers = tuple(LayerSpec(width, weights, own) for width in (*widths, None))
    loss: Loss | None = chance.choice((None, None, "zero_one", "hamming", "pattern"))
    return Instance(dataset(rows, labels, classes), NetworkSpec(layers, thresholds, encoding), loss)
