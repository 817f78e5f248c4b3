"""The kernels of the coordinate search against dense evaluation: every point they offer, and every piece there is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from penalised import Price
from perturbed import deltas, perturbation_of
from problems import (
    BIASES,
    CONTINUOUS,
    FINITE,
    SIGNS,
    Case,
    cases,
    dataset,
    member,
    network_spec,
    plain,
    plain_loss,
    plain_rows,
    spec,
)

from bdnnlang.data.dataset import equal_rows
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import (
    ClassWeight,
    Integers,
    Interval,
    LayerSpec,
    NetworkSpec,
    Penalty,
    RobustSpec,
    Values,
    WeightDomain,
)
from bdnnlang.network.exact import activations
from bdnnlang.network.network import Network
from bdnnlang.problem.certificate import keeps
from bdnnlang.problem.costs import Costs
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.descent import SearchState, random_minimum
from bdnnlang.search.hyperplanes import as_network, as_weights, perturbed_weights, random_weights
from bdnnlang.search.merged_samples import merge_samples
from bdnnlang.search.moves import FEW, candidates, inputs_of, lines, weight_range
from bdnnlang.search.search_problem import search_problem_of

WIDE = (Integers(-40, 40), Integers(-3, 20), Values(tuple(float(v) for v in range(-40, 60, 3))))  # too many to try one by one
DOMAINS = (*FINITE[:2], CONTINUOUS[0], *WIDE)


def task_of(case: Case) -> TrainingProblem:
    return TrainingProblem(spec(case.network_spec, case.loss), case.data)


def robust(case: Case, delta: PerturbationSet) -> TrainingProblem:
    return TrainingProblem(replace(task_of(case).spec, robust=RobustSpec(perturbation_of(delta))), case.data)


# ---- one line


@given(data=st.data(), case=cases())
@settings(max_examples=examples(80))
def test_every_point_of_a_line_has_the_loss_of_its_network(data: st.DataObject, case: Case) -> None:
    """All depths, numbers of outputs, losses and domains; the network's loss is that of plain fractions."""
    search_problem = search_problem_of(task_of(case))
    state = SearchState(search_problem, as_weights(case.network, search_problem))
    assert state.loss == plain_loss(case.network, case.data, case.true_loss)
    k = data.draw(st.integers(0, len(state.weights) - 1))
    neuron = data.draw(st.integers(0, len(state.weights[k]) - 1))
    fires, flipped = state.fires[k][neuron], state.flipped(k, neuron)[0]
    silent, firing = np.where(fires, flipped, state.losses), np.where(fires, state.losses, flipped)
    for part in state.search_problem.layers[k].parts:
        here = state.weights[k][neuron, part.rows]
        found = lines(state.inputs[k], part, here, state.a[k][neuron], float(silent.sum()), firing - silent)
        for (q, c), loss in np.ndenumerate(found.losses):
            if np.isfinite(loss):
                weights = as_weights(case.network, search_problem)
                weights[k][neuron, part.rows[q]] = found.points[q, c]
                assert (
                    plain_loss(as_network(weights, search_problem, case.network_spec.layers), case.data, case.true_loss) == loss
                )


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_member_of_a_lattice_on_a_breakpoint_has_the_loss_of_its_side(sign: float) -> None:
    """At t = 0 the pre-activation is 0, so the neuron fires, whichever way the weight goes."""
    inputs, own = inputs_of(np.array([[sign, 3 * sign]]), 1.0), weight_range(np.array([0]), Integers(-30, 30))
    a = inputs.sums(np.array([0.0, 0.0]))
    found = lines(inputs, own, np.array([0.0]), a, 0.0, np.array([1.0, 2.0]))
    at = {float(t): float(loss) for t, loss in zip(found.points[0], found.losses[0], strict=True) if np.isfinite(loss)}
    assert at.get(0.0, 3.0) == 3.0
    assert {0.0, 3.0} <= set(at.values())


