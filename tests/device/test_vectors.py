"""`bdnnlang/device/vectors.py`: few rows notice single mistakes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from bdnnlang.device import many
from bdnnlang.device.vectors import golden_vectors
from bdnnlang.device.whole import Neuron, WholeNetwork
from device.random_networks import counts, mixed, network


def mistakes(net: WholeNetwork) -> Iterator[WholeNetwork]:
    """Each network with one weight or threshold one more or less."""
    for at, layer in enumerate(net.layers):
        for k, neuron in enumerate(layer):
            for other in _neighbours(neuron):
                changed = (*layer[:k], other, *layer[k + 1 :])
                yield replace(net, layers=(*net.layers[:at], changed, *net.layers[at + 1 :]))


def _neighbours(neuron: Neuron) -> Iterator[Neuron]:
    for by in (-1, 1):
        yield replace(neuron, threshold=neuron.threshold + by)
        for k, (place, weight) in enumerate(neuron.weights):
            yield replace(neuron, weights=(*neuron.weights[:k], (place, weight + by), *neuron.weights[k + 1 :]))


def test_every_mistake_in_a_neuron_is_noticed_by_two_rows() -> None:
    net = network(counts(9, 0, 20), [1, 1], random.Random(3), largest=3, density=1)
    net = replace(net, layers=(net.layers[0], (Neuron(((0, 1),), 1),)))
    vectors = golden_vectors(net)
    assert len(vectors.classes) <= 4
    assert vectors.unnoticed == 2  # the output's weight two or more, and its threshold 0 … are the same network


def test_what_is_said_to_be_noticed_is() -> None:
    rng = random.Random(4)
    for columns, widths in ((counts(6, -3, 12), [4, 1]), (mixed(4, rng), [3, 2, 3])):
        net = network(columns, widths, rng, largest=2)
        vectors = golden_vectors(net)
        assert many.predict(net, vectors.rows).tolist() == list(vectors.classes)
        missed = sum((many.predict(wrong, vectors.rows) == vectors.classes).all() for wrong in mistakes(net))
        assert missed <= vectors.unnoticed
        assert len(vectors.classes) <= 40


def test_a_network_that_always_says_the_same_has_a_row() -> None:
    net = network(counts(2, 0, 9), [1], random.Random(1))
    vectors = golden_vectors(replace(net, layers=((Neuron(((0, 1),), 99),),)))
    assert (vectors.classes, vectors.noticed) == ((0,), 0)
