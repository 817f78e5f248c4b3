"""Turned and sorted networks are the same networks, and points of the problems that ask for them."""

from __future__ import annotations

import numpy as np
import pytest
from forms import Form
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import SIGNS, dataset, network_spec, plain_loss

from bdnnlang.language.spec import Integers, Interval, WeightDomain
from bdnnlang.model.arrange import canonicalized
from bdnnlang.model.build import build
from bdnnlang.network.exact import activations
from bdnnlang.network.network import Layer, Network

FORMS = [Form("tight", side, one) for side in (False, True) for one in ("", "error_bits", "polarity", "tighten_bounds")]
ROWS = st.lists(st.lists(st.integers(-2, 2).map(float), min_size=2, max_size=2), min_size=2, max_size=5)


@st.composite
def networks(draw: st.DrawFn, depth: int, width: int = 3) -> Network:
    """Whole weights and biases, one output; `depth` hidden layers."""
    layers, inputs = [], 2
    for size in (*[width] * depth, 1):
        whole = st.integers(-1, 1).map(float)
        weights = np.array(draw(st.lists(whole, min_size=size * inputs, max_size=size * inputs))).reshape(size, inputs)
        biases = np.array(draw(st.lists(st.integers(-2, 2).map(float), min_size=size, max_size=size)))
        layers.append(Layer(weights, biases))
        inputs = size
    return Network(tuple(layers))


@pytest.mark.parametrize("weights", [SIGNS, Integers(-2, 2), Interval(-1.0, 1.0)], ids=str)
@pytest.mark.parametrize("form", FORMS, ids=str)
@given(rows=ROWS, chance=st.data())
@settings(max_examples=30, deadline=None)
def test_a_network_of_any_signs_is_a_point_once_turned_and_sorted(
    form: Form, weights: WeightDomain, rows: list[list[float]], chance: st.DataObject
) -> None:
    depth = chance.draw(st.integers(1, 2))
    network = chance.draw(networks(depth))
    data = dataset(rows, chance.draw(st.lists(st.integers(0, 1), min_size=len(rows), max_size=len(rows))))
    built = build(network_spec((3,) * depth, weights), None, data, merge_samples=form.merge_samples)
    model = form.model(built, data.train)
    milp = model.milp
    if not form.implications or milp.integrality.all():
        point = model.encode(network)
        assert milp.violation(point) <= 1e-9
        assert milp.objective(point) == plain_loss(network, data, "zero_one")
        assert (point[model.problem[f"W{depth + 1}"].index] >= 0).all()


@given(rows=ROWS, network=networks(1))
@settings(max_examples=60, deadline=None)
def test_turning_and_sorting_change_no_output(rows: list[list[float]], network: Network) -> None:
    data = dataset(rows, [0] * len(rows))
    problem = Form("tight").model(build(network_spec((3,)), None, data), data.train).problem
    bits = list(activations(network, data.train))
    other, others = canonicalized(problem, network, data.train.x, bits)
    assert (other.layers[1].weights >= 0).all()
    assert (np.diff(other.layers[1].weights[0]) <= 0).all()
    for claimed, true in zip(others, activations(other, data.train), strict=True):
        assert np.array_equal(claimed, true)
    assert np.array_equal(others[-1], bits[-1])
