"""The coordinate search of method `certified`: what it counts is what is proved, before and after every move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from examples import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from perturbed import deltas, perturbation_of
from problems import Case, cases, spec
from test_certified_oracle import ALL, certified_loss, least, solved, staged

from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import LocalSearch, RobustSpec
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.certified_descent import CertifiedState, state_of
from bdnnlang.search.descent import SearchState, descend
from bdnnlang.search.hyperplanes import as_network, as_weights
from bdnnlang.search.search_problem import search_problem_of


def task_of(case: Case, data: st.DataObject) -> TrainingProblem:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    assume(any(delta.radius))
    own = replace(spec(case.network_spec, case.loss), robust=RobustSpec(perturbation_of(delta), "certified"))
    training = TrainingProblem(own, case.data)
    assert training.perturbation == delta
    return training


@given(case=cases(), data=st.data())
@settings(max_examples=examples(80))
def test_what_a_position_counts_is_what_is_proved(case: Case, data: st.DataObject) -> None:
    training = task_of(case, data)
    search_problem = search_problem_of(training)
    state = state_of(search_problem, as_weights(case.network, search_problem))
    assert isinstance(state, CertifiedState)
    assert state.objective == pytest.approx(float(training.evaluate(case.network).objective))


@given(case=cases(), data=st.data(), seed=st.integers(0, 99))
@settings(max_examples=examples(40))
def test_a_descent_never_ends_higher_and_knows_where_it_is(case: Case, data: st.DataObject, seed: int) -> None:
    training = task_of(case, data)
    search_problem = search_problem_of(training)
    state = state_of(search_problem, as_weights(case.network, search_problem))
    before = state.objective
    descend(state, RandomStream(seed), 2, 0.0)
    assert state.objective <= before + search_problem.equal
    assert all(np.isfinite(layer).all() for layer in state.weights)
    assert state_of(search_problem, state.weights).objective == pytest.approx(state.objective)
    network = as_network(state.weights, search_problem, training.spec.network.layers)
    assert network.widths == case.network.widths


@pytest.mark.parametrize("name", ["linf_wide", "linf_no_zero", "two_layers", "three_classes", "three_classes_pattern"])
def test_a_search_finds_what_there_is(name: str) -> None:
    instance = ALL[name]
    done = solved(staged(instance.spec("cpsat"), LocalSearch(method="coordinate", restarts=30)), instance.data())
    assert done.best is not None
    assert certified_loss(done.best.network, instance) == done.best.loss == least(instance)


def test_without_a_set_there_are_no_twins() -> None:
    instance = ALL["linf"]
    training = TrainingProblem(replace(instance.spec("scip"), robust=None), instance.data())
    assert type(state_of(search_problem_of(training), [np.zeros((2, 3)), np.zeros((1, 3))])) is SearchState
