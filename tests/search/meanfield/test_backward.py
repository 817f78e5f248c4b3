"""The slope of every latent number against finite differences, in double precision."""

from __future__ import annotations

import numpy as np
import pytest

from bdnnlang.language.spec import Integers, Interval, Penalty, Thresholds, Values, WeightDomain
from bdnnlang.network.loss_words import Loss
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield.backward import backward
from bdnnlang.search.meanfield.forward import forward
from bdnnlang.search.meanfield.inputs import Batch
from bdnnlang.search.meanfield.latent import LatentNumbers
from bdnnlang.search.meanfield.layers import TrainedLayer
from bdnnlang.search.meanfield.losses import probabilities, slope
from bdnnlang.search.meanfield.penalties import add_penalties
from search.meanfield.smooth import in_doubles, plain_loss, problem

STEP = 1e-6


def differences(of: TrainingProblem, low: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Slopes, and what finite differences say; of the layers from `low` on, on bits below."""
    layers, latent, batch = in_doubles(of)
    inputs = batch.inputs
    if low:
        rng = np.random.default_rng(1)
        inputs = rng.integers(0, 2, (len(inputs), layers[low].inputs)) - layers[low].centre[0]
    found = LatentNumbers.zeros(layers, np.float64)
    passes = forward(layers, latent, inputs, low)
    backward(layers, latent, passes, slope(passes[-1].scores, batch, of.loss), found)
    add_penalties(layers, latent, of.costs.penalties, 0.5, found)
    numbers = range(latent.starts[low], len(latent.flat))
    expected = [difference(of, layers, latent, batch, inputs, low, number) for number in numbers]
    return found.flat[latent.starts[low] :], np.array(expected)


def difference(
    of: TrainingProblem,
    layers: tuple[TrainedLayer, ...],
    latent: LatentNumbers,
    batch: Batch,
    inputs: np.ndarray,
    low: int,
    number: int,
) -> float:
    values, here = [], latent.flat[number]
    for way in (1, -1):
        latent.flat[number] = here + way * STEP
        p = probabilities(forward(layers, latent, inputs, low)[-1].scores)
        values.append(plain_loss(p, batch.classes, batch.costs, of.loss) + 0.5 * penalty(of, layers, latent))
    latent.flat[number] = here
    return (values[0] - values[1]) / (2 * STEP)


def penalty(of: TrainingProblem, layers: tuple[TrainedLayer, ...], latent: LatentNumbers) -> float:
    """The mean penalty of the rounded network, from the definition."""
    total = 0.0
    for one in of.costs.penalties:
        for layer, weights, biases in zip(layers, latent.weights, latent.biases, strict=True):
            total += one.factor * sum(measure(one, layer, v) for v in weights.ravel())
            if one.kind == "l2" and layer.biases:
                b = biases * layer.scale * layer.unit - (0 if layer.shared else weights @ layer.centre)
                total += one.factor * float((np.broadcast_to(b, layer.width) ** 2).sum())
    return total


def measure(one: Penalty, layer: TrainedLayer, v: float) -> float:
    grid = layer.grid
    f = {"l1": abs, "l2": np.square, "sparsity": lambda w: float(w != 0)}[one.kind]
    if grid.is_real:
        return abs(v) / grid.largest if one.kind == "sparsity" else float(f(v))
    at = int(np.clip(np.searchsorted(grid.nodes, v) - 1, 0, len(grid.nodes) - 2))
    a, b = grid.nodes[at], grid.nodes[at + 1]
    return float(((v - a) * f(b) + (b - v) * f(a)) / (b - a))


def compare(of: TrainingProblem, low: int = 0) -> None:
    found, expected = differences(of, low)
    assert np.abs(expected).max() > 0.01
    assert np.allclose(found, expected, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("loss", ["zero_one", "hamming", "pattern"])
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("hidden", [(), (3,), (3, 4)], ids=str)
def test_every_loss_and_depth(hidden: tuple[int, ...], classes: int, loss: Loss) -> None:
    compare(problem(hidden, classes, loss))


@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer", "zero"])
@pytest.mark.parametrize(
    "weights",
    [Integers(-3, 3), Integers(0, 1), Values((-2.0, -0.5, 0.25, 1.0)), Interval(-1.0, 1.0), Interval(-0.2, 1.0)],
    ids=str,
)
def test_every_domain_and_kind_of_threshold(weights: WeightDomain, thresholds: Thresholds) -> None:
    compare(problem((3, 4), 3, "zero_one", weights, thresholds))


@pytest.mark.parametrize("low", [1, 2])
@pytest.mark.parametrize("thresholds", ["per_neuron", "zero"])
def test_on_the_bits_of_layers_that_are_rounded(thresholds: Thresholds, low: int) -> None:
    compare(problem((3, 4), 3, "hamming", thresholds=thresholds), low)


@pytest.mark.parametrize("kind", ["l1", "l2", "sparsity"])
@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer"])
@pytest.mark.parametrize("weights", [Integers(-1, 1), Values((-2.0, 0.0, 0.25, 1.0)), Interval(-1.0, 1.0)], ids=str)
def test_penalties(weights: WeightDomain, thresholds: Thresholds, kind: str) -> None:
    penalties = (Penalty(kind, 0.7), Penalty("l1", 0.1))  # type: ignore[arg-type]
    compare(problem((3,), 2, None, weights, thresholds, penalties))
