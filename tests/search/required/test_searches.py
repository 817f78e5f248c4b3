"""Searches under requirements: no move breaks what holds, and a search alone finds what enumeration finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.arrays import Floats
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.data.dataset import Dataset
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import (
    Accuracy,
    Column,
    Decreasing,
    Errors,
    Features,
    Increasing,
    Inputs,
    Integers,
    Interval,
    Label,
    LocalSearch,
    Neurons,
    Nonzeros,
    Precision,
    RateGap,
    Recall,
    RecallGap,
    Requirement,
    RequireSpec,
    Values,
    WeightDomain,
)
from bdnnlang.model.build import outline
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.search.descent import SearchState, descend
from bdnnlang.search.hyperplanes import as_network, as_weights, random_weights
from bdnnlang.search.multistart import Search
from bdnnlang.search.required.repair import repaired, repaired_network
from bdnnlang.search.search_problem import search_problem_of

C0, C1, F0, F1, SEX = Label("c0"), Label("c1"), Column("f0"), Column("f1"), Column("sex")
OF_PREDICTIONS = (
    Recall(C1, 0.7),
    Precision(C0, 0.8),
    Accuracy(0.7),
    Errors(C0, 1),
    RateGap(SEX, None, 0.3),
    RecallGap(SEX, C1, 0.4),
)
OF_NETWORKS = (Features(1), Inputs(1), Nonzeros(3), Neurons(1), Increasing(F0), Decreasing(F1))


def grouped(seed: int, classes: int = 2, features: int = 3) -> Dataset:
    """Nine samples of two groups."""
    rng = np.random.default_rng(seed)
    labels = [*range(classes), *rng.integers(0, classes, 9 - classes).tolist()]
    data = dataset(rng.integers(-2, 3, (9, features)).astype(float).tolist(), labels, classes)
    recipe = replace(data.recipe, header=(*data.recipe.header, "sex"))
    sexes = np.array(["f", "m", "m"] * 3, dtype=object)
    return replace(data, recipe=recipe, train=replace(data.train, recipe=recipe, groups=(("sex", sexes),)))


def problem(
    data: Dataset,
    *statements: Requirement,
    never: tuple[str, ...] = (),
    hidden: tuple[int, ...] = (3,),
    weights: WeightDomain = SIGNS,
    biases: WeightDomain | None = None,
) -> TrainingProblem:
    require = RequireSpec(statements, tuple(map(Column, never)))
    return TrainingProblem(replace(spec(network_spec(hidden, weights, biases)), require=require), data)


def searched(of: TrainingProblem, starts: int, method: str = "coordinate", seed: int = 0) -> Incumbent:
    of = replace(of, spec=replace(of.spec, train=replace(of.spec.train, seed=seed)))
    constant = constant_incumbent(outline(of), of)
    search = Search(LocalSearch(method=method, steps=60), of, Budget(None, Interrupt()), lambda found: None, constant)
    while search.starts <= starts and not search.is_over():
        search.explore()
    return search.best


def network_of(weights: list[Floats]) -> Network:
    return Network(tuple(Layer(layer[:, :-1], layer[:, -1]) for layer in weights))


# ---- one weight


@given(
    seed=st.integers(0, 10_000),
    asked=st.lists(st.sampled_from(OF_NETWORKS), max_size=3, unique=True),
    never=st.booleans(),
    hidden=st.sampled_from([(), (2,), (2, 2)]),
    classes=st.sampled_from([2, 3]),
)
@settings(max_examples=examples(60))
def test_a_weight_may_have_the_signs_that_break_nothing(
    seed: int, asked: list[Requirement], never: bool, hidden: tuple[int, ...], classes: int
) -> None:
    """Of a network that satisfies all; and whatever else it could be breaks something."""
    of = problem(grouped(0, classes), *asked, never=("f2",) * never, hidden=hidden)
    search_problem, rng = search_problem_of(of), np.random.default_rng(seed)
    support = search_problem.support
    shapes = [(b, a + 1) for a, b in zip(of.widths, of.widths[1:], strict=False)]
    weights = [rng.integers(-1, 2, shape) * (rng.random(shape) < 0.6) + 0.0 for shape in shapes]
    weights = list(repaired(search_problem, weights, RandomStream(0)))
    if support is None or of.requirements.broken(network_of(weights), of.samples):
        return
    for k, layer in enumerate(weights):
        for (neuron, column), value in np.ndenumerate(layer[:, :-1]):
            may_rise, may_fall = (side[column] for side in support.allowed(weights, k, neuron))
            for sign, may in ((1.0, may_rise), (-1.0, may_fall)):
                layer[neuron, column] = sign
                assert may == (not of.requirements.broken(network_of(weights), of.samples)) or np.sign(value) == sign
            layer[neuron, column] = value


# ---- a descent


@given(
    seed=st.integers(0, 10_000),
    asked=st.lists(st.sampled_from(OF_NETWORKS + OF_PREDICTIONS), min_size=1, max_size=4, unique=True),
    weights=st.sampled_from([SIGNS, Interval(-1, 1), Integers(-30, 30), Values((-2.0, 0.0, 0.5))]),
    hidden=st.sampled_from([(), (3,), (2, 2)]),
    classes=st.sampled_from([2, 3]),
)
@settings(max_examples=examples(60))
def test_no_descent_breaks_what_holds(
    seed: int, asked: list[Requirement], weights: WeightDomain, hidden: tuple[int, ...], classes: int
) -> None:
    """It never charges more than before, its sums are those of a fresh state, and 0 is charged iff what is counted holds."""
    of = problem(grouped(seed % 7, classes), *asked, never=("f2",), hidden=hidden, weights=weights)
    search_problem, rng = search_problem_of(of), RandomStream(seed)
    start = repaired(search_problem, random_weights(search_problem, of.widths[1:], rng), rng)
    state = SearchState(search_problem, start)
    before = state.excess
    descend(state, rng, 2, 0.0)
    assert state.excess <= before
    fresh = SearchState(search_problem, state.weights)
    assert (fresh.excess, fresh.objective) == (pytest.approx(state.excess), pytest.approx(state.objective))
    network = as_network(state.weights, search_problem, of.spec.network.layers)
    broken = {one.text for one in of.requirements.broken(network, of.samples)}
    assert not broken & {one.text for one in of.requirements.of_networks.measured(network, of.samples)}
    assert bool(broken) == bool(state.excess)


@pytest.mark.parametrize("statement", [Increasing(F0), Decreasing(F0)], ids=str)
@pytest.mark.parametrize("hidden", [(), (3,), (3, 2)])
def test_weights_that_cannot_be_0_get_signs(statement: Requirement, hidden: tuple[int, ...]) -> None:
    of = problem(grouped(1), statement, hidden=hidden, weights=Values((-1.0, 1.0)))
    search_problem, rng = search_problem_of(of), RandomStream(0)
    for _ in range(10):
        weights = random_weights(search_problem, of.widths[1:], rng)
        assert not of.requirements.broken(network_of(list(repaired(search_problem, weights, rng))), of.samples)


def test_the_cheapest_feature_is_left_out() -> None:
    """Without f0 both samples of class 1 are wrong, without f1 nothing is."""
    data = dataset([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 0, 1, 1], 2)
    of = problem(data, Features(1), hidden=(), biases=Integers(-3, 3))
    search_problem = search_problem_of(of)
    weights = as_weights(Network((Layer(np.array([[1.0, 1.0]]), np.array([-1.0])),)), search_problem)
    (found,) = repaired(search_problem, weights, RandomStream(0))
    assert found.tolist() == [[1.0, 0.0, -1.0]]


# ---- a search


def enumerated(of: TrainingProblem, members: tuple[int, ...]) -> Iterator[Network]:
    shapes = [(b, a + 1) for a, b in zip(of.widths, of.widths[1:], strict=False)]
    for values in product(members, repeat=sum(a * b for a, b in shapes)):
        flat, layers = np.array(values, dtype=np.float64), []
        for d, p in shapes:
            part, flat = flat[: d * p].reshape(d, p), flat[d * p :]
            layers.append(Layer(part[:, :-1], part[:, -1]))
        yield Network(tuple(layers))


MANY = (
    (Recall(C0, 0.7), Recall(C1, 0.7)),
    (Accuracy(0.7), Features(1)),
    (Precision(C1, 0.7), Nonzeros(2)),
    (RateGap(SEX, None, 0.4), Errors(None, 3)),
    (RecallGap(SEX, C1, 0.5), Accuracy(0.6)),
    (Increasing(F0), Errors(C0, 1), Errors(C1, 2)),
    (Decreasing(F1), Inputs(1), Precision(C0, 0.6)),
)


@pytest.mark.parametrize("asked", MANY, ids=str)
@pytest.mark.parametrize("data", [grouped(3, features=2), grouped(5, features=2)], ids=["3", "5"])
def test_alone_it_finds_a_best_network_that_satisfies_all(asked: tuple[Requirement, ...], data: Dataset) -> None:
    of = problem(data, *asked, hidden=(1,), biases=SIGNS)
    found = [one for one in map(of.incumbent, enumerated(of, (-1, 0, 1))) if one.acceptable]
    best = searched(of, 30)
    assert best.acceptable == bool(found)
    if found:
        assert best.loss == min(one.loss for one in found)
        assert of.contains(best.network)


def test_a_network_is_repaired_where_networks_have_to_be() -> None:
    drawn = Network((Layer(np.ones((3, 3)), np.zeros(3)), Layer(np.ones((1, 3)), -np.ones(1))))
    of = problem(grouped(1), Nonzeros(3), Decreasing(F0), never=("f2",))
    assert of.incumbent(repaired_network(of, drawn, (0,))).acceptable
    free = problem(grouped(1), Errors(None, 0))
    assert repaired_network(free, drawn, (0,)) is drawn


@pytest.mark.parametrize("method", ["meanfield", "auto"])
def test_what_is_trained_is_repaired(method: str) -> None:
    of = problem(grouped(3), Features(1), Increasing(F0), Recall(C1, 0.7), never=("f2",), hidden=(4,))
    assert searched(of, 6, method).acceptable


def test_nothing_is_counted_where_nothing_is_required() -> None:
    found = search_problem_of(problem(grouped(0)))
    assert (found.tally_limits, found.support, found.is_required) == (None, None, False)
