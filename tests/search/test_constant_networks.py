"""The network that every schedule starts from: in its domains, verified, and constant wherever the domains allow that."""

from __future__ import annotations

import numpy as np
import pytest
from examples import examples
from forms import as_built
from hypothesis import given, settings
from problems import FINITE, SIGNS, Case, cases, dataset, inside, network_spec, plain_loss, spec

from bdnnlang.language.spec import Integers, Interval, NetworkSpec, Thresholds, Values, WeightDomain
from bdnnlang.model.build import build
from bdnnlang.network.exact import outputs
from bdnnlang.network.network import Network
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.search.constant_networks import constant_incumbent

DOMAINS: tuple[WeightDomain, ...] = (*FINITE, Interval(-1.0, 1.0), Values((0.1, 0.2, 0.3)), Values((-0.7, 0.3)))
DATA = dataset([[0.1, -0.4], [0.3, 0.2], [-0.7, 0.5], [0.2, 0.2], [0.1, 0.1]], [1, 1, 1, 0, 1])
THREE = dataset([[0.1], [0.3], [-0.7], [0.2], [0.1]], [2, 2, 1, 2, 0], 3)


def start(own: NetworkSpec, data=DATA) -> Incumbent:  # type: ignore[no-untyped-def]
    return constant_incumbent(build(own, None, data), TrainingProblem(spec(own), data))


def is_constant(network: Network) -> bool:
    return len(np.unique(outputs(network, DATA.train), axis=0)) == 1


@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer"])
@pytest.mark.parametrize("domain", DOMAINS, ids=str)
@pytest.mark.parametrize("hidden", [(), (2,), (2, 3)], ids=str)
def test_with_free_biases_it_is_the_most_frequent_class(
    hidden: tuple[int, ...], domain: WeightDomain, thresholds: Thresholds
) -> None:
    own = network_spec(hidden, domain, thresholds=thresholds)
    found = start(own)
    assert found.loss == 1
    assert is_constant(found.network)
    assert inside(found.network, own)


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
@pytest.mark.parametrize("hidden", [(), (2,)], ids=str)
def test_of_three_classes_the_most_frequent(hidden: tuple[int, ...], domain: WeightDomain) -> None:
    own = network_spec(hidden, domain)
    found = start(own, THREE)
    assert found.loss == 4  # two samples of other classes, each wrong in two bits
    assert inside(found.network, own)


def test_the_share_of_the_first_class_counts_too() -> None:
    data = dataset([[1.0], [2.0], [3.0]], [0, 0, 1])
    assert start(network_spec(), data).loss == 1


@pytest.mark.parametrize("domain", [Integers(-1, 1), Integers(-2, 0), Interval(-1.0, 0.5)], ids=str)
def test_shared_thresholds_let_the_weights_decide(domain: WeightDomain) -> None:
    own = network_spec((2,), domain, thresholds="per_layer", encoding="one_hot")
    found = start(own)
    assert is_constant(found.network)
    assert found.loss == 2
    assert inside(found.network, own)


@given(case=cases())
@settings(max_examples=examples(150))
def test_it_lies_in_its_domains_and_its_loss_is_true(case: Case) -> None:
    """Also where biases are narrow, weights have no zero, or thresholds are zero."""
    problem = build(case.network_spec, case.loss, case.data)
    found = constant_incumbent(problem, TrainingProblem(spec(case.network_spec, case.loss), case.data))
    assert inside(found.network, case.network_spec)
    assert found.loss == plain_loss(found.network, case.data, case.true_loss)


@given(case=cases(FINITE))
@settings(max_examples=examples(60))
def test_solvers_can_start_from_it(case: Case) -> None:
    problem = build(case.network_spec, case.loss, case.data)
    found = constant_incumbent(problem, TrainingProblem(spec(case.network_spec, case.loss), case.data))
    if all(columns.integer for columns in problem.columns):
        assert as_built(problem, case.data.train).start(found.network) is not None


def test_narrow_biases_on_a_lattice_stay_in_their_interval() -> None:
    """−1 would be the same as −0.5 on whole numbers, but the user did not allow it."""
    own = network_spec((), SIGNS, Interval(-0.5, 0.5))
    data = dataset([[1.0], [2.0], [3.0]], [0, 0, 1])
    found = start(own, data)
    assert found.loss == 1
    assert inside(found.network, own)
    assert found.network.layers[0].biases.tolist() == [-0.5]
