"""`bdnnlang/polish/sparser.py`: fewer weights, and the same answers for all patterns of the first layer."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from problems import dataset, network_spec, spec

from bdnnlang.language.spec import Values
from bdnnlang.network.exact import layer_bits
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Layer, Network
from bdnnlang.polish.sparser import sparser, without_effect
from bdnnlang.problem.training import TrainingProblem


def random_network(number: int, widths: tuple[int, ...]) -> Network:
    chance = random.Random(number)
    layers = []
    for below, width in itertools.pairwise(widths):
        weights = np.array([[chance.choice((-2.0, -1.0, 0.0, 0.0, 0.5, 3.0)) for _ in range(below)] for _ in range(width)])
        layers.append(Layer(weights, np.array([chance.choice((-2.5, -1.0, -0.5, 0.0, 1.5)) for _ in range(width)])))
    return Network(tuple(layers))


def outputs(network: Network) -> np.ndarray:
    """Of all patterns of the first layer, whether or not an input makes them."""
    bits = np.array(list(itertools.product((0, 1), repeat=len(network.layers[0].biases))), dtype=np.int8)
    for layer in network.layers[1:]:
        bits = layer_bits(layer, bits)
    return bits


def weights_of(network: Network) -> int:
    return sum(int((layer.weights != 0).sum()) for layer in network.layers)


@pytest.mark.parametrize("by_class", [False, True])
@pytest.mark.parametrize("widths", [(2, 4, 1), (2, 4, 3), (2, 3, 4, 3)], ids=str)
def test_answers_stay(widths: tuple[int, ...], by_class: bool) -> None:
    fewer = 0
    for number in range(20):
        network = random_network(number, widths)
        found = without_effect(network, [True] * len(widths), by_class=by_class)
        before, after = outputs(network), outputs(found)
        assert (classify(before) == classify(after)).all()
        assert by_class or (before == after).all()
        assert all((layer.biases == own.biases).all() for layer, own in zip(found.layers, network.layers, strict=True))
        kept = [layer.weights != 0 for layer in found.layers]
        assert all(
            (one.weights[k] == own.weights[k]).all() for one, own, k in zip(found.layers, network.layers, kept, strict=True)
        )
        for k, layer in enumerate(found.layers[1:]):  # what nothing reads has no weights
            assert not found.layers[k].weights[~layer.weights.any(axis=0)].any()
        fewer += weights_of(found) < weights_of(network)
    assert fewer >= 10


def test_every_weight_that_is_left_matters() -> None:
    """Of the layers behind the first: without it some pattern has another output."""
    for number in range(20):
        found = without_effect(random_network(number, (2, 4, 2)), [True] * 2, by_class=False)
        for place in zip(*np.nonzero(found.layers[1].weights), strict=True):
            weights = found.layers[1].weights.copy()
            weights[place] = 0.0
            other = Network((found.layers[0], Layer(weights, found.layers[1].biases)))
            assert (outputs(other) != outputs(found)).any()


def training(domain: Values | None = None) -> TrainingProblem:
    own = network_spec((2,)) if domain is None else network_spec((2,), domain)
    return TrainingProblem(spec(own), dataset([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1]))


HIDDEN = Layer(np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([-0.5, -0.25]))


def test_an_incumbent_with_fewer_weights() -> None:
    problem = training()
    given = problem.incumbent(Network((HIDDEN, Layer(np.array([[1.0, 0.0]]), np.array([-0.5])))))
    found = sparser(problem, given)
    assert found is not None
    assert found.network.layers[0].weights.tolist() == [[1, 1], [0, 0]]
    assert found.loss == given.loss == 0
    assert sparser(problem, found) is None


def test_where_0_is_no_weight_nothing_changes() -> None:
    problem = training(Values((-1.0, 1.0)))
    given = problem.incumbent(Network((HIDDEN, Layer(np.array([[1.0, -1.0]]), np.array([1.5])))))
    assert sparser(problem, given) is None