@given(
    a=st.lists(st.integers(-8, 8), min_size=1, max_size=9),
    domain=st.sampled_from(DOMAINS),
    bias=st.sampled_from(BIASES),
    seed=st.integers(0, 999),
)
@settings(max_examples=examples(200))
def test_no_piece_is_missed(a: list[int], domain: WeightDomain, bias: WeightDomain | None, seed: int) -> None:
    """A dense scan of the domain meets no loss that the line has not, and the line no point outside the domain."""
    rng = np.random.default_rng(seed)
    values = rng.integers(-3, 4, (1, len(a))).astype(float)
    inputs, silent, gain = inputs_of(values), rng.integers(0, 3, len(a)).astype(float), rng.integers(-2, 3, len(a)).astype(float)
    for row, own in ((0, domain), (1, bias)):
        part = weight_range(np.array([row]), own)
        here = part.nearest(np.array([0.3]))
        found = lines(inputs, part, here, np.array(a) + 1e-9, float(silent.sum()), gain)
        there = np.isfinite(found.losses)
        points, offered = found.points[there].tolist(), found.losses[there].tolist()

        def loss(t: float) -> float:
            return float(silent.sum() + gain @ (np.array(a) + 1e-9 + (t - here[0]) * inputs.values[row] >= 0))  # noqa: B023  # noqa: B023

        assert [loss(t) for t in points] == offered
        assert {loss(t) for t in dense(own)} <= set(offered)
        assert own is None or all(member(Fraction(str(t)), own) for t in points)


def dense(domain: WeightDomain | None) -> list[float]:
    match domain:
        case Interval(lower, upper):
            return [t for t in np.linspace(lower, upper, 241).tolist() if abs(t * 840 - round(t * 840)) > 1e-6]
        case Integers(lower, upper):
            return [float(t) for t in range(lower, upper + 1)]
        case Values(values):
            return list(values)
        case None:
            return [t / 7 for t in range(-300, 301)]


def test_a_line_without_breakpoints() -> None:
    inputs = inputs_of(np.zeros((1, 4)))
    found = lines(inputs, weight_range(np.array([0]), None), np.array([2.0]), np.ones(4), 4.0, np.ones(4))
    assert (found.losses[np.isfinite(found.losses)] == 8).all()


def test_zero_is_offered_where_a_piece_holds_it() -> None:
    inputs = inputs_of(np.array([[1.0, 1.0]]))
    part = weight_range(np.array([0]), Interval(-1.0, 1.0))
    found = lines(inputs, part, np.array([0.9]), np.array([0.5, 1.4]), 0.0, np.ones(2), zeros=True)
    assert 0.0 in found.points
    assert 0.0 not in lines(inputs, part, np.array([0.9]), np.array([0.5, 1.4]), 0.0, np.ones(2)).points


@given(
    a=st.lists(st.integers(-8, 8), min_size=1, max_size=9),
    domain=st.sampled_from(DOMAINS),
    bits=st.booleans(),
    seed=st.integers(0, 999),
)
@settings(max_examples=examples(100))
def test_samples_without_a_gain_need_not_be_there(a: list[int], domain: WeightDomain, bits: bool, seed: int) -> None:
    """The same losses can be reached, and each of the points of the shorter line has its loss on all samples."""
    rng = np.random.default_rng(seed)
    below = rng.integers(0, 2, (2, len(a))) > 0 if bits else rng.integers(-3, 4, (2, len(a))).astype(float)
    inputs, pre, gain = inputs_of(below), np.array(a) + 0.25, rng.integers(-1, 2, len(a)).astype(float)
    allowed = weight_range(np.arange(2), domain)
    here, some = allowed.nearest(rng.uniform(-1, 1, 2)), np.flatnonzero(gain)
    every = lines(inputs, allowed, here, pre, 3.0, gain)
    short = lines(inputs, allowed, here, pre[some], 3.0, gain[some], some)
    for q in range(2):
        there = np.isfinite(short.losses[q])
        assert set(short.losses[q][there]) == set(every.losses[q][np.isfinite(every.losses[q])])
        for t, loss in zip(short.points[q][there], short.losses[q][there], strict=True):
            assert loss == 3.0 + gain @ (pre + (t - here[q]) * inputs.values[q] >= 0)


def test_one_point_is_as_all_are() -> None:
    rng = np.random.default_rng(0)
    inputs, gain = inputs_of(rng.normal(size=(3, 20))), rng.integers(-1, 2, 20).astype(float)
    for domain in (Interval(-1.0, 1.0), Integers(-1, 1), Integers(-40, 40)):
        found = lines(inputs, weight_range(np.arange(3), domain), np.zeros(3), rng.normal(size=20), 0.0, gain)
        for (q, c), loss in np.ndenumerate(found.losses):
            assert not np.isfinite(loss) or found.point(q, c) == found.points[q, c]


