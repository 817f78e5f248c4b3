"""The forward pass against plain fractions, decisions and losses against their definitions, and networks as plain data."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from examples import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracle import decide, plain_activations, row_loss
from problems import cases, dataset, plain, plain_patterns

from bdnnlang import arrays
from bdnnlang.arrays import Floats
from bdnnlang.network.as_json import from_json, to_json
from bdnnlang.network.exact import activations, layer_bits, near_ties, output_scores, outputs
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.losses import accuracy, classify, label_bits, sample_losses
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import exact

AWKWARD = [0.0, -0.0, 0.1, 0.2, 0.3, -0.3, 1.0, -1.0, 1 / 3, 1e16, -1e16, 1e-16, 1e-300, -1e-300, 5e-324, 1e308, -1e308]
numbers = st.one_of(st.sampled_from(AWKWARD), st.floats(allow_nan=False, allow_infinity=False), st.integers(-3, 3).map(float))


@dataclass(frozen=True)
class Rows:
    """Samples whose exact features are the decimals of `x`."""

    x: Floats

    def exact_row(self, i: int) -> Sequence[Fraction]:
        return [Fraction(str(v)) for v in self.x[i].tolist()]


def matrix(rows: int, columns: int) -> st.SearchStrategy[Floats]:
    return st.lists(numbers, min_size=rows * columns, max_size=rows * columns).map(
        lambda values: np.array(values, dtype=np.float64).reshape(rows, columns)
    )


@st.composite
def networks(draw: st.DrawFn) -> tuple[Network, Rows]:
    """Any numbers at all; half of the biases bring one sample's sum to 0 or as near as a float can."""
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    x = draw(matrix(draw(st.integers(1, 4)), widths[0]))
    layers, below = [], x
    for inputs, width in itertools.pairwise(widths):
        weights = draw(matrix(width, inputs))
        biases = draw(matrix(1, width))[0]
        for k in range(width):
            if draw(st.booleans()):
                row = below[draw(st.integers(0, len(below) - 1))].tolist()
                total = sum(Fraction(str(w)) * Fraction(str(v)) for w, v in zip(weights[k].tolist(), row, strict=True))
                if abs(total) < Fraction(10) ** 300:
                    biases[k] = -float(total)
        layers.append(Layer(weights, biases))
        below = np.array([[0.0] * width, [1.0] * width])
    return Network(tuple(layers)), Rows(x)


def single(weights: list[float], bias: float, *rows: list[float]) -> tuple[Network, Rows]:
    return Network((Layer(np.array([weights]), np.array([bias])),)), Rows(np.array(rows))


@given(pair=networks())
@settings(max_examples=examples(300))
@example(pair=single([0.1, 0.2], -0.3, [1.0, 1.0]))
@example(pair=single([-0.1, -0.2], 0.3, [1.0, 1.0]))
@example(pair=single([1e16, 1.0, -1e16], -1.0, [1.0, 1.0, 1.0]))
@example(pair=single([1e308, 1e308, -1e308], -1e308, [10.0, 1.0, 10.0]))
@example(pair=single([5e-324], -5e-324, [0.5], [1.0]))
@example(pair=single([1e-200], 0.0, [-1e-200]))
@example(pair=single([1e308], -5e-16, [5e-324]))
@example(pair=single([5e-324], -5e-16, [1e308]))
def test_forward_pass_is_that_of_fractions(pair: tuple[Network, Rows]) -> None:
    network, samples = pair
    ours = activations(network, samples)
    layers = plain(network)
    for i in range(len(samples.x)):
        theirs = plain_activations(layers, samples.exact_row(i))
        assert [u[i].tolist() for u in ours] == theirs
    assert np.array_equal(outputs(network, samples), ours[-1])


