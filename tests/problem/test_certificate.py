"""The certificate against the corners of the sets, and for the ball against its formula."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import decide, plain_activations
from perturbed import corners, deltas, keeps_pattern, moved, plain_pairs, worst_row
from problems import Case, cases, dataset, plain, plain_rows

from bdnnlang.language.spec import Linf, Perturbation, RobustSpec
from bdnnlang.network.exact import activations
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.attack import worst_case
from bdnnlang.problem.certificate import certify, worst_outputs
from bdnnlang.problem.perturbation import BoxSet, L2Set
from bdnnlang.problem.sure_and_possible import keeps, sure_and_possible


@given(case=cases(), data=st.data())
@settings(max_examples=examples(120))
def test_neurons_are_kept_iff_they_are_the_same_at_every_corner(case: Case, data: st.DataObject) -> None:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    found = keeps(case.network.layers[0], delta, case.data.train, activations(case.network, case.data.train)[0])
    layers = plain(case.network)
    assert found.tolist() == [keeps_pattern(layers, delta, row) for row in plain_rows(case.data)]


PATTERN = RobustSpec(Perturbation(Linf(1.0)))  # the set that is meant is the one of the `Delta` beside it
CERTIFIED = replace(PATTERN, method="certified")
THRESHOLD = Network((Layer(np.array([[3.0, 4.0]]), np.array([-1.0])),))


@pytest.mark.parametrize(("radius", "kept"), [("1/5", 2), ("2/5", 1), ("200000001/1000000000", 2), ("399999999/1000000000", 2)])
def test_the_ball_is_decided_exactly(radius: str, kept: int) -> None:
    """‖w‖ = 5, a = 2 and −2: at r = 2/5 the firing neuron reaches 0, which still fires, the silent one reaches it and fires."""
    data = dataset([[1.0, 0.0], [-0.2, -0.1]], [1, 0])
    found = certify(THRESHOLD, PATTERN, L2Set((Fraction(radius),) * 2), data.train)
    assert (found.kept, found.certified, found.of) == (kept, kept, 2)


def test_a_wrong_class_is_kept_but_not_certified() -> None:
    data = dataset([[1.0, 0.0], [-0.2, -0.1]], [0, 0])
    found = certify(THRESHOLD, PATTERN, BoxSet((Fraction(1, 100),) * 2), data.train)
    assert (found.kept, found.certified, found.complete) == (2, 1, True)


def test_a_boundary_that_floats_cannot_see() -> None:
    """0.1 + 0.2 is exactly 0.3 in decimals: a = 0.3 less 0.1 · 1 and 0.2 · 1 leaves 0, which fires."""
    network = Network((Layer(np.array([[1.0, 1.0]]), np.array([0.3])),))
    part = dataset([[0.0, 0.0]], [1]).train
    assert certify(network, PATTERN, BoxSet((Fraction(1, 10), Fraction(1, 5))), part).complete
    assert not certify(network, PATTERN, BoxSet((Fraction(1, 10), Fraction(2000000001, 10**10))), part).complete


# ---- method certified


@given(case=cases(), data=st.data())
@settings(max_examples=examples(100))
def test_what_is_sure_and_what_is_possible(case: Case, data: st.DataObject) -> None:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    found = sure_and_possible(case.network, delta, case.data.train)
    wanted = [plain_pairs(plain(case.network), delta, row) for row in plain_rows(case.data)]
    for k, (sure, possible) in enumerate(found):
        assert sure.tolist() == [row[k][0] for row in wanted]
        assert possible.tolist() == [row[k][1] for row in wanted]
    worst = [worst_row(row[-1], y) for row, y in zip(wanted, case.data.train.y.tolist(), strict=True)]
    assert worst_outputs(case.network, delta, case.data.train).tolist() == worst


@given(case=cases(), data=st.data())
@settings(max_examples=examples(60))
def test_no_change_in_the_set_flips_a_certified_sample(case: Case, data: st.DataObject) -> None:
    """Neither a corner nor the exact attack."""
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    train = case.data.train
    sure = classify(worst_outputs(case.network, delta, train)) == train.y
    found = certify(case.network, CERTIFIED, delta, train)
    assert (found.certified, found.complete) == (int(sure.sum()), True)
    assert found.certified >= certify(case.network, PATTERN, delta, train).certified
    layers = plain(case.network)
    for row, y in (pair for pair, kept in zip(zip(plain_rows(case.data), train.y, strict=True), sure, strict=True) if kept):
        assert all(decide(plain_activations(layers, moved(row, change))[-1]) == y for change in corners(delta, row))
    if sure.any():
        attacked = worst_case(case.network, delta, case.data.train_on(np.flatnonzero(sure)).train)
        assert (attacked.right, attacked.flipped) == (attacked.of, 0)


@pytest.mark.parametrize(("radius", "certified"), [("1/5", 2), ("2/5", 1), ("399999999/1000000000", 2)])
def test_the_ball_is_decided_exactly_here_too(radius: str, certified: int) -> None:
    data = dataset([[1.0, 0.0], [-0.2, -0.1]], [1, 0])
    found = certify(THRESHOLD, CERTIFIED, L2Set((Fraction(radius),) * 2), data.train)
    assert (found.certified, found.right, found.of) == (certified, 2, 2)


def test_a_neuron_may_waver_where_it_does_not_matter() -> None:
    """One of two neurons is enough to fire: the other one changes, and no output does."""
    hidden = Layer(np.array([[1.0], [1.0]]), np.array([0.0, 5.0]))
    network = Network((hidden, Layer(np.array([[1.0, 1.0]]), np.array([-1.0]))))
    part, delta = dataset([[0.0]], [1]).train, BoxSet((Fraction(1),))
    assert certify(network, PATTERN, delta, part).kept == 0
    assert certify(network, CERTIFIED, delta, part).certified == 1
