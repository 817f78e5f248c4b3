"""A claim becomes a network with a verified loss, or is contradicted with the true one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from forms import WHOLE, Form, as_built
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import SIGNS, Case, cases, dataset, inside, network_spec, plain_loss, spec, with_loss

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Integers, Interval, Values
from bdnnlang.model.build import build
from bdnnlang.model.model import Model, whole_bound
from bdnnlang.network.network import Layer, Network
from bdnnlang.polish.acceptance import contradicts, verified_incumbent
from bdnnlang.problem.costs import Costs
from bdnnlang.problem.training import TrainingProblem

CONTINUOUS = Interval(-1.0, 1.0)


def task_of(case: Case) -> TrainingProblem:
    return TrainingProblem(spec(case.network_spec, case.loss), case.data)


def claim_of(case: Case, form: Form) -> tuple[Model, Floats, int]:
    """The model, the point of the network there, and its loss."""
    built = build(case.network_spec, case.loss, case.data, merge_samples=form.merge_samples)
    model = form.model(built, case.data.train)
    return model, model.encode(case.network), plain_loss(case.network, case.data, case.true_loss)


@pytest.mark.parametrize("form", WHOLE, ids=str)
@given(case=cases())
@settings(max_examples=examples(100))
def test_a_true_claim_is_kept(form: Form, case: Case) -> None:
    model, point, claim = claim_of(case, form)
    found = verified_incumbent(task_of(case), model, point, claim)
    assert found.loss <= claim
    assert found.loss == plain_loss(found.network, case.data, case.true_loss)
    assert inside(found.network, case.network_spec)


@pytest.mark.parametrize("form", WHOLE, ids=str)
@given(case=cases(), slack=st.integers(0, 3))
@settings(max_examples=examples(60))
def test_what_is_said_of_a_network_is_always_true_of_it(form: Form, case: Case, slack: int) -> None:
    """However bold the claim, the loss that comes back is the network's own, and at most that of the solver's weights."""
    model, point, true = claim_of(case, form)
    found = verified_incumbent(task_of(case), model, point, true - slack)
    assert found.loss == plain_loss(found.network, case.data, case.true_loss)
    assert found.loss <= true


def separable(seed: int) -> tuple[Case, Floats, Model]:
    """Continuous weights that classify without error by a margin, as a point."""
    rng = np.random.default_rng(seed)
    x = np.round(rng.uniform(-1, 1, size=(12, 3)), 3)
    hidden = Layer(np.round(rng.uniform(-1, 1, size=(2, 3)), 3), np.array([0.1, -0.1]))
    out = Layer(np.array([[0.75, -0.5]]), np.array([-0.25]))
    network = Network((hidden, out))
    fires = (x @ hidden.weights.T + hidden.biases >= 0) @ out.weights[0] + out.biases[0] >= 0
    case = Case(network_spec((2,), CONTINUOUS), None, dataset(x.tolist(), fires.astype(int).tolist()), network)
    model = as_built(build(case.network_spec, None, case.data), case.data.train)
    return case, model.encode(network), model


@pytest.mark.parametrize("noise", [1e-7, 1e-6])
@pytest.mark.parametrize("seed", range(5))
def test_a_point_within_tolerance_comes_back_through_polish(seed: int, noise: float) -> None:
    case, point, model = separable(seed)
    point = point + noise * np.random.default_rng(seed).choice([-1.0, 1.0], len(point))
    assert verified_incumbent(task_of(case), model, point, 0).loss == 0


def on_the_edge(slip: float) -> tuple[Case, Model, Floats]:
    """u = 1 where w·x + b = −slip: within a solver's tolerance, and wrong."""
    data = dataset([[0.25], [0.75]], [0, 1])
    network = Network((Layer(np.array([[1.0]]), np.array([-0.75])),))
    case = Case(network_spec((), CONTINUOUS), None, data, network)
    model = as_built(build(case.network_spec, None, data), data.train)
    point = model.encode(network)
    point[model.problem.biases(1).index] -= slip
    return case, model, point


@pytest.mark.parametrize("slip", [1e-9, 1e-7, 9e-7])
def test_raw_weights_lose_the_claim_and_polished_ones_keep_it(slip: float) -> None:
    case, model, point = on_the_edge(slip)
    assert model.milp.feasible(point, 1e-6)
    assert plain_loss(model.decode(point), case.data, "zero_one") == 1
    found = verified_incumbent(task_of(case), model, point, 0)
    assert found.loss == 0
    assert all(float(v * 4).is_integer() for layer in found.network.layers for v in (*layer.weights.ravel(), *layer.biases))


def test_a_network_that_is_better_than_its_claim_stays_better() -> None:
    """Three bits keep the loss of 0, one bit would do for the claim of 2."""
    data = dataset([[1.0], [1.125], [3.0]], [0, 1, 1])
    network = Network((Layer(np.array([[1.0]]), np.array([-1.125])),))
    case = Case(network_spec((), CONTINUOUS), None, data, network)
    model = as_built(build(case.network_spec, None, data), data.train)
    assert verified_incumbent(task_of(case), model, model.encode(network), 2).loss == 0


