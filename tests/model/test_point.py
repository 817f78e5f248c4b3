"""The network of a completed point is the network; and no feasible point promises more than its network keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from examples import examples
from forms import PARTS, WHOLE, Form
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from problems import FINITE, Case, cases, dataset, network_spec, plain_loss
from scipy.optimize import Bounds, LinearConstraint
from scipy.optimize import milp as scipy_milp
from scipy.sparse import csc_array

from bdnnlang.arrays import Floats, Ints
from bdnnlang.language.spec import Integers, Values
from bdnnlang.model.blocks import Problem, Role
from bdnnlang.model.build import build
from bdnnlang.model.milp import Milp
from bdnnlang.model.passes import PAPER, PAPER_IMPLICATIONS, TIGHT, TIGHT_IMPLICATIONS, lower
from bdnnlang.model.point import decode_built, encode_built, read_activations
from bdnnlang.model.stack import stack
from bdnnlang.model.verify import verify
from bdnnlang.network.exact import activations
from bdnnlang.network.network import Layer, Network


def built(case: Case, form: Form, groups: Ints | None = None) -> Problem:
    return build(case.network_spec, case.loss, case.data, groups=groups, merge_samples=form.merge_samples)


def on_the_edge() -> Case:
    """A default bias on scaled data is a multiple of 1/3, and 2 · (−2/3) + 4/3 is 0: the decimal of 4/3 must not be too small."""
    data = dataset([[-3.0], [-2.0]], [0, 0], upper=[3.0])
    network = Network((Layer(np.array([[2.0]]), np.array([1.5])),))
    return Case(network_spec((), Integers(-2, 2)), None, data, network)


@given(case=cases())
@example(case=on_the_edge())
@settings(max_examples=examples(100))
def test_reading_a_completed_point_gives_the_network_back(case: Case) -> None:
    problem = build(case.network_spec, case.loss, case.data)
    point = encode_built(problem, case.network, case.data.train)
    back = decode_built(problem, point)
    for ours, theirs in zip(back.layers, case.network.layers, strict=True):
        assert np.array_equal(ours.weights, theirs.weights)
    for ours, theirs in zip(activations(back, case.data.train), activations(case.network, case.data.train), strict=True):
        assert np.array_equal(ours, theirs)  # a bias on a lattice may have been rounded down, which changes nothing
    for (sure, possible), true in zip(read_activations(problem, point), activations(case.network, case.data.train), strict=True):
        assert np.array_equal(sure, true)
        assert np.array_equal(possible, true)


def solve_somehow(milp: Milp, cost: Floats) -> Floats | None:
    """A feasible point that is best for an unrelated objective."""
    rows = csc_array((milp.value, milp.index, milp.start), shape=(milp.rows, milp.columns))
    result = scipy_milp(
        cost,
        integrality=milp.integrality,
        bounds=Bounds(milp.col_lower, milp.col_upper),
        constraints=LinearConstraint(rows, milp.row_lower, milp.row_upper),
        options={"mip_rel_gap": 1.0},  # any solution will do
    )
    return None if result.x is None else np.asarray(np.rint(result.x))


@pytest.mark.parametrize("form", [form for form in (*WHOLE, *PARTS) if not form.implications], ids=str)
@given(case=cases(FINITE), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=examples(40))
def test_no_feasible_point_promises_less_than_its_network_keeps(form: Form, case: Case, seed: int) -> None:
    model = form.model(built(case, form), case.data.train)
    problem, milp = model.problem, model.milp
    assume(all(columns.integer for columns in problem.columns))
    cost = np.random.default_rng(seed).normal(size=milp.columns)
    if errors := problem.find(Role.ERRORS, 0):
        cost[errors.index] = np.abs(cost[errors.index])
    point = solve_somehow(milp, cost)
    assert point is not None
    assert milp.feasible(point, 1e-6)
    assert plain_loss(model.decode(point), case.data, case.true_loss) <= milp.objective(point)


@pytest.mark.parametrize("form", [form for form in WHOLE if not form.implications], ids=str)
@given(case=cases(FINITE), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=examples(60))
def test_tied_samples_promise_no_less_than_their_network_keeps(form: Form, case: Case, seed: int) -> None:
    """Unlike samples of a group do not cancel out: its outputs keep both directions."""
    chance = np.random.default_rng(seed)
    groups = np.unique(chance.integers(0, 3, len(case.data.train)), return_inverse=True)[1]
    model = form.model(built(case, form, groups), case.data.train)
    problem, milp = model.problem, model.milp
    assume(all(columns.integer for columns in problem.columns))
    cost = chance.normal(size=milp.columns)
    if errors := problem.find(Role.ERRORS, 0):
        cost[errors.index] = np.abs(cost[errors.index])
    point = solve_somehow(milp, cost)
    assume(point is not None)
    assert plain_loss(model.decode(point), case.data, case.true_loss) <= milp.objective(point)


def test_samples_that_no_network_ties_are_infeasible_in_both_formulations() -> None:
    """The neuron fires from 1.5 on, so it tells the samples of the group apart, and errs on all three of them."""
    data = dataset([[1.0], [2.0], [2.5]], [1, 0, 0])
    network = network_spec((), Values((1.0,)), Values((-1.5,)))
    for form in (form for form in WHOLE if not form.implications):
        problem = build(network, None, data, groups=np.zeros(3, dtype=np.int64), merge_samples=form.merge_samples)
        milp = form.model(problem, data.train).milp
        assert solve_somehow(milp, milp.col_cost) is None


@given(case=cases(FINITE))
@settings(max_examples=examples(60))
def test_a_point_with_one_wrong_activation_is_infeasible(case: Case) -> None:
    """On a lattice every activation is decided: no other value of any of them satisfies the rows."""
    problem = build(case.network_spec, case.loss, case.data)
    assume(all(columns.integer for columns in problem.columns))
    for pipeline in (PAPER, PAPER_IMPLICATIONS):
        milp = stack(lower(problem, pipeline))
        point = encode_built(problem, case.network, case.data.train)
        for column in problem.activations(problem.depth).index.ravel():
            wrong = point.copy()
            wrong[column] = 1 - wrong[column]
            assert milp.violation(wrong) > 1e-5


@given(case=cases())
@settings(max_examples=examples(50))
def test_every_problem_is_valid_before_and_after_every_pass(case: Case) -> None:
    for pipeline in (PAPER, PAPER_IMPLICATIONS, TIGHT, TIGHT_IMPLICATIONS):
        problem = replace(build(case.network_spec, case.loss, case.data), name="random")
        verify(problem)
        for one in pipeline:
            problem = one(problem)
            verify(problem)
            assert problem.name == "random"
        stacked = stack(problem)
        assert stacked.is_finite
        assert (stacked.value != 0).all()
        assert len(stacked.row_names()) == len(set(stacked.row_names().tolist())) == stacked.rows
