"""The worst case against points of the sets, and against an LP of its own for every pattern."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import decide, plain_activations
from perturbed import corners, deltas, moved
from problems import SIGNS, Case, cases, dataset, network_spec, plain, plain_rows, spec
from scipy.optimize import linprog

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import EvaluateSpec, RandomSign
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.attack import Noise, run_attacks, worst_case
from bdnnlang.problem.farkas import Halfspace, find_change
from bdnnlang.problem.perturbation import BoxSet, BudgetedSet, L1Set, L2Set, PerturbationSet


def class_of(case: Case, row: list[Fraction]) -> int:
    return decide(plain_activations(plain(case.network), row)[-1])


def flips_somewhere(case: Case, delta: PerturbationSet, row: list[Fraction]) -> bool:
    """At a corner, or half-way between corners."""
    own, points = class_of(case, row), corners(delta, row)
    inner = [moved([v / 2 for v in a], [v / 2 for v in b]) for a, b in itertools.combinations(points, 2)]
    return any(class_of(case, moved(row, change)) != own for change in (*points, *inner))


def flips_by_lp(case: Case, delta: PerturbationSet, row: list[Fraction]) -> bool:
    """Is a pattern of another class reached with room to spare? One LP a pattern over weights of the corners."""
    weights, biases = plain(case.network)[0]
    points, own = corners(delta, row), class_of(case, row)
    ends = np.array([[float(v) for v in moved(row, change)] for change in points])  # (corners, n)
    a = ends @ np.array(weights, dtype=np.float64).T + np.array(biases, dtype=np.float64)  # (corners, d)
    for bits in itertools.product((0, 1), repeat=len(biases)):
        rest = plain_activations(plain(case.network)[1:], list(bits))[-1] if len(plain(case.network)) > 1 else bits
        if decide(rest) == own:
            continue
        sign = np.where(np.array(bits) == 1, 1.0, -1.0)
        rows = np.hstack([-(a * sign).T, np.ones((len(bits), 1))])
        equal = np.r_[np.ones(len(points)), 0.0][None, :]
        bounds = [(0, 1)] * len(points) + [(None, 1)]
        best = linprog(np.r_[np.zeros(len(points)), -1.0], rows, np.zeros(len(bits)), equal, [1.0], bounds)
        if best.x[-1] > 1e-7:
            return True
    return False


@given(case=cases(), data=st.data())
@settings(max_examples=examples(120))
def test_robust_and_flipped_are_both_true(case: Case, data: st.DataObject) -> None:
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    rows = plain_rows(case.data)
    for i, row in enumerate(rows):
        raw, upper = [case.data.train.raw[i].tolist()], case.data.recipe.upper
        one = dataset(raw, [class_of(case, row)], len(case.data.classes), upper=upper)
        found = worst_case(case.network, delta, one.train)
        assert (found.of, found.right, found.robust + found.flipped + found.undecided) == (1, 1, 1)
        if found.robust:
            assert not flips_somewhere(case, delta, row)
            assert not flips_by_lp(case, delta, row)
        if found.flipped:
            assert found.example is not None
            assert class_of(case, moved(row, found.example.change)) == found.example.after != found.example.before
            assert delta.contains(list(found.example.change), tuple(row))
        if found.undecided:  # then it is a matter of a boundary only
            assert not flips_by_lp(case, delta, row)


def test_almost_nothing_is_left_undecided() -> None:
    """Random networks on a lattice, where boundaries are hit all the time."""
    rng = np.random.default_rng(1)
    undecided = decided = 0
    for _ in range(60):
        network = Network(
            (
                Layer(rng.integers(-2, 3, (3, 3)).astype(float), rng.integers(-2, 3, 3).astype(float)),
                Layer(rng.integers(-1, 2, (1, 3)).astype(float), rng.integers(-2, 2, 1).astype(float)),
            )
        )
        data = dataset(rng.integers(-3, 4, (6, 3)).astype(float).tolist(), rng.integers(0, 2, 6).tolist())
        for delta in (
            BoxSet((Fraction(1, 2),) * 3),
            L1Set((Fraction(1),) * 3),
            BudgetedSet((Fraction(1),) * 3, gamma=2),
        ):
            found = worst_case(network, delta, data.train)
            undecided, decided = undecided + found.undecided, decided + found.robust + found.flipped
    assert undecided == 0
    assert decided > 300


def test_two_neurons_that_cannot_flip_together() -> None:
    """x1 ≥ 1 and x1 ≤ −1: each can be had within |δ| ≤ 2, both cannot, and only both would change the class."""
    network = Network((Layer(np.array([[1.0], [-1.0]]), np.array([-1.0, -1.0])), Layer(np.array([[1.0, 1.0]]), np.array([-2.0]))))
    found = worst_case(network, BoxSet((Fraction(2),)), dataset([[0.0]], [0]).train)
    assert (found.robust, found.flipped, found.undecided) == (1, 0, 0)


def test_the_ball_reaches_what_no_corner_of_it_does() -> None:
    """Both neurons at once are nearest at (1, 1), length 1.414…"""
    network = Network((Layer(np.eye(2), np.array([-1.0, -1.0])), Layer(np.array([[1.0, 1.0]]), np.array([-2.0]))))
    part = dataset([[0.0, 0.0]], [0]).train
    outcomes = {r: worst_case(network, L2Set((Fraction(r),) * 2), part) for r in ("14142/10000", "14143/10000", "7/10")}
    assert [(o.robust, o.flipped) for o in outcomes.values()] == [(1, 0), (0, 1), (1, 0)]


def test_many_neurons_are_left_undecided_rather_than_guessed() -> None:
    """Twelve doubtful neurons, of which only a rare combination would flip."""
    network = Network((Layer(np.vstack([np.eye(12)]), np.full(12, -1.0)), Layer(np.ones((1, 12)), np.array([-12.0]))))
    found = worst_case(network, L1Set((Fraction(1),) * 12), dataset([[0.0] * 12], [0]).train)
    assert (found.robust, found.flipped, found.undecided) == (0, 0, 1)


def test_of_many_neurons_a_pair_is_found() -> None:
    """Fifteen doubtful neurons; two of them at once change the class, one alone does not."""
    network = Network((Layer(np.eye(15), np.full(15, -1.0)), Layer(np.ones((1, 15)), np.array([-2.0]))))
    found = worst_case(network, BudgetedSet((Fraction(1),) * 15, gamma=2), dataset([[0.0] * 15], [0]).train)
    assert (found.robust, found.flipped, found.undecided) == (0, 1, 0)


def test_many_neurons_that_do_not_matter_are_no_obstacle() -> None:
    """Fifteen doubtful neurons behind weights that sum to less than the bias."""
    network = Network((Layer(np.eye(15), np.full(15, -1.0)), Layer(np.full((1, 15), 0.1), np.array([-1.6]))))
    found = worst_case(network, BoxSet((Fraction(3),) * 15), dataset([[0.0] * 15], [0]).train)
    assert (found.robust, found.flipped, found.undecided) == (1, 0, 0)


def test_no_witness_and_no_proof_is_neither() -> None:
    space = Halfspace([Fraction(1)], Fraction(1), strict=False)
    assert find_change(BoxSet((Fraction(2),)), (Fraction(0),), [space], lambda change: False) == ([], None)


def test_random_signs_are_seeded_and_size_0_is_the_accuracy() -> None:
    data = dataset([[v / 10] for v in range(-5, 6)], [int(v >= 0) for v in range(-5, 6)])
    network = Network((Layer(np.array([[1.0]]), np.array([0.0])),))
    own = replace(spec(network_spec((), SIGNS)), evaluate=EvaluateSpec((RandomSign((0.0, 0.3, 10.0)),)))
    noisy = [run_attacks(own, data, network) for _ in range(2)]
    assert noisy[0] == noisy[1]
    (result,) = noisy[0]
    assert isinstance(result, Noise)
    assert result.part == "training"
    assert result.right[0] == (0.0, 11)
    assert 0 < result.right[2][1] < 11


FIFTHS = (Fraction(2, 5), Fraction(2, 5), Fraction(0), Fraction(2, 5))


@pytest.mark.parametrize(
    "delta",
    [
        BoxSet((Fraction(1, 4), Fraction(0), Fraction(3, 4), Fraction(1))),
        BoxSet((Fraction(1, 4), Fraction(0), Fraction(3, 4), Fraction(1)), clip=(Fraction(0), Fraction(1))),
        L1Set(FIFTHS),
        L2Set(FIFTHS),
        BudgetedSet(FIFTHS, gamma=2),
    ],
    ids=str,
)
def test_slopes_of_falls_and_rises(delta: PerturbationSet) -> None:
    rng = np.random.default_rng(0)
    x, weights = rng.uniform(0.0, 1.0, (5, 4)), rng.uniform(-2.0, 2.0, (3, 4))
    by_fall, by_rise = rng.normal(size=(2, 5, 3))

    def value(weights: Floats) -> float:
        fall, rise = delta.preactivation_change(weights, x)
        return float((by_fall * fall + by_rise * rise).sum())

    steps = 1e-6 * np.eye(12).reshape(12, 3, 4)
    expected = [(value(weights + step) - value(weights - step)) / 2e-6 for step in steps]
    assert delta.change_slope(weights, x, by_fall, by_rise).ravel() == pytest.approx(expected, abs=1e-7)
    assert np.array_equal(delta.change_slope(0 * weights, x, by_fall, by_rise), np.zeros((3, 4)))


HALVES = (Fraction(1, 2), Fraction(1, 2), Fraction(0), Fraction(1, 2))
BY_FEATURE = (Fraction(1, 4), Fraction(0), Fraction(3, 4), Fraction(1))


@pytest.mark.parametrize(
    "delta",
    [
        BoxSet(BY_FEATURE),
        BoxSet(BY_FEATURE, clip=(Fraction(0), Fraction(1))),
        L1Set(HALVES),
        BudgetedSet(HALVES, gamma=2),
        BudgetedSet(HALVES, gamma=9),
    ],
    ids=str,
)
def test_random_extremes_are_all_corners_equally_often(delta: PerturbationSet) -> None:
    row, count = [Fraction(1, 8), Fraction(1, 2), Fraction(3, 2), Fraction(7, 8)], 4_000
    x = np.tile([float(v) for v in row], (count, 1))
    drawn = delta.random_extremes(x, RandomStream(5))
    seen = Counter(tuple(map(Fraction, point)) for point in drawn.tolist())
    expected = set(corners(delta, row))
    assert set(seen) == expected
    assert all(delta.contains(list(point), tuple(row)) for point in seen)
    share = count / len(expected)
    assert all(abs(times - share) < 5 * math.sqrt(share) for times in seen.values())
    assert np.array_equal(drawn, delta.random_extremes(x, RandomStream(5)))
    assert not np.array_equal(drawn, delta.random_extremes(x, RandomStream(6)))


def test_random_extremes_of_a_ball_are_on_it_and_go_all_ways() -> None:
    ball, row = L2Set(HALVES), (Fraction(0),) * 4
    drawn = ball.random_extremes(np.zeros((500, 4)), RandomStream(5))
    assert all(ball.contains(list(map(Fraction, point)), row) for point in drawn.tolist())
    assert np.linalg.norm(drawn, axis=1) == pytest.approx(np.full(500, 0.5), abs=1e-9)
    assert np.abs(drawn.mean(axis=0)).max() < 0.06  # 4 deviations
    assert (drawn**2).mean(axis=0) == pytest.approx([1 / 12, 1 / 12, 0.0, 1 / 12], abs=0.015)


def test_nothing_changes_where_nothing_may() -> None:
    for kind in (BoxSet, L1Set, BudgetedSet, L2Set):
        assert not kind((Fraction(0),) * 3).random_extremes(np.ones((5, 3)), RandomStream(0)).any()


@pytest.mark.parametrize("kind", [BoxSet, L1Set, BudgetedSet, L2Set])
def test_extremes_lie_in_the_set_and_are_greatest(kind: type[PerturbationSet]) -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        radius = tuple(Fraction(int(r), 4) for r in (rng.integers(0, 4, 3) if kind is BoxSet else [1, 1, 1]))
        delta = BudgetedSet(radius, gamma=2) if kind is BudgetedSet else kind(radius)
        weights, row = [Fraction(int(w)) for w in rng.integers(-3, 4, 3)], (Fraction(0),) * 3
        best = delta.extreme(weights, row)
        value = sum(w * d for w, d in zip(weights, best, strict=True))
        assert delta.contains(best, row)
        fall, rise = delta.preactivation_change(np.array([[float(w) for w in weights]]), np.zeros((1, 3)))
        assert float(value) == pytest.approx(float(rise[0, 0]), abs=1e-9) == pytest.approx(float(fall[0, 0]), abs=1e-9)
        assert delta.compare(weights, row, value + Fraction(1, 10**6)) == -1