def test_a_false_claim_is_answered_with_the_true_loss() -> None:
    """An activation pattern that no weights have: x = 1, 2, 3 with outputs 1, 0, 1."""
    data = dataset([[1.0], [2.0], [3.0]], [1, 0, 1])
    for weights in (CONTINUOUS, SIGNS, Integers(-3, 3), Values((-1.5, 0.5))):
        case = Case(network_spec((), weights), None, data, Network((Layer(np.array([[0.5]]), np.array([0.0])),)))
        model = as_built(build(case.network_spec, None, data), data.train)
        point = np.zeros(model.problem.size)
        point[model.problem.activations(1).index] = [[1], [0], [1]]
        found = verified_incumbent(task_of(case), model, point, 0)
        assert found.loss == plain_loss(found.network, data, "zero_one") >= 1


def test_trickle_is_noticed() -> None:
    """u is 1e-7 instead of 0, and with M = 745 the row lets a wrong activation pass."""
    data = dataset([[700.0], [701.0], [702.0]], [0, 1, 0])
    case = Case(network_spec((), CONTINUOUS), None, data, Network((Layer(np.array([[1.0]]), np.array([-701.0])),)))
    model = as_built(build(case.network_spec, None, data), data.train)
    point = model.encode(case.network)
    point[model.problem.activations(1).index] = [[1e-7], [1 - 1e-7], [1e-7]]
    found = verified_incumbent(task_of(case), model, point, 0)
    assert found.loss == 1


@pytest.mark.parametrize("form", WHOLE, ids=str)
@given(case=cases(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=examples(60))
def test_nonsense_is_answered_with_a_network_of_the_class(form: Form, case: Case, seed: int) -> None:
    """Whatever point a solver returns, within its bounds or not."""
    built = build(case.network_spec, case.loss, case.data, merge_samples=form.merge_samples)
    assume(all(columns.points is None for columns in built.columns))
    model = form.model(built, case.data.train)
    lower, upper = model.problem.box()
    point = np.random.default_rng(seed).uniform(lower - 0.3, upper + 0.3)
    found = verified_incumbent(task_of(case), model, point, 0)
    assert found.loss == plain_loss(found.network, case.data, case.true_loss)
    assert inside(found.network, case.network_spec)


# ---- bounds


@pytest.mark.parametrize(
    ("bound", "whole"),
    [(0.0, 0), (-5.0, 0), (2.0, 2), (2.1, 3), (3 + 1e-7, 3), (3 + 1e-5, 4), (2.9999999, 3), (1e-7, 0)],
)
def test_losses_are_whole_so_bounds_are(bound: float, whole: int) -> None:
    assert whole_bound(bound) == whole


@pytest.mark.parametrize(
    ("classes", "bound", "stands_for"),
    [
        ((Fraction(1, 10**9), Fraction(1)), 30.0000119, Fraction(30, 10**9)),  # 3e9 − 3e9 + 30, rounded on the way
        ((Fraction(1, 10**9), Fraction(1)), 30.5, Fraction(31, 10**9)),
        ((Fraction(1), Fraction(2)), 30.0000119, 31),
        ((Fraction(1), Fraction(2)), None, None),
    ],
)
def test_large_costs_that_cancel_out_leave_roundings(
    classes: tuple[Fraction, ...], bound: float | None, stands_for: Fraction | None
) -> None:
    data = dataset([[float(n)] for n in range(1000)], [n % 2 for n in range(1000)])
    model = as_built(build(network_spec(), None, data, costs=Costs(classes)), data.train)
    assert model.bound(bound) == stands_for


@pytest.mark.parametrize(("bound", "stands_for"), [(2.5 + 2e-12, 2.5), (0.0, 0.0), (1e9, 1e9 - 1)])
def test_a_bound_of_reals_is_never_rounded_up(bound: float, stands_for: float) -> None:
    costs = Costs((Fraction(3333333333333333, 10**16), Fraction(1)))
    data = dataset([[0.0], [1.0]], [0, 1])
    model = as_built(build(network_spec(), None, data, costs=costs), data.train)
    found, unit = model.bound(bound), model.problem.unit
    assert found is not None
    assert found / unit <= stands_for
    assert found / unit == pytest.approx(stands_for, rel=2e-9, abs=2e-9)


def test_a_bound_is_contradicted_by_a_network_in_the_model_only() -> None:
    case, model, point = on_the_edge(0.0)
    perfect = with_loss(case.network, 0)
    assert contradicts(1, perfect, model.milp, point)
    assert not contradicts(0, perfect, model.milp, point)
    wide = Network((replace(case.network.layers[0], biases=np.array([-0.25 - 1e-6])),))  # 0.25 is within the margin
    assert not contradicts(1, perfect, model.milp, model.encode(wide))
