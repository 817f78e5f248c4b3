"""Polish gives claimed patterns room to spare, snap the shortest numbers that keep them; both stay in the domains."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from forms import as_built
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from problems import SIGNS, Case, cases, dataset, inside, network_spec, plain_loss, plain_rows

from bdnnlang.arrays import Floats
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Integers, Interval, LayerSpec, NetworkSpec, Values
from bdnnlang.model.build import build
from bdnnlang.network.exact import activations, near_ties
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import exact
from bdnnlang.polish.polish import polish, snap


def polished(case: Case, noise: float = 0.0, seed: int = 0) -> tuple[Network, tuple[np.ndarray, ...]]:
    """The network that polish makes of a completed point with perturbed continuous columns, and the patterns claimed."""
    model = as_built(build(case.network_spec, case.loss, case.data), case.data.train)
    point, problem = model.encode(case.network), model.problem
    real = np.concatenate([np.full(c.size, not c.integer) for c in problem.columns])
    point = point + noise * real * np.random.default_rng(seed).uniform(-1, 1, len(point))
    network = polish(model, case.network_spec.layers, point)
    return network, activations(case.network, case.data.train)


def at_a_bound() -> Case:
    """The LP gives a weight of 0.4999999999999999 where 0.5 is the least."""
    data = dataset([[-3.0, -3.0, -3.0], [-2.0, -3.0, 3.0], [3.0, -3.0, -2.0]], [0, 0, 0])
    network = Network((Layer(np.array([[0.5, 0.5, 0.5]]), np.array([-1.5])),))
    return Case(network_spec((), Interval(0.5, 1.0), Values((-1.5, 1.0))), None, data, network)


@given(case=cases(), seed=st.integers(0, 100))
@example(case=at_a_bound(), seed=0)
@settings(max_examples=examples(100))
def test_patterns_are_kept_inside_the_domains(case: Case, seed: int) -> None:
    network, patterns = polished(case, noise=1e-6, seed=seed)
    assume(not any(ties(case, k) for k in range(len(patterns))))
    *hidden, outputs = activations(network, case.data.train)
    for ours, claimed in zip(hidden, patterns, strict=False):
        assert np.array_equal(ours, claimed)
    right = matter(case, patterns[-1])
    assert np.array_equal(outputs[right], patterns[-1][right])
    assert plain_loss(network, case.data, case.true_loss) <= plain_loss(case.network, case.data, case.true_loss)
    assert inside(network, case.network_spec)


def matter(case: Case, outputs: np.ndarray) -> np.ndarray:
    """The output bits (m, K) that no error excuses."""
    y, width = case.data.train.y, case.outputs
    right = outputs == (y[:, None] == (np.arange(width) if width > 1 else 1))
    if width > 1 and case.true_loss == "zero_one":
        right &= (y[:, None] == 0) | (np.arange(width) <= y[:, None])
    return right


def ties(case: Case, k: int) -> bool:
    """Has layer k continuous weights or biases and a pre-activation of exactly 0? Then there may be no margin to be had."""
    layer = case.network_spec.layers[k]
    if not isinstance(layer.weights, Interval) and not isinstance(layer.biases, Interval | None):
        return False
    inputs = plain_rows(case.data) if k == 0 else activations(case.network, case.data.train)[k - 1].tolist()
    weights = [[exact(w) for w in row] for row in case.network.layers[k].weights]
    biases = [exact(b) for b in case.network.layers[k].biases]
    return any(
        sum(w * Fraction(v) for w, v in zip(ws, row, strict=True)) + b == 0
        for row in inputs
        for ws, b in zip(weights, biases, strict=True)
    )


def margins(network: Network, data: Dataset) -> Floats:
    layer = network.layers[0]
    return np.abs(data.train.x @ layer.weights.T + layer.biases) / (np.abs(data.train.x).sum(axis=1) + 1)[:, None]


def one_layer(
    weights: Interval | Integers, bias: Interval | None, w: float, b: float, raw: list[float], y: list[int] | None = None
) -> Case:
    """One neuron and one feature; without `y` the classes are those that the neuron says."""
    data = dataset([[v] for v in raw], y or [int(w * v + b >= 0) for v in raw])
    return Case(NetworkSpec((LayerSpec(None, weights, bias),)), None, data, network_of([[w]], [b]))


def network_of(weights: list[list[float]], biases: list[float]) -> Network:
    return Network((Layer(np.array(weights, dtype=np.float64), np.array(biases, dtype=np.float64)),))


def test_a_threshold_on_the_boundary_moves_into_the_middle() -> None:
    """Weights that a solver leaves on the edge of its tolerance get the greatest margin."""
    case = one_layer(Interval(-1.0, 1.0), Interval(-10.0, 10.0), 1.0, -3.0 + 1e-9, [1.0, 3.0], [0, 1])
    network, patterns = polished(case)
    assert patterns[0].tolist() == [[0], [1]]
    # the least of (w + b)/2 and (3w + b)/4 is greatest for w = 1, b = −5/3
    assert margins(network, case.data).min() == pytest.approx(1 / 3)


def test_integer_weights_get_the_shortest_separating_bias() -> None:
    case = one_layer(SIGNS, None, 1.0, -0.3, [0.1, 0.3])
    case = replace(case, data=replace(case.data, lattice=None))
    network, _ = polished(case)
    assert network.layers[0].biases.tolist() == [-0.25]


def test_a_tie_of_whole_numbers_may_stay() -> None:
    case = one_layer(SIGNS, None, 1.0, -3.0, [2.0, 3.0])
    network, _ = polished(case)
    assert network.layers[0].biases.tolist() in ([-3.0], [-2.0])
    assert activations(network, case.data.train)[0].tolist() == [[0], [1]]


def test_a_tie_of_fractions_does_not_stay() -> None:
    """0.1 + 0.2 − 0.3 is no tie a float sees, so the bias moves off it."""
    data = dataset([[0.1, 0.2], [0.1, 0.1]], [1, 0])
    case = Case(NetworkSpec((LayerSpec(None, SIGNS),)), None, data, network_of([[1.0, 1.0]], [-0.3]))
    network, _ = polished(case)
    assert activations(network, data.train)[0].tolist() == [[1], [0]]
    assert margins(network, data).min() > 1e-3


def test_outputs_that_the_claim_counts_as_wrong_do_not_bind() -> None:
    case = one_layer(Interval(-1.0, 1.0), None, 1.0, -0.5, [1.0, 2.0, 3.0], [0, 0, 1])  # fires for all
    model = as_built(build(case.network_spec, None, case.data), case.data.train)
    point = model.encode(case.network)
    point[model.problem.activations(1).index] = [[1], [0], [1]]  # no threshold does this …
    network = polish(model, case.network_spec.layers, point)  # … and the first need not
    assert activations(network, case.data.train)[0].tolist()[1:] == [[0], [1]]


def test_patterns_that_nothing_can_have_leave_the_weights_alone() -> None:
    case = one_layer(Interval(-1.0, 1.0), None, 1.0, -2.5, [1.0, 2.0, 3.0], [1, 0, 1])
    model = as_built(build(case.network_spec, None, case.data), case.data.train)
    point = model.encode(case.network)
    point[model.problem.activations(1).index] = [[1], [0], [1]]
    assert polish(model, case.network_spec.layers, point) == case.network


# ---- snap


def snapped(case: Case, network: Network) -> Network | None:
    goal = activations(network, case.data.train)[-1]
    return snap(
        network, case.network_spec.layers, case.data.train, lambda n: np.array_equal(activations(n, case.data.train)[-1], goal)
    )


@pytest.mark.parametrize(
    ("w", "b", "expected"),
    [
        (0.9, -1.9, ([[1.0]], [-2.0])),  # no bits: whole numbers do
        (0.6, -1.4, ([[0.5]], [-1.5])),  # 1 · 1 − 1 would fire at 1
        (0.26, -0.6, ([[0.25]], [-0.5])),
    ],
)
def test_snap_takes_the_fewest_bits(w: float, b: float, expected: tuple[list[list[float]], list[float]]) -> None:
    case = one_layer(Interval(-1.0, 1.0), None, w, b, [1.0, 3.0])
    assert snapped(case, case.network) == network_of(*expected)


def test_snap_rounds_inward_at_the_ends() -> None:
    case = one_layer(Interval(-0.3, 0.3), Interval(-0.7, 0.7), 0.3, -0.7, [1.0, 3.0])
    network = snapped(case, case.network)
    assert network is not None
    assert network == network_of([[0.25]], [-0.5])


def test_snap_leaves_finite_domains_alone() -> None:
    layers = (LayerSpec(None, Integers(-3, 3), Integers(-3, 3)),)
    network = network_of([[3.0]], [-2.0])
    assert snap(network, layers, dataset([[1.0]], [0]).train, lambda n: n == network) == network


def test_snap_of_what_nothing_keeps_is_nothing() -> None:
    case = one_layer(Interval(-1.0, 1.0), None, 0.5, 0.0, [1.0])
    assert snap(case.network, case.network_spec.layers, case.data.train, lambda n: False) is None


@given(case=cases(), seed=st.integers(0, 100))
@settings(max_examples=examples(60))
def test_snapped_networks_stay_in_the_domains(case: Case, seed: int) -> None:
    network, _ = polished(case, noise=1e-7, seed=seed)
    short = snapped(case, network)
    if short is not None:
        assert inside(short, case.network_spec)


def test_zero_thresholds_stay_zero() -> None:
    data = dataset([[1.0], [-1.0]], [1, 0])
    own = network_spec(weights=Interval(-1.0, 1.0), thresholds="zero")
    case = Case(own, None, data, network_of([[0.3]], [0.0]))
    network, _ = polished(case)
    assert network.layers[0].biases.tolist() == [0.0]
    assert snapped(case, network) == network_of([[1.0]], [0.0])


def test_a_bias_between_fractions_is_on_neither_of_them() -> None:
    """−1/2 has fewer bits, but would leave a sample without a margin."""
    case = one_layer(SIGNS, None, 1.0, -0.5, [0.25, 0.5])
    network, patterns = polished(case)
    assert patterns[0].tolist() == [[0], [1]]
    assert network.layers[0].biases.tolist() == [-0.375]


def test_a_shared_bias_separates_for_all_its_neurons() -> None:
    data = dataset([[1.0], [3.0]], [0, 1])
    network = network_of([[-1.0], [1.0]], [-2.0, -2.0])
    case = Case(network_spec((), SIGNS, thresholds="per_layer", encoding="one_hot"), None, data, network)
    again, patterns = polished(case)
    assert patterns[0].tolist() == [[0, 0], [0, 1]]
    assert np.array_equal(activations(again, data.train)[0], patterns[0])
    assert inside(again, case.network_spec)


def test_a_middle_outside_the_domain_is_not_taken() -> None:
    """−1 would separate as well, with no bits at all."""
    case = one_layer(SIGNS, Interval(-5.0, -1.01), 1.0, -1.02, [1.03, 3.0])
    case = replace(case, data=replace(case.data, lattice=None))
    network, patterns = polished(case)
    assert inside(network, case.network_spec)
    assert np.array_equal(activations(network, case.data.train)[0], patterns[0])


def test_snap_stays_in_an_interval_without_short_numbers() -> None:
    case = one_layer(Interval(0.3, 0.4), None, 0.35, 1.0, [1.0, 3.0])
    network = snapped(case, case.network)
    assert network is not None
    assert inside(network, case.network_spec)


def test_snap_puts_no_neuron_on_a_boundary_where_a_bit_more_keeps_it_off() -> None:
    """0.1 + 0.2 − 0.3 is 0, and fires, but not in float64, whose sum depends on the order."""
    layers = (LayerSpec(None, Interval(-1.0, 1.0), Interval(-1.0, 1.0)),)
    samples = dataset([[0.1, 0.2, -0.3], [0.5, 0.5, 0.5]], [1, 1]).train
    network = network_of([[0.98, 1.0, 0.9]], [0.004])
    found = snap(network, layers, samples, lambda n: activations(n, samples)[-1].all())
    assert found == network_of([[1.0, 1.0, 0.875]], [0.0])
    assert not any(layer.any() for layer in near_ties(found, samples))
    tied = network_of([[1.0, 1.0, 1.0]], [0.0])  # there already, and nothing is gained by more bits
    assert snap(tied, layers, samples, lambda n: True) == tied
