"""Networks of neurons that an oracle names: in the domains, and they compute what is asked."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from bdnnlang.language.spec import Integers, Interval, LayerSpec, Values, WeightDomain
from bdnnlang.network.exact import outputs
from bdnnlang.network.network import Network
from bdnnlang.prove.functions import OutputFunction, output_functions
from bdnnlang.prove.networks import network
from bdnnlang.prove.problem import output_sizes

CUBE = np.array(list(product((0.0, 1.0), repeat=3)))


class Cube:
    """The corners of a cube: neuron j is to be on where feature j is 1."""

    x = CUBE

    def exact_row(self, i: int) -> list[int]:
        return [int(v) for v in CUBE[i]]


def coordinate(j: int, scale: float) -> tuple[np.ndarray, float]:
    w = np.zeros(3)
    w[j] = scale
    return w, -scale / 2


@pytest.mark.parametrize(
    ("hidden", "output", "biases"),
    [
        (Interval(-1.0, 1.0), Interval(-1.0, 1.0), None),
        (Interval(-0.25, 8.0), Interval(-0.125, 9.0), None),
        (Interval(-1.0, 1.0), Interval(-2.0, -0.01), Interval(-1.0, 4.0)),
        (Interval(-4.0, 4.0), Interval(-4.0, 4.0), Interval(-1.0, 1.0)),
        (Integers(-1, 1), Integers(-3, 3), Integers(-9, 9)),
        (Integers(-1, 1), Integers(-2, 3), None),
        (Integers(-1, 1), Values((-2.5, -1.5, 0.5)), None),
    ],
    ids=str,
)
@pytest.mark.parametrize("neurons", [1, 2, 3])
def test_they_compute_the_function_of_the_neurons(
    hidden: WeightDomain, output: WeightDomain, biases: WeightDomain | None, neurons: int
) -> None:
    layers = LayerSpec(neurons, hidden, biases), LayerSpec(None, output, biases)
    sizes = output_sizes(output)
    for function in output_functions(neurons, sizes and sizes[0]):
        scale = 1.0 if isinstance(hidden, Integers) else 3.0
        made = network(function, [coordinate(j, scale) for j in range(neurons)], layers)
        assert outputs(made, Cube())[:, 0].tolist() == [function(row[:neurons].tolist()) for row in CUBE == 1]
        assert inside(made, layers)


def inside(made: Network, layers: tuple[LayerSpec, ...]) -> bool:
    return all(
        member(v, domain)
        for layer, own in zip(made.layers, layers, strict=True)
        for values, domain in ((layer.weights, own.weights), (layer.biases, own.biases))
        for v in values.ravel().tolist()
    )


def member(value: float, domain: WeightDomain | None) -> bool:
    match domain:
        case None:
            return True
        case Values(values):
            return value in values
        case Integers(lower, upper):
            return value == int(value) and lower <= value <= upper
        case Interval(lower, upper):
            return lower <= value <= upper


def test_neurons_that_a_function_does_not_need_are_off() -> None:
    layers = LayerSpec(2, Interval(-1.0, 1.0)), LayerSpec(None, Values((0.5, 5.0)))
    made = network(OutputFunction((10, 1), 5), [coordinate(0, 1.0)], layers)
    assert outputs(made, Cube())[:, 0].tolist() == CUBE[:, 0].tolist()
    assert made.layers[0].weights[1].tolist() == [0, 0, 0]
