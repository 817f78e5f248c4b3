"""Networks at random that satisfy a model."""

from __future__ import annotations

import numpy as np

from bdnnlang.model.model import Model
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import TrainingProblem


def some_network(training: TrainingProblem, model: Model, seed: int) -> tuple[Network, np.ndarray]:
    """A network that satisfies the model, and its point."""
    chance, problem = np.random.default_rng(seed), model.built
    while True:
        layers = []
        for k in range(1, problem.depth + 1):
            w, b = problem.weights(k), problem.biases(k)
            assert b is not None
            draw = [np.rint(v) if f.integer else v for f in (w, b) for v in [chance.uniform(f.lower, f.upper, f.shape)]]
            layers.append(Layer(w.decode(draw[0]), b.decode(draw[1])))
        network = Network(tuple(layers))
        point = model.start(network)
        if point is not None and training.contains(network):
            return network, point