@pytest.mark.parametrize("domain", [Interval(-1.0, 1.0), Integers(-500, 500), Values(tuple(np.arange(100.0))), Integers(-1, 1)])
def test_candidates_are_few_members(domain: WeightDomain) -> None:
    breaks = np.random.default_rng(0).normal(size=400)
    points = candidates(breaks, weight_range(np.array([0]), domain), RandomStream(0))
    assert 0 < len(points) <= 4 * FEW
    assert all(member(Fraction(str(t)), domain) for t in points.tolist())


def test_equal_moves_are_drawn_from() -> None:
    values = np.array([[3.0, 1.0], [1.0, 2.0]])
    assert {random_minimum(values, 1.0, RandomStream(seed)) for seed in range(20)} == {1, 2}
    assert random_minimum(values, 0.5, RandomStream(0)) is None


# ---- the samples


def test_equal_samples_are_one() -> None:
    data = dataset([[1.0], [1.0], [1.0], [2.0]], [0, 1, 1, 0])
    merged = merge_samples(data.train, "zero_one", 1, Costs((Fraction(1, 2), Fraction(3))), 2)
    assert merged.x.tolist() == [[1.0], [2.0]]
    assert merged.losses(np.array([[False, False]])).tolist() == [6.0, 0.0]
    assert merged.losses(np.array([[True, True]])).tolist() == [0.5, 0.5]
    assert merged.total == 7.0


# ---- a network on its way


@given(case=cases(), data=st.data())
@settings(max_examples=examples(60))
def test_the_other_value_of_a_neuron_has_the_losses_of_the_network_above(case: Case, data: st.DataObject) -> None:
    search_problem = search_problem_of(task_of(case))
    state = SearchState(search_problem, as_weights(case.network, search_problem))
    k = data.draw(st.integers(0, len(state.weights) - 1))
    neuron = data.draw(st.integers(0, len(state.weights[k]) - 1))
    bits = state.fires[k].copy()
    bits[neuron] = ~bits[neuron]
    for layer in state.weights[k + 1 :]:
        bits = inputs_of(bits).sums(layer) >= 0
    assert (state.flipped(k, neuron)[0] == search_problem.samples.losses(bits)).all()


@pytest.mark.parametrize("above", [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0, 0.0, 1.0]], ids=["ignored", "seen"])
def test_a_neuron_that_decides_nothing_becomes_another(above: list[float]) -> None:
    """Whatever it does, the loss is the same."""
    data = dataset([[0.0, 1.0], [2.0, 1.0], [1.0, 3.0], [4.0, 0.0]], [0, 1, 0, 1])
    search_problem = search_problem_of(TrainingProblem(spec(network_spec((5,), SIGNS, SIGNS)), data))
    state = SearchState(search_problem, [np.zeros((5, 3)), np.array([above])])
    before, rng = state.loss, RandomStream(0)
    rows = set()
    for _ in range(20):
        state.improve(0, 1, rng)
        rows.add(tuple(state.weights[0][1]))
        fresh = SearchState(search_problem, state.weights)
        assert (fresh.fires[0] == state.fires[0]).all()
        assert fresh.loss == state.loss == before
    assert len(rows) > 3
    assert all(abs(w) <= 1 and w == round(w) for row in rows for w in row)


@given(case=cases(), seed=st.integers(0, 99))
@settings(max_examples=examples(80))
def test_a_move_makes_nothing_worse_and_keeps_the_books(case: Case, seed: int) -> None:
    """Whatever is carried along is what a fresh evaluation finds, and all stays inside the domains."""
    search_problem, rng = search_problem_of(task_of(case)), RandomStream(seed)
    state = SearchState(search_problem, random_weights(search_problem, case.network.widths[1:], rng))
    for k, layer in enumerate(state.weights):
        for neuron in [*range(len(layer)), *([None] if search_problem.layers[k].shared else [])]:
            before = state.objective
            state.improve(k, neuron, rng)
            assert state.objective <= before + search_problem.equal
            fresh = SearchState(search_problem, state.weights)
            assert (fresh.losses == state.losses).all()
            assert all((one == other).all() for one, other in zip(fresh.fires, state.fires, strict=True))
            assert all(np.allclose(one, other) for one, other in zip(fresh.a, state.a, strict=True))
            assert all((one.values == other.values).all() for one, other in zip(fresh.inputs, state.inputs, strict=True))
            assert fresh.objective == pytest.approx(state.objective)
    network = as_network(state.weights, search_problem, case.network_spec.layers)
    assert plain_loss(network, case.data, case.true_loss) == state.loss
    for rows, layer in zip(plain(network), case.network_spec.layers, strict=True):
        assert all(member(w, layer.weights) for row in rows[0] for w in row)
        assert layer.biases is None or case.network_spec.thresholds == "zero" or all(member(b, layer.biases) for b in rows[1])


