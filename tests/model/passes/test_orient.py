"""Neurons are negated only where every neuron's negative is one too: weights, biases, costs and the output's bias allow it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from problems import SIGNS, dataset

from bdnnlang.language.spec import Integers, Interval, LayerSpec, NetworkSpec, Penalty, Thresholds, Values, WeightDomain
from bdnnlang.model.build import build
from bdnnlang.model.passes.orient_neurons import OrientNeurons
from bdnnlang.problem.costs import Costs

REALS = Interval(-1.0, 1.0)


def negates(
    hidden: tuple[WeightDomain, WeightDomain | None],
    output: tuple[WeightDomain, WeightDomain | None],
    thresholds: Thresholds = "per_neuron",
    classes: int = 2,
    costs: Costs | None = None,
    tenths: bool = False,
) -> bool:
    rows = [[2.0, -1.0], [0.0, 3.0], [1.0, 1.0], *([[0.1, 0.0]] if tenths else [])]
    data = dataset(rows, [0, 1, classes - 1, *([0] if tenths else [])], classes)
    network = NetworkSpec((LayerSpec(2, *hidden), LayerSpec(None, *output)), thresholds)
    before = build(network, None, data, costs=costs or Costs())
    after = OrientNeurons()(before)
    return bool((after.weights(2).lower >= 0).all() and (before.weights(2).lower < 0).any())


@pytest.mark.parametrize("outgoing", [SIGNS, REALS, Integers(-1, 2), Interval(-0.5, 2.0), Values((-1.0, 0.0, 1.0))], ids=str)
@pytest.mark.parametrize("weights", [SIGNS, REALS, Values((-0.5, 0.0, 0.5)), Interval(-3.0, 3.0)], ids=str)
def test_free_neurons_are_negated(weights: WeightDomain, outgoing: WeightDomain) -> None:
    assert negates((weights, None), (outgoing, None))


@pytest.mark.parametrize("narrow", [Integers(-1, 1), Interval(-0.5, 0.25), Values((-1.0, 4.0)), Interval(-9.0, 1.0)], ids=str)
def test_biases_that_do_not_reach_far_enough_forbid_it(narrow: WeightDomain) -> None:
    for weights in (SIGNS, REALS):
        assert not negates((weights, narrow), (weights, None))
        assert not negates((weights, None), (weights, narrow if narrow != Interval(-9.0, 1.0) else Interval(-1.0, 9.0)))


@pytest.mark.parametrize("weights", [Interval(-0.25, 1.0), Integers(-1, 2), Values((-2.0, 1.0))], ids=str)
def test_weights_without_their_negatives_forbid_it(weights: WeightDomain) -> None:
    assert not negates((weights, None), (SIGNS, None))


WIDE, EVEN, HALVES = Integers(-20, 20), Values(tuple(range(-20, 21, 2))), Values((-0.5, 0.0, 0.5))
FINE = Values(tuple(n / 4 for n in range(-80, 81)))


@pytest.mark.parametrize(
    ("weights", "biases", "tenths", "allowed"),
    [
        (SIGNS, WIDE, False, True),
        (SIGNS, FINE, False, True),
        (SIGNS, FINE, True, False),  # quarters and tenths: steps of 1/20
        (SIGNS, WIDE, True, False),  # −b − 1/10 is no integer
        (SIGNS, EVEN, False, False),
        (HALVES, WIDE, False, False),
        (HALVES, FINE, False, True),
        (Integers(-2, 2), EVEN, False, False),
        (Values((-2.0, 0.0, 2.0)), EVEN, False, True),
        (REALS, WIDE, False, False),  # −b − g is no integer
    ],
)
def test_biases_hold_the_negatives_on_their_lattice(
    weights: WeightDomain, biases: WeightDomain, tenths: bool, allowed: bool
) -> None:
    assert negates((weights, biases), (SIGNS, None), tenths=tenths) is allowed


@pytest.mark.parametrize(
    ("outgoing", "biases", "allowed"),
    [
        (SIGNS, WIDE, True),
        (HALVES, WIDE, False),  # b − 1/2 is no integer
        (HALVES, FINE, True),
        (SIGNS, EVEN, False),
        (Values((-2.0, 0.0, 2.0)), EVEN, True),
        (REALS, WIDE, False),
    ],
)
def test_the_output_takes_up_a_weight_on_its_lattice(outgoing: WeightDomain, biases: WeightDomain, allowed: bool) -> None:
    assert negates((SIGNS, None), (outgoing, biases)) is allowed


def test_outgoing_weights_need_the_negatives_of_those_below_0_only() -> None:
    assert not negates((SIGNS, None), (Integers(-2, 1), None))
    assert not negates((SIGNS, None), (Values((-2.0, 1.0)), None))


def test_so_do_shared_biases_several_outputs_and_squares() -> None:
    assert not negates((SIGNS, None), (SIGNS, None), "per_layer")
    assert not negates((SIGNS, None), (SIGNS, None), "zero")
    assert not negates((SIGNS, None), (SIGNS, None), classes=3)
    assert not negates((REALS, None), (REALS, None), costs=Costs(penalties=(Penalty("l2", 0.1),)))
    assert negates((REALS, None), (REALS, None), costs=Costs((Fraction(1), Fraction(2)), (Penalty("l1", 0.1),)))
