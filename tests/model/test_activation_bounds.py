"""Surely and possibly on: every network is a point of every pipeline with the loss proved of it; no point promises more."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from examples import examples
from forms import PARTS, WHOLE, Form
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import row_loss
from perturbed import corners, deltas, moved, plain_pairs, worst_row
from problems import FINITE, Case, cases, dataset, network_spec, plain, plain_rows

from bdnnlang.arrays import Ints
from bdnnlang.model.blocks import Problem, Role
from bdnnlang.model.build import build
from bdnnlang.model.passes import PAPER, PAPER_IMPLICATIONS, TIGHT, TIGHT_IMPLICATIONS
from bdnnlang.model.point import read_activations
from bdnnlang.model.stack import stack
from bdnnlang.model.text import show
from bdnnlang.model.verify import verify
from bdnnlang.network.network import Network
from bdnnlang.problem.perturbation import BoxSet, L1Set, PerturbationSet

from .test_point import solve_somehow

FORMS = (*WHOLE, *PARTS)


def built(case: Case, delta: PerturbationSet, form: Form, groups: Ints | None = None) -> Problem:
    assume(any(delta.radius))
    merge = form.merge_samples
    return build(case.network_spec, case.loss, case.data, delta=delta, certified=True, groups=groups, merge_samples=merge)


def proved_loss(case: Case, delta: PerturbationSet, network: Network) -> int:
    rows = zip(plain_rows(case.data), case.data.train.y.tolist(), strict=True)
    worst = [(worst_row(plain_pairs(plain(network), delta, row)[-1], y), y) for row, y in rows]
    return sum(row_loss(bits, y, case.true_loss, len(bits)) for bits, y in worst)


def assume_room(case: Case, delta: PerturbationSet) -> None:
    """No silent neuron may come as near as the step threshold."""
    for ws, b in zip(*plain(case.network)[0], strict=True):
        for row in plain_rows(case.data):
            sums = [sum(w * v for w, v in zip(ws, moved(row, change), strict=True)) for change in corners(delta, row)]
            assume(all(a + b >= 0 or a + b <= Fraction(-1, 50) for a in (min(sums), max(sums))))


@given(form=st.sampled_from(WHOLE), case=cases(), data=st.data())
@settings(max_examples=examples(80))
def test_any_samples_may_share_their_bounds(form: Form, case: Case, data: st.DataObject) -> None:
    """What is surely on for one and not for the other is so for neither: the loss may only be greater."""
    delta, m = data.draw(deltas(case.data.train.x.shape[1])), len(case.data.train)
    assume_room(case, delta)
    drawn = np.array(data.draw(st.lists(st.integers(0, 2), min_size=m, max_size=m)))
    model = form.model(built(case, delta, form, np.unique(drawn, return_inverse=True)[1]), case.data.train)
    milp, point = model.milp, model.encode(case.network)
    assert milp.violation(point) <= 1e-9
    assert milp.objective(point) >= proved_loss(case, delta, case.network)


@given(form=st.sampled_from([f for f in FORMS if not f.implications]), case=cases(FINITE), data=st.data())
@settings(max_examples=examples(100))
def test_no_feasible_point_promises_less_than_its_network_keeps(form: Form, case: Case, data: st.DataObject) -> None:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    model = form.model(built(case, delta, form), case.data.train)
    problem, milp = model.problem, model.milp
    assume(all(columns.integer for columns in problem.columns))
    cost = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1))).normal(size=milp.columns)
    if errors := problem.find(Role.ERRORS, 0):
        cost[errors.index] = np.abs(cost[errors.index])
    point = solve_somehow(milp, cost)
    assert point is not None
    assert milp.feasible(point, 1e-6)
    assert proved_loss(case, delta, model.decode(point)) <= milp.objective(point)
    pairs = read_activations(problem, point)
    assert all((sure <= possible).all() for sure, possible in pairs[:-1])  # of outputs one may be free


@given(case=cases(), data=st.data())
@settings(max_examples=examples(40))
def test_problems_are_valid_before_and_after_every_pass(case: Case, data: st.DataObject) -> None:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    for pipeline in (PAPER, PAPER_IMPLICATIONS, TIGHT, TIGHT_IMPLICATIONS):
        problem = build(case.network_spec, case.loss, case.data, delta=delta, certified=True)
        for one in pipeline:
            verify(problem)
            problem = one(problem)
        verify(problem)
        milp = stack(problem)
        assert milp.is_finite
        assert len(milp.row_names()) == len(set(milp.row_names().tolist())) == milp.rows


def test_a_sample_of_each_class_needs_one_of_the_two() -> None:
    """With weights of one sign above: who is to fire needs what is sure, who is not what is possible."""
    data, delta = dataset([[1.0], [2.0]], [0, 1]), BoxSet((Fraction(1, 2),))
    model = Form("tight").model(build(network_spec((1,)), None, data, delta=delta, certified=True), data.train)
    problem, milp = model.problem, model.milp
    text = show(problem)
    assert "u1_0_0 free" in text
    assert "z1_0_0 if 2 W1_0_0 + rho1_0_0 + b1_0" in text
    assert "u1_1_0 only if 4 W1_0_0 - rho1_0_0 + b1_0" in text
    assert "z1_1_0 free" in text
    assert [problem.activations(1).upper[0, 0], problem.possible(1).lower[1, 0]] == [0, 1]
    assert milp.rows < stack_rows(PAPER, data, delta) / 2


def stack_rows(pipeline: tuple, data: object, delta: PerturbationSet) -> int:  # type: ignore[type-arg]
    problem = build(network_spec((1,)), None, data, delta=delta, certified=True)  # type: ignore[arg-type]
    for one in pipeline:
        problem = one(problem)
    return stack(problem).rows


def test_radius_0_needs_no_second_columns() -> None:
    data = dataset([[1.0]], [0])
    same = [build(network_spec((1,)), None, data, delta=delta, certified=True) for delta in (None, L1Set((Fraction(0),)))]
    assert show(same[0]) == show(same[1])
    assert same[1].perturbation is None