@pytest.mark.parametrize("biases", [None, Interval(-2.0, 2.0)], ids=str)
@pytest.mark.parametrize(
    "rows", [[[-1.2, -1.2, -1.0]], [[-1.2, -1.1]], [[-1.2], [-1.1], [0.3]], [[-1.0, 1 / 3], [-1.0, 2 / 3]]], ids=str
)
def test_no_start_stands_on_a_sample(rows: list[list[float]], biases: WeightDomain | None) -> None:
    """There a pre-activation of 0 and one of a rounding error below it are one and the same to floating point."""
    for weights in (SIGNS, Values((-0.5, 0.0, 0.5)), Interval(-1.0, 1.0)):
        own, data = network_spec((2,), weights, biases), dataset(rows, [1, 0, 1][: len(rows)])
        search_problem = search_problem_of(TrainingProblem(spec(own), data))
        for seed in range(30):
            state = SearchState(search_problem, random_weights(search_problem, (2, 1), RandomStream(seed)))
            network = as_network(state.weights, search_problem, own.layers)
            assert plain_loss(network, data, "zero_one") == state.loss
            assert (np.abs(state.a[0]) > 1e-6).all()


def test_what_counts_as_0_is_not_carried_into_the_weights() -> None:
    """A real weight in the middle of its line, and then a whole bias: together they are 0, or a rounding error below it."""
    first = LayerSpec(1, Values((-2.0, 1.0)), Integers(-3, 3))
    own = NetworkSpec((first, LayerSpec(None, Interval(-0.25, 2.0), Integers(-3, 3))))
    rows = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    data = dataset(rows, [0, 0, 1, 0, 0, 1])
    search_problem = search_problem_of(TrainingProblem(spec(own), data))
    for seed in range(30):
        state = SearchState(search_problem, random_weights(search_problem, (1, 1), rng := RandomStream(seed)))
        for k in (0, 1, 0, 1):
            state.improve(k, 0, rng)
        network = as_network(state.weights, search_problem, own.layers)
        assert plain_loss(network, data, "zero_one") == state.loss


def test_large_features_in_small_units_are_told_apart() -> None:
    """A pre-activation of one unit below 0 is not 0, however large the numbers are that it is made of."""
    own = network_spec((), SIGNS, Integers(-1_000_000, 0))
    search_problem = search_problem_of(TrainingProblem(spec(own), dataset([[999_999.9999], [1_000_000.0]], [0, 1])))
    state = SearchState(search_problem, [np.array([[1.0, -1_000_000.0]])])
    assert state.fires[0].tolist() == [[False, True]]
    assert state.loss == 0


@given(case=cases(), seed=st.integers(0, 99))
@settings(max_examples=examples(60))
def test_starts_lie_in_their_domains(case: Case, seed: int) -> None:
    search_problem, rng = search_problem_of(task_of(case)), RandomStream(seed)
    for weights in (
        first := random_weights(search_problem, case.network.widths[1:], rng),
        perturbed_weights(search_problem, first, rng),
    ):
        network = as_network(weights, search_problem, case.network_spec.layers)
        for (rows, biases), layer in zip(plain(network), case.network_spec.layers, strict=True):
            assert all(member(w, layer.weights) for row in rows for w in row)
            assert layer.biases is None or case.network_spec.thresholds == "zero" or all(member(b, layer.biases) for b in biases)
            assert case.network_spec.thresholds != "zero" or not any(biases)
            assert case.network_spec.thresholds != "per_layer" or len(set(biases)) == 1


def test_scaling_into_the_box_changes_no_activation() -> None:
    own = network_spec((2,), Interval(-0.25, 2.0), Interval(-1.0, 1.0))
    data = dataset([[1.0], [2.0], [3.0]], [0, 1, 0])
    search_problem = search_problem_of(TrainingProblem(spec(own), data))
    assert search_problem.centre.tolist() == [2.0]
    weights = [np.array([[40.0, 20.0], [-3.0, 1.0]]), np.array([[1.0, 1.0, -2.0]])]
    network = as_network(weights, search_problem, own.layers)
    assert (
        SearchState(search_problem, as_weights(network, search_problem)).losses.tolist()
        == SearchState(search_problem, weights).losses.tolist()
    )
    assert (np.abs(network.layers[0].weights) <= 2).all()
    assert network.layers[0].weights.min() >= -0.25
    assert network.layers[0].weights[0, 0] / network.layers[0].biases[0] == 40 / -60