@pytest.mark.parametrize(
    ("weights", "bias", "row", "fires"),
    [
        ([0.1, 0.2], -0.3, [1.0, 1.0], 1),  # 0.1 + 0.2 − 0.3 is 5.6e-17 in floats and 0 in decimals
        ([-0.1, -0.2], 0.3, [1.0, 1.0], 1),  # −5.6e-17 in floats
        ([0.1, 0.2], -0.30000000000000004, [1.0, 1.0], 0),  # 0 in floats
        ([1e16, 1.0, -1e16], -1.0, [1.0, 1.0, 1.0], 1),  # the 1 is lost in floats
        ([1e308, 1e308], 0.0, [10.0, -10.0], 1),  # inf − inf
        ([5e-324], -5e-324, [0.5], 0),  # 5e-324 · 0.5 rounds to 0
        ([1e308], -5e-16, [5e-324], 1),  # the float next to 5e-324 is 4.94e-324
        ([5e-324], -5e-16, [1e308], 1),
        ([1e-200], 0.0, [-1e-200], 0),  # rounds to −0, which is ≥ 0
        ([-2e-162] * 10, 5e-324, [1e-162] * 10, 0),  # ten products that each round to 0
        ([0.0], 0.0, [1.0], 1),
        ([0.0], -0.0, [1.0], 1),
        ([0.0], -5e-324, [1.0], 0),
    ],
)
def test_signs_that_floats_get_wrong(weights: list[float], bias: float, row: list[float], fires: int) -> None:
    network, samples = single(weights, bias, row)
    assert outputs(network, samples).tolist() == [[fires]]


def test_scaled_features_are_exact() -> None:
    """The feature is 1/3, not the float next to it: 3 · 1/3 − 1 = 0, and 1/3 − 0.3333333333333333 > 0."""
    data = dataset([[1.0]], [0], upper=[3.0])
    for weight, bias, fires in ((3.0, -1.0, 1), (-3.0, 1.0, 1), (1.0, -0.3333333333333333, 1), (-1.0, 0.3333333333333333, 0)):
        network = Network((Layer(np.array([[weight]]), np.array([bias])),))
        assert outputs(network, data.train).tolist() == [[fires]]


@given(pair=networks(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=examples(100))
def test_the_order_of_features_changes_nothing(pair: tuple[Network, Rows], seed: int) -> None:
    network, samples = pair
    first = network.layers[0]
    expected = activations(network, samples)
    rng = np.random.default_rng(seed)
    for _ in range(5):
        order = rng.permutation(samples.x.shape[1])
        shuffled = Network((Layer(first.weights[:, order], first.biases), *network.layers[1:]))
        for a, b in zip(activations(shuffled, Rows(samples.x[:, order])), expected, strict=True):
            assert np.array_equal(a, b)


def test_the_order_of_many_features_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    x = np.round(rng.normal(size=(40, 60)), 2)
    weights = np.round(rng.normal(size=(3, 60)), 2)
    sums = [[-float(sum(Fraction(str(a)) * Fraction(str(b)) for a, b in zip(w, r, strict=True))) for r in x[:1]] for w in weights]
    biases = np.array(sums)[:, 0]  # the first sample is exactly on the boundary of each neuron
    expected = outputs(Network((Layer(weights, biases),)), Rows(x))
    assert expected[0].tolist() == [1, 1, 1]
    for _ in range(5):
        order = rng.permutation(60)
        assert np.array_equal(outputs(Network((Layer(weights[:, order], biases),)), Rows(x[:, order])), expected)


@given(case=cases())
@settings(max_examples=examples(60))
def test_activations_on_data_are_those_of_fractions(case: Any) -> None:
    ours = activations(case.network, case.data.train)
    for i, layers in enumerate(plain_patterns(case.network, case.data)):
        assert [u[i].tolist() for u in ours] == layers


def test_layer_bits_settles_doubtful_neurons_one_by_one() -> None:
    layer = Layer(np.array([[0.1, 0.2, -0.3], [1.0, 1.0, 1.0]]), np.array([0.0, -1.5]))
    below = np.array([[1, 1, 1], [1, 0, 0], [0, 0, 1]], dtype=np.int8)
    assert layer_bits(layer, below).tolist() == [[1, 1], [1, 0], [0, 0]]


def test_exact_is_the_decimal_that_python_prints() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(np.float64(1e-7)) == Fraction(1, 10**7)  # type: ignore[arg-type]
    assert exact(-2.5) == Fraction(-5, 2)


# ---- decisions and losses


def every_output(width: int) -> np.ndarray:
    return np.array(list(itertools.product((0, 1), repeat=width)), dtype=np.int8)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_classes_and_losses_by_definition(width: int) -> None:
    bits = every_output(width)
    assert classify(bits).tolist() == [decide(row) for row in bits.tolist()]
    losses: tuple[Loss, ...] = ("zero_one", "hamming", "pattern")
    for label, loss in itertools.product(range(max(2, width)), losses):
        y = np.full(len(bits), label)
        expected = [row_loss(row, label, loss, width) for row in bits.tolist()]
        assert sample_losses(bits, y, loss).tolist() == expected


def test_label_bits() -> None:
    y = np.array([0, 1, 2])
    assert label_bits(y, 3).tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert label_bits(y[:2], 1).tolist() == [[0], [1]]
    assert label_bits(y[:2], 2).tolist() == [[1, 0], [0, 1]]


def test_accuracy_counts_classes_not_bits() -> None:
    bits = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1]], dtype=np.int8)
    assert accuracy(bits, np.array([0, 1, 2])) == 2 / 3


