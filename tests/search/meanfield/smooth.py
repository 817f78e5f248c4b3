"""Problems with latent numbers in double precision, and losses as their definitions say, for the tests of slopes and means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.arrays import Floats, Ints
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Penalty, Thresholds, WeightDomain
from bdnnlang.network.loss_words import Loss
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield.inputs import Batch, Minibatches, input_scale
from bdnnlang.search.meanfield.latent import LatentNumbers, drawn
from bdnnlang.search.meanfield.layers import TrainedLayer, trained_layers


def problem(
    hidden: Sequence[int],
    classes: int,
    loss: Loss | None = None,
    weights: WeightDomain = SIGNS,
    thresholds: Thresholds = "per_neuron",
    penalties: tuple[Penalty, ...] = (),
    biases: WeightDomain | None = None,
    features: int = 4,
) -> TrainingProblem:
    rng = np.random.default_rng(5)
    data = dataset(rng.integers(0, 9, (12, features)).astype(float).tolist(), (np.arange(12) % classes).tolist(), classes)
    whole = spec(network_spec(hidden, weights, biases, thresholds), loss)
    costs = tuple(float(c + 1) for c in range(classes))
    return TrainingProblem(replace(whole, train=replace(whole.train, penalties=penalties, class_weight=costs)), data)


def in_doubles(of: TrainingProblem, seed: int = 0) -> tuple[tuple[TrainedLayer, ...], LatentNumbers, Batch]:
    """The layers of a problem, latent numbers within their ranges and away from the grid, and all samples."""
    scale = input_scale(of)
    layers = tuple(replace(layer, blur=1.0) for layer in trained_layers(of, scale))  # no output is as good as sure
    rng = RandomStream(seed)
    batch = next(iter(Minibatches(of, scale, rng, 0.0, 64)))
    latent = LatentNumbers.zeros(layers, np.float64)
    latent.flat[:] = drawn(layers, batch.inputs, rng).flat
    for layer, weights, biases in zip(layers, latent.weights, latent.biases, strict=True):
        weights[:] = layer.grid.lower + (weights - layer.grid.lower) * 0.98 + 0.01 * layer.grid.half
        biases += 0.3 * (rng.uniform(biases.shape) - 0.5)
    exact = Batch(batch.inputs.astype(np.float64), batch.bits.astype(np.float64), batch.classes, batch.costs.astype(np.float64))
    return layers, latent, exact


def plain_loss(p: Floats, y: Ints, costs: Floats, loss: Loss) -> float:
    """Of outputs that are 1 with probabilities p (B, K): from the definition, code by code."""
    total = 0.0
    for row, label, cost in zip(p, y, costs.ravel(), strict=True):
        k = len(row)
        right = [label] if k > 1 else ([0] if label else [])
        bits = np.zeros(k)
        bits[right] = 1
        if loss == "zero_one" and k > 1:
            chance = sum(float(np.where(code, row, 1 - row).prod()) for code in _codes(k) if int(np.argmax(code)) == label)
            total -= cost * np.log(chance)
        else:
            total -= cost * np.log(np.where(bits == 1, row, 1 - row)).sum()
    return float(total)


def _codes(k: int) -> Floats:
    return np.array([[(n >> j) & 1 for j in range(k)] for n in range(2**k)])
