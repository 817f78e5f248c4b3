"""`bdnnlang/device/onnx/model.py`: what onnxruntime answers is what the network in whole numbers answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from bdnnlang.arrays import Ints
from bdnnlang.device import many
from bdnnlang.device.onnx.model import TooLarge, onnx_model
from bdnnlang.device.vectors import draw, near_ties
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, WholeNetwork
from device import random_networks

Rows = Ints | Sequence[tuple[int, ...]]

onnx = pytest.importorskip("onnx", reason="extra `onnx`")
onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime")

TEMPERATURE = Reading("temperature", -40, 85, unit=Fraction(1, 2), offset=Fraction(-3), missing=-40)
COLOUR = Reading("colour", 0, 2, categories=("blue", "red"))
SIGNALS = (Equals(1, 1), Level(0, (-39, 0, 10)), Count(0), AtLeast(0, 20))
LAYERS = ((Neuron(((0, 3), (1, -2), (2, 1)), 4), Neuron(((3, 1),), 1)), (Neuron(((0, 1), (1, 1)), 2), Neuron(((0, 1),), 1)))
WEATHER = WholeNetwork((TEMPERATURE, COLOUR), SIGNALS, LAYERS, ("cold", "warm"))


def one(reading: Reading, *weights: int, threshold: int = 0) -> WholeNetwork:
    """One neuron over as many counts of one reading as there are weights."""
    counts = tuple(Count(0) for _ in weights)
    return WholeNetwork((reading,), counts, ((Neuron(tuple(enumerate(weights)), threshold),),), ("no", "yes"))


def answers(model: bytes, given: Rows) -> list[int]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    dtype = {"tensor(int64)": np.int64, "tensor(float)": np.float32}[session.get_inputs()[0].type]
    return [int(k) for k in session.run(["class"], {"readings": np.array(given, dtype)})[0]]


def operators(model: bytes) -> set[str]:
    return {node.op_type for node in onnx.load_model_from_string(model).graph.node}


def tie_rows(network: WholeNetwork) -> Ints:
    """As they come, and on or one below the threshold of each neuron of the first layer."""
    rng = np.random.default_rng(1)
    return np.concatenate([draw(network, 50, rng), near_ties(network, 10, rng)])


def some_networks(number: int, span: int, largest: int) -> Iterator[WholeNetwork]:
    rng = Random(f"{span} {largest}")
    for k in range(number):
        columns = random_networks.mixed(rng.randint(1, 6), rng, span=span)
        if k % 3 == 0:
            columns = random_networks.counts(rng.randint(1, 6), rng.choice((0, -span // 2)), span // 2)
        widths = [*(rng.randint(1, 6) for _ in range(rng.randint(0, 2))), rng.choice((1, 2, 3, 5))]
        yield random_networks.network(columns, widths, rng, largest=largest)


@pytest.mark.parametrize("in_floats", [False, True])
@pytest.mark.parametrize(("span", "largest"), [(4, 1), (50, 5), (256, 127), (500, 100), (900, 900)])
def test_random_networks(span: int, largest: int, in_floats: bool) -> None:
    for network in some_networks(15, span, largest):
        given = tie_rows(network)
        assert answers(onnx_model(network, in_floats=in_floats), given) == many.predict(network, given).tolist()


def test_numbers_of_64_bits() -> None:
    for network in some_networks(15, 10**6, 10**11):
        given = tie_rows(network)
        assert answers(onnx_model(network), given) == many.predict(network, given).tolist()


def test_the_reference_of_onnx_agrees() -> None:
    from onnx.reference import ReferenceEvaluator

    for network in some_networks(6, 40, 5):
        given = tie_rows(network)
        model = onnx.load_model_from_string(onnx_model(network))
        (found,) = ReferenceEvaluator(model).run(None, {"readings": given})
        assert found.tolist() == [network.predict(row) for row in given.tolist()]


def test_every_reading_of_a_small_network() -> None:
    given = list(product(range(-40, 86), range(3)))
    assert answers(onnx_model(WEATHER), given) == [WEATHER.predict(row) for row in given]


@pytest.mark.parametrize(
    ("network", "operator"),
    [
        (one(Reading("x", 0, 255), 64, -64), "MatMulInteger"),
        (one(Reading("x", 0, 255), 65, -64), "MatMul"),  # 2 * 255 * 65 > 2 ** 15
        (one(Reading("x", -128, 127), 127), "MatMulInteger"),
        (one(Reading("x", -128, 127), 128), "MatMul"),  # a weight of 9 bits
        (one(Reading("x", -1, 128), 1), "MatMul"),  # neither signed nor unsigned bytes
        (one(Reading("x", 0, 255, missing=255), 1), "MatMulInteger"),
        (one(Reading("x", 1, 256, missing=256), 1), "MatMul"),
    ],
)
def test_narrow_arithmetic_where_it_is_exact(network: WholeNetwork, operator: str) -> None:
    model = onnx_model(network)
    assert {"MatMul", "MatMulInteger"} & operators(model) == {operator}
    lower, upper = network.readings[0].lower, network.readings[0].upper
    given = [(r,) for r in range(lower, upper + 1)]
    assert answers(model, given) == [network.predict(row) for row in given]


def test_saturated_products() -> None:
    """255 * 127 twice, added in 16 bits, is cut off by processors with AVX2: such sums are of 64 bits."""
    network = one(Reading("x", 0, 255), 127, 127, threshold=2 * 255 * 127)
    assert answers(onnx_model(network), [(254,), (255,)]) == [0, 1]


def test_floats_up_to_the_last_exact_sum() -> None:
    reach = 2**24 - 1
    network = one(Reading("x", 0, reach), 1, threshold=reach)
    assert answers(onnx_model(network, in_floats=True), [(reach - 1,), (reach,)]) == [0, 1]
    with pytest.raises(
        TooLarge, match=r"^the column `x` is read as numbers up to 16,777,216, and floats of 32 bits are exact up to 16,777,216$"
    ):
        onnx_model(one(Reading("x", 0, reach + 1), 1, threshold=reach), in_floats=True)


def test_sums_over_64_bits_are_refused() -> None:
    largest = 2**63 - 2
    network = one(Reading("x", 0, 2), largest // 2, threshold=largest)
    assert answers(onnx_model(network), [(1,), (2,)]) == [0, 1]
    with pytest.raises(
        TooLarge, match=r"^the sums of layer 1 may come to 9,223,372,036,854,775,808, and whole numbers of 64 bits"
    ):
        onnx_model(one(Reading("x", 0, 2), largest // 2 + 1, threshold=0))


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_layer_that_nothing_reaches(outputs: int) -> None:
    last = tuple(Neuron((), 1 - k) for k in range(outputs))
    constant = WholeNetwork((COLOUR,), (), ((), last), ("a", "b", "c"))
    assert answers(onnx_model(constant), [(0,), (2,)]) == [constant.predict((0,))] * 2


def test_what_the_file_says() -> None:
    model = onnx.load_model_from_string(onnx_model(WEATHER))
    said = {p.key: json.loads(p.value) for p in model.metadata_props}
    assert said["classes"] == ["cold", "warm"]
    assert said["readings"] == [
        {"column": "temperature", "lower": -40, "upper": 85, "unit": "1/2", "offset": "-3", "missing": -40, "categories": []},
        {"column": "colour", "lower": 0, "upper": 2, "unit": "1", "offset": "0", "missing": None, "categories": ["blue", "red"]},
    ]
    assert [(o.domain, o.version) for o in model.opset_import] == [("", 17)]
    assert model.graph.doc_string.startswith("readings: for each sample 2 whole numbers r, which stand for r * unit + offset; ")


def test_the_same_network_becomes_the_same_bytes() -> None:
    assert onnx_model(WEATHER) == onnx_model(WEATHER)