# ---- what it costs

KINDS = st.sampled_from(["l1", "l2", "sparsity"])
FACTORS = st.sampled_from([0.25, 1.0, 0.3, 2.0])
WEIGHTS: st.SearchStrategy[ClassWeight | None] = st.sampled_from([None, "balanced", (0.5, 3.0, 1.0)])
PENALTIES = st.lists(st.builds(Penalty, KINDS, FACTORS), max_size=3, unique_by=lambda p: p.kind).map(tuple)


@given(case=cases(), penalties=PENALTIES, weight=WEIGHTS, seed=st.integers(0, 9))
@settings(max_examples=examples(80))
def test_the_objective_is_the_exact_one(
    case: Case, penalties: tuple[Penalty, ...], weight: ClassWeight | None, seed: int
) -> None:
    """At the start, and after moves."""
    training, own = task_of(case), weight[: len(case.data.classes)] if isinstance(weight, tuple) else weight
    training = replace(
        training, spec=replace(training.spec, train=replace(training.spec.train, penalties=penalties, class_weight=own))
    )
    search_problem, rng = search_problem_of(training), RandomStream(seed)
    state = SearchState(search_problem, as_weights(case.network, search_problem))
    assert state.objective == pytest.approx(float(exact_objective(case.network, case, training)))
    for k, layer in enumerate(state.weights):
        for neuron in [*range(len(layer)), *([None] if search_problem.layers[k].shared else [])]:
            state.improve(k, neuron, rng)
    network = as_network(state.weights, search_problem, case.network_spec.layers)
    assert state.objective == pytest.approx(float(exact_objective(network, case, training)))


def test_integers_too_many_to_list_move_where_weights_have_a_price() -> None:
    """Most pieces of such a bias hold no integer: they cost nothing, and are no reason to stay."""
    own = network_spec((), Integers(1, 1), Integers(-40, 40))
    training = TrainingProblem(spec(own), dataset([[0.25], [0.5], [0.75], [9.25], [9.5], [9.75]], [0, 0, 0, 1, 1, 1]))
    training = replace(
        training, spec=replace(training.spec, train=replace(training.spec.train, penalties=(Penalty("l1", 0.25),)))
    )
    state = SearchState(search_problem_of(training), [np.array([[1.0, 0.0]])])
    assert state.loss == 3
    state.improve(0, 0, RandomStream(0))
    assert (state.loss, state.objective) == (0, 0.25)


def exact_objective(network: Network, case: Case, training: TrainingProblem) -> Fraction:
    factors = {p.kind: Fraction(str(p.factor)) for p in training.costs.penalties}
    price = Price(**factors, classes=training.costs.classes or [Fraction(1)] * 3)  # type: ignore[arg-type]
    return price.objective(plain(network), plain_rows(case.data), case.data.train.y.tolist(), case.true_loss)


# ---- robust training


@given(data=st.data(), case=cases())
@settings(max_examples=examples(60))
def test_what_is_steady_has_a_certificate(data: st.DataObject, case: Case) -> None:
    """The robustness penalty counts the different samples that the exact certificate does not cover."""
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    search_problem = search_problem_of(robust(case, delta))
    state = SearchState(search_problem, as_weights(case.network, search_problem))
    bits = activations(case.network, case.data.train)[0]
    stable = keeps(case.network.layers[0], delta, case.data.train, bits).all(axis=1)
    groups = equal_rows(case.data.train)
    assert state.robustness_penalty == 4 * (1 + state.search_problem.samples.total) * len(set(groups[~stable].tolist()))


@given(data=st.data(), case=cases(), seed=st.integers(0, 99))
@settings(max_examples=examples(60))
def test_robust_moves_make_nothing_worse(data: st.DataObject, case: Case, seed: int) -> None:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    search_problem, rng = search_problem_of(robust(case, delta)), RandomStream(seed)
    state = SearchState(search_problem, as_weights(case.network, search_problem))
    for k, layer in enumerate(state.weights):
        for neuron in [*range(len(layer)), *([None] if search_problem.layers[k].shared else [])]:
            before = state.objective
            state.improve(k, neuron, rng)
            assert state.objective <= before + search_problem.equal
            assert SearchState(search_problem, state.weights).objective == pytest.approx(state.objective)
