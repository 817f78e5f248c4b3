"""Networks that are a little changed: what changes, and what never does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Integers, Interval, Penalty, Thresholds
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.hyperplanes import perturbed_weights, random_weights
from bdnnlang.search.search_problem import SearchProblem, search_problem_of

REAL = Interval(-1.0, 1.0)


def problem(
    weights: Integers | Interval, thresholds: Thresholds = "per_neuron", penalties: tuple[Penalty, ...] = ()
) -> SearchProblem:
    rng = np.random.default_rng(0)
    data = dataset(rng.integers(0, 9, (20, 4)).astype(float).tolist(), rng.integers(0, 2, 20).tolist())
    own = spec(network_spec((3,), weights, thresholds=thresholds))
    return search_problem_of(TrainingProblem(replace(own, train=replace(own.train, penalties=penalties)), data))


def perturbed(of: SearchProblem, first: Floats, times: int = 40) -> list[Floats]:
    """The first layer of networks that come of one; its outputs stay."""
    rng = RandomStream(1)
    _, outputs = random_weights(of, (3, 1), rng)
    results = [perturbed_weights(of, [first, outputs], rng) for _ in range(times)]
    assert all((result[1] == outputs).all() for result in results)
    return [result[0] for result in results]


@pytest.mark.parametrize("weights", [SIGNS, REAL], ids=str)
def test_about_every_other_time_one_neuron_is_another(weights: Integers | Interval) -> None:
    of = problem(weights)
    first = random_weights(of, (3, 1), RandomStream(0))[0]
    before = first.copy()
    redrawn = [result for result in perturbed(of, first) if (result[:, -1] != first[:, -1]).any()]  # else biases stay
    assert 10 < len(redrawn) < 30
    assert all((result != first).any(axis=1).sum() == 1 for result in redrawn)
    assert (first == before).all()


@pytest.mark.parametrize("weights", [SIGNS, REAL], ids=str)
def test_a_bias_that_neurons_share_stays_theirs(weights: Integers | Interval) -> None:
    of = problem(weights, "per_layer")
    first = random_weights(of, (3, 1), RandomStream(0))[0]
    assert len(set(first[:, -1])) == 1
    assert all((result[:, -1] == first[:, -1]).all() for result in perturbed(of, first))


def test_where_weights_cost_something_those_of_0_stay_so() -> None:
    of = problem(REAL, penalties=(Penalty("sparsity", 0.5),))
    first = np.array([[0.5, 0.0, 0.0, 0.0, 0.25], [0.0, -1.0, 0.0, 0.0, 0.5], [0.0, 0.0, 0.0, 0.0, 0.0]])
    results = perturbed(of, first)
    assert all((result[first == 0.0] == 0.0).all() for result in results)
    assert any((result != first).any() for result in results)
