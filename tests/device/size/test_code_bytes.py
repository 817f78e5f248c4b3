"""What `bytes` are: against plain counting, and how they are seen one weight at a time."""

from __future__ import annotations

import numpy as np
import pytest
from plain_bytes import plain_bytes
from problems import network_spec

from bdnnlang.device.size.code_bytes import Uses, code_bytes, uses_of
from bdnnlang.language.spec import Integers, Interval, Values, WeightDomain
from bdnnlang.network.network import Layer, Network


def network(*layers: list[list[float]]) -> Network:
    return Network(tuple(Layer(np.array(rows), np.zeros(len(rows))) for rows in layers))


def test_a_neuron_needs_weights_on_both_sides() -> None:
    """The second neuron has no input, the third no output."""
    one = network([[0.0, 1.0], [0.0, 0.0], [0.0, -1.0]], [[1.0, 1.0, 0.0]])
    assert uses_of([layer.weights != 0 for layer in one.layers]) == Uses(1, (2, 2), (1,), 1)
    code = code_bytes(network_spec((3,)), 2)
    assert code.of_network(one) == plain_bytes([layer.weights.tolist() for layer in one.layers]) == 4 + 1 + 5 * 2 + 4 * 2 + 4


@pytest.mark.parametrize("size", [1, 3, 8, 20, 60])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_both_styles_of_code(size: int, share: float) -> None:
    rng = np.random.default_rng(size)
    layers = [np.where(rng.random(shape) < share, rng.choice([-1.0, 1.0], shape), 0.0) for shape in ((3, size), (2, 3))]
    plain = plain_bytes([layer.tolist() for layer in layers])
    assert code_bytes(network_spec((3,)), size).of_network(network(*(layer.tolist() for layer in layers))) == plain


@pytest.mark.parametrize(
    ("domain", "signs"),
    [
        (Integers(-1, 1), True),
        (Values((-1.0, 1.0)), True),
        (Values((-0.5, 0.5)), False),
        (Integers(0, 2), False),
        (Interval(-1.0, 1.0), False),
    ],
)
def test_weights_that_multiply_take_more(domain: WeightDomain, signs: bool) -> None:
    assert code_bytes(network_spec((), domain), 2).of_network(network([[1.0, 0.0]])) == plain_bytes([[[1, 0]]], [signs])


def test_what_a_weight_stands_for_on_the_average() -> None:
    none, every = plain_bytes([[[0] * 4] * 3, [[0] * 3]]), plain_bytes([[[1] * 4] * 3, [[1] * 3]])
    assert code_bytes(network_spec((3,)), 4).per_weight((4, 3, 1)) == (every - none) / 15
