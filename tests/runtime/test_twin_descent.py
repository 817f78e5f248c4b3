"""The coordinate search of method `certified`: what it counts is what is proved, before and after every move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from perturbed import deltas
from problems import Case, cases, spec
from test_certified_oracle import ALL, certified_loss, least, solved, staged

from bdnnlang.data.draw import Dice
from bdnnlang.runtime.coordinate import terrain_of
from bdnnlang.runtime.descent import Position, descend
from bdnnlang.runtime.hyperplanes import as_network, as_weights
from bdnnlang.runtime.twin_descent import TwinPosition, place
from bdnnlang.runtime.types import Task
from bdnnlang.spec.types import Linf, LocalSearch, Perturbation, RobustSpec


def task_of(case: Case, data: st.DataObject) -> Task:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    assume(any(delta.radius))
    robust = RobustSpec(Perturbation(Linf(1.0)), "certified")  # the set that counts is `delta`
    own = replace(spec(case.network_spec, case.loss), robust=robust)
    return Task(own, case.data, case.true_loss, "scip", delta)


@given(case=cases(), data=st.data())
@settings(max_examples=80, deadline=None)
def test_what_a_position_counts_is_what_is_proved(case: Case, data: st.DataObject) -> None:
    task = task_of(case, data)
    position = place(terrain_of(task), as_weights(case.network))
    assert isinstance(position, TwinPosition)
    assert position.objective == pytest.approx(float(task.evaluate(case.network)))


@given(case=cases(), data=st.data(), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_a_descent_never_ends_higher_and_knows_where_it_is(case: Case, data: st.DataObject, seed: int) -> None:
    task = task_of(case, data)
    terrain = terrain_of(task)
    position = place(terrain, as_weights(case.network))
    before = position.objective
    descend(position, Dice(seed), 2, lambda _: False)
    assert position.objective <= before + terrain.equal
    assert all(np.isfinite(layer).all() for layer in position.weights)
    assert place(terrain, position.weights).objective == pytest.approx(position.objective)
    network = as_network(position.weights, task.spec.network.layers, terrain.layers)
    assert network.widths == case.network.widths


@pytest.mark.parametrize("name", ["linf_wide", "linf_no_zero", "two_layers", "three_classes", "three_classes_pattern"])
def test_a_search_finds_what_there_is(name: str) -> None:
    instance = ALL[name]
    done = solved(staged(instance.spec("cpsat"), LocalSearch(method="coordinate", restarts=30)), instance.data())
    assert done.best is not None
    assert certified_loss(done.best.network, instance) == done.best.loss == least(instance)


def test_without_a_set_there_are_no_twins() -> None:
    instance = ALL["linf"]
    task = Task(replace(instance.spec("scip"), robust=None), instance.data(), "zero_one", "scip")
    assert type(place(terrain_of(task), [np.zeros((2, 3)), np.zeros((1, 3))])) is Position
