"""The certificate against the corners of the sets, and for the ball against its formula."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from perturbed import deltas, keeps_pattern
from problems import Case, cases, dataset, plain, plain_rows

from bdnnlang.ir.delta import Delta
from bdnnlang.network import Layer, Network, activations
from bdnnlang.runtime.certificate import certify, keeps


@given(case=cases(), data=st.data())
@settings(max_examples=120, deadline=None)
def test_neurons_are_kept_iff_they_are_the_same_at_every_corner(case: Case, data: st.DataObject) -> None:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    found = keeps(case.network.layers[0], delta, case.data.train, activations(case.network, case.data.train)[0])
    layers = plain(case.network)
    assert found.tolist() == [keeps_pattern(layers, delta, row) for row in plain_rows(case.data)]


THRESHOLD = Network((Layer(np.array([[3.0, 4.0]]), np.array([-1.0])),))


@pytest.mark.parametrize(("radius", "kept"), [("1/5", 2), ("2/5", 1), ("200000001/1000000000", 2), ("399999999/1000000000", 2)])
def test_the_ball_is_decided_exactly(radius: str, kept: int) -> None:
    """‖w‖ = 5, a = 2 and −2: at r = 2/5 the firing neuron reaches 0, which still fires, the silent one reaches it and fires."""
    data = dataset([[1.0, 0.0], [-0.2, -0.1]], [1, 0])
    found = certify(THRESHOLD, Delta("l2", (Fraction(radius),) * 2), data.train)
    assert (found.kept, found.certified, found.of) == (kept, kept, 2)


def test_a_wrong_class_is_kept_but_not_certified() -> None:
    data = dataset([[1.0, 0.0], [-0.2, -0.1]], [0, 0])
    found = certify(THRESHOLD, Delta("box", (Fraction(1, 100),) * 2), data.train)
    assert (found.kept, found.certified, found.complete) == (2, 1, True)


def test_a_boundary_that_floats_cannot_see() -> None:
    """0.1 + 0.2 is exactly 0.3 in decimals: a = 0.3 less 0.1 · 1 and 0.2 · 1 leaves 0, which fires."""
    network = Network((Layer(np.array([[1.0, 1.0]]), np.array([0.3])),))
    part = dataset([[0.0, 0.0]], [1]).train
    assert certify(network, Delta("box", (Fraction(1, 10), Fraction(1, 5))), part).complete
    assert not certify(network, Delta("box", (Fraction(1, 10), Fraction(2000000001, 10**10))), part).complete
