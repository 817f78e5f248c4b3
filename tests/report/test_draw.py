"""Networks as lines to read: every line says what the neuron does, or that something is left out."""

from __future__ import annotations

import numpy as np

from bdnnlang.network import Layer, Network
from bdnnlang.report.draw import MOST_NEURONS, MOST_TERMS, draw


def layer(weights: list[list[float]], biases: list[float]) -> Layer:
    return Layer(np.array(weights, dtype=np.float64), np.array(biases, dtype=np.float64))


def test_a_neuron_is_a_line() -> None:
    network = Network((layer([[0.5, -2.0, 0.0], [0.0, 1.0, -1.0]], [-0.25, 3.0]), layer([[1.0, -1.0]], [0.0])))
    assert draw(network, ("age", "income", "debt"), ("no", "yes")) == [
        "h1 if - 2 income + 0.5 age >= 0.25",
        "h2 if income - debt >= -3",
        "yes if h1 - h2 >= 0",
    ]


def test_outputs_are_called_by_their_classes() -> None:
    network = Network((layer([[1.0], [-1.0], [0.0]], [0.0, 0.0, 0.0]),))
    assert draw(network, ("x",), ("a", "b", "c")) == ["a if x >= 0", "b if - x >= 0", "c always"]


def test_hidden_layers_are_numbered_when_there_are_several() -> None:
    network = Network((layer([[1.0]], [0.0]), layer([[1.0]], [-1.0]), layer([[1.0]], [-1.0])))
    assert draw(network, ("x",), ("no", "yes")) == ["h1.1 if x >= 0", "h2.1 if h1.1 >= 1", "yes if h2.1 >= 1"]


def test_neurons_without_inputs_are_constant() -> None:
    network = Network((layer([[0.0], [0.0], [-0.0]], [0.0, -0.5, 1.0]),))
    assert draw(network, ("x",), ("a", "b", "c")) == ["a always", "b never", "c always"]


def test_only_the_heaviest_terms_are_written_and_the_rest_counted() -> None:
    count = MOST_TERMS + 3
    weights = [float(j + 1) * (-1) ** j for j in range(count)]
    (line,) = draw(Network((layer([weights], [0.0]),)), tuple(f"f{j}" for j in range(count)), ("no", "yes"))
    assert line == "yes if 9 f8 - 8 f7 + 7 f6 - 6 f5 + 5 f4 - 4 f3 + 3 more >= 0"


def test_zero_weights_are_not_counted_as_left_out() -> None:
    count = MOST_TERMS + 3
    weights = [1.0] * MOST_TERMS + [0.0] * 3
    (line,) = draw(Network((layer([weights], [0.0]),)), tuple(f"f{j}" for j in range(count)), ("no", "yes"))
    assert line == "yes if f0 + f1 + f2 + f3 + f4 + f5 >= 0"


def test_only_the_first_neurons_of_a_wide_layer_are_drawn() -> None:
    width = MOST_NEURONS + 5
    network = Network((layer([[1.0]] * width, [0.0] * width), layer([[1.0] * width], [-1.0])))
    lines = draw(network, ("x",), ("no", "yes"))
    assert len(lines) == MOST_NEURONS + 2
    assert lines[MOST_NEURONS] == "… 5 more neurons in layer 1"
    assert lines[-1] == "yes if h1 + h2 + h3 + h4 + h5 + h6 + 11 more >= 1"


def test_a_layer_of_the_most_neurons_is_drawn_whole() -> None:
    network = Network((layer([[1.0]] * MOST_NEURONS, [0.0] * MOST_NEURONS), layer([[1.0] * MOST_NEURONS], [-1.0])))
    lines = draw(network, ("x",), ("no", "yes"))
    assert len(lines) == MOST_NEURONS + 1
    assert not any("…" in line for line in lines)


def test_numbers_are_the_decimals_that_are_evaluated() -> None:
    network = Network((layer([[0.1, -1e-7, 1e16]], [-0.30000000000000004]),))
    (line,) = draw(network, ("a", "b", "c"), ("no", "yes"))
    assert line == "yes if 10000000000000000 c + 0.1 a - 1e-07 b >= 0.30000000000000004"