# ---- plain data


@given(pair=networks())
@settings(max_examples=examples(100))
def test_json_round_trip(pair: tuple[Network, Rows]) -> None:
    network, _ = pair
    back = from_json(json.loads(json.dumps(to_json(network))))
    assert back == network
    assert back.widths == network.widths


def test_whole_numbers_have_no_point() -> None:
    network = Network((Layer(np.array([[1.0, -2.0, 0.5, -0.0, 1e300]]), np.array([3.0])),))
    assert json.dumps(to_json(network)) == '[{"weights": [[1, -2, 0.5, 0, 1e+300]], "biases": [3]}]'


GOOD = {"weights": [[1, 2], [3, 4]], "biases": [5, 6]}
REJECTED: dict[str, tuple[Any, str]] = {
    "no layers": ([], "there is no layer"),
    "not a list": (None, "`layers` is null, not a list"),
    "a number": (5, "`layers` is 5, not a list"),
    "layers by name": ({"a": GOOD}, "`layers` is an object, not a list"),
    "no biases": ([{"weights": [[1]]}], r"there is no `layers\[0\].biases`"),
    "no weights": ([{"biases": [1]}], r"there is no `layers\[0\].weights`"),
    "something else": ([GOOD | {"scale": 2}], r"`layers\[0\].scale` is not known"),
    "ragged": ([{"weights": [[1, 2], [3]], "biases": [1, 2]}], "no 2 weights for each of its 2 biases"),
    "one row without brackets": ([{"weights": [1, 2], "biases": [1]}], r"`layers\[0\].weights\[0\]` is 1, not a list"),
    "weights a number": ([{"weights": 1, "biases": [1]}], "is 1, not a list"),
    "biases a number": ([{"weights": [[1]], "biases": 1}], "is 1, not a list"),
    "biases in rows": ([{"weights": [[1]], "biases": [[1]]}], "is a list, not a number"),
    "text": ([{"weights": [["1"]], "biases": [1]}], "is `1`, not a number"),
    "words": ([{"weights": [["one"]], "biases": [1]}], "is `one`, not a number"),
    "null": ([{"weights": [[None]], "biases": [1]}], "is null, not a number"),
    "booleans": ([{"weights": [[True]], "biases": [1]}], "is true, not a number"),
    "a number beyond floats": ([{"weights": [[10**400]], "biases": [1]}], "not the decimal of a 64-bit number"),
    "a decimal between floats": (
        [{"weights": [[1]], "biases": [Decimal("-3.0000000000000000001")]}],
        "-3.0000000000000000001, not",
    ),
    "a whole number between floats": ([{"weights": [[2**53 + 1]], "biases": [0]}], "not the decimal of a 64-bit number"),
    "no neuron": ([{"weights": [], "biases": []}], "no 1 weights for each of its 0 biases"),
    "no input": ([{"weights": [[]], "biases": [1]}], "no 1 weights for each of its 1 biases"),
    "too few biases": ([{"weights": [[1, 2], [3, 4]], "biases": [5]}], "no 2 weights for each of its 1 biases"),
    "layers that do not follow": ([GOOD, {"weights": [[1, 2, 3]], "biases": [1]}], r"`layers\[1\]` has no 2 weights"),
    "nan": ([{"weights": [[float("nan")]], "biases": [1]}], "not the decimal of a 64-bit number"),
    "infinite": ([{"weights": [[1]], "biases": [float("inf")]}], "not the decimal of a 64-bit number"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_is_no_network_is_rejected(name: str) -> None:
    layers, reason = REJECTED[name]
    with pytest.raises(ValueError, match=reason):
        from_json(layers)


def test_networks_compare_by_their_numbers() -> None:
    one, same, other = (Network((Layer(np.array([[w]]), np.array([0.0])),)) for w in (1.0, 1.0, 2.0))
    assert one == same
    assert one != other
    assert one.layers[0] != "a layer"


# ---- sums in whole numbers


@dataclass(frozen=True)
class Written(Rows):
    is_as_written: bool = True


SHORT = st.one_of(st.integers(-40, 40).map(lambda n: n / 10), st.sampled_from([0.001, 1e-6, 1e-7, 1e14, 1e15, 1e300, 1 / 3]))


@given(st.data())
@settings(max_examples=examples(200))
def test_decimals_are_summed_exactly(data: st.DataObject) -> None:
    """A road of its own for data as written; it agrees with the one in fractions, or steps aside."""
    w, b, x = (np.array(data.draw(st.lists(SHORT, min_size=n, max_size=n))) for n in (6, 3, 8))
    network, x = Network((Layer(w.reshape(3, 2), b),)), x.reshape(4, 2)
    assert np.array_equal(outputs(network, Written(x)), outputs(network, Rows(x)))
    rows = [plain_activations(plain(network), row)[0] for row in (Rows(x).exact_row(i) for i in range(4))]
    assert outputs(network, Written(x)).tolist() == rows


def test_scores_are_the_exact_pre_activations_of_the_outputs() -> None:
    first = Layer(np.array([[0.1, 0.2], [1.0, -1.0]]), np.array([-0.3, 0.5]))
    last = Layer(np.array([[0.1, 0.2], [-0.7, 0.0]]), np.array([-0.3, 0.7]))
    rows = Rows(np.array([[1.0, 1.0], [0.0, 0.0], [1.0, 2.0]]))
    shallow = Network((first,))
    assert output_scores(shallow, rows, activations(shallow, rows)) == [
        [Fraction(0), Fraction(1, 2)],
        [Fraction(-3, 10), Fraction(1, 2)],
        [Fraction(1, 5), Fraction(-1, 2)],
    ]
    deep = Network((first, last))
    assert output_scores(deep, rows, activations(deep, rows)) == [
        [Fraction(0), Fraction(0)],
        [Fraction(-1, 10), Fraction(7, 10)],
        [Fraction(-1, 5), Fraction(0)],
    ]


def test_near_ties_are_sums_that_float64_may_round_to_another_sign() -> None:
    """0.1 + 0.2 − 0.3 depends on the order, 0.5 + 0.25 − 0.75 does not."""
    samples = Rows(np.array([[0.1, 0.2, -0.3], [0.5, 0.25, -0.75], [0.1, 0.2, -0.29], [1.0, 2.0, -3.0]]))
    network = Network(
        (Layer(np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]), np.zeros(2)), Layer(np.array([[0.5, 0.1]]), np.array([-0.6])))
    )
    first, last = near_ties(network, samples)
    assert first.tolist() == [[True, False], [False, False], [False, False], [False, False]]
    assert last.all()  # 0.5 + 0.1 − 0.6


@given(pair=networks())
@settings(max_examples=examples(100))
def test_samples_in_blocks_are_the_same_samples(pair: tuple[Network, Rows]) -> None:
    network, samples = pair
    whole, ties = activations(network, samples), near_ties(network, samples)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "AT_ONCE", 1)
        for found, expected in ((activations(network, samples), whole), (near_ties(network, samples), ties)):
            assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


def test_without_weights_the_biases_decide() -> None:
    layer = Layer(np.zeros((3, 2)), np.array([0.0, -1e-300, 1e300]))
    assert outputs(Network((layer,)), Rows(np.array([[1e308, 1e308], [0.1, 0.2]]))).tolist() == [[1, 0, 1]] * 2
