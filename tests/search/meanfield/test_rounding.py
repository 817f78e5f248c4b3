"""Layers as they are rounded: members of their domains, and hyperplanes that stay where they were."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.arrays import Floats
from bdnnlang.language.spec import Integers, Interval, Thresholds, Values, WeightDomain
from bdnnlang.network.network import Layer
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield.inputs import input_scale
from bdnnlang.search.meanfield.latent import LatentNumbers
from bdnnlang.search.meanfield.layers import TrainedLayer, trained_layers
from bdnnlang.search.meanfield.rounding import rounded, threshold

SAMPLES = [list(map(float, one)) for one in product(range(-2, 3), repeat=3)]


def layers_of(
    weights: WeightDomain, biases: WeightDomain | None, thresholds: Thresholds = "per_neuron", part: float = 1.0
) -> tuple[tuple[TrainedLayer, ...], Floats]:
    """Of a problem with 8 hidden neurons and whole features, or multiples of `part` of them; and its samples."""
    rows = [[part * value for value in row] for row in SAMPLES]
    data = dataset(rows, [i % 2 for i in range(len(rows))])
    training = TrainingProblem(spec(network_spec((8,), weights, biases, thresholds)), data)
    return trained_layers(training, input_scale(training)), training.samples.x


def latent_of(layers: tuple[TrainedLayer, ...]) -> LatentNumbers:
    """Anywhere in the ranges, and not on the grid."""
    rng, latent = np.random.default_rng(3), LatentNumbers.zeros(layers)
    for layer, weights, biases in zip(layers, latent.weights, latent.biases, strict=True):
        weights[:] = rng.uniform(layer.grid.lower, layer.grid.upper, weights.shape)
        biases[:] = rng.normal(0, 0.8, biases.shape)
    return latent


def first_of(
    weights: WeightDomain, biases: WeightDomain | None, thresholds: Thresholds = "per_neuron", part: float = 1.0
) -> tuple[TrainedLayer, LatentNumbers, Layer, Floats]:
    """The first layer, the latent numbers, what that layer becomes, and the samples."""
    layers, x = layers_of(weights, biases, thresholds, part)
    latent = latent_of(layers)
    return layers[0], latent, rounded(layers[0], latent.weights[0], latent.biases[0]), x


def wished(layer: TrainedLayer, latent: LatentNumbers, found: Layer) -> Floats:
    """The biases for which hyperplanes stay where they are."""
    return latent.biases[0].astype(np.float64) * (layer.scale * layer.unit) - found.weights @ layer.centre


@pytest.mark.parametrize("domain", [SIGNS, Integers(0, 5), Values((-1.5, -0.25, 4.0)), Values((0.5,))], ids=str)
def test_a_weight_becomes_its_nearest_member(domain: WeightDomain) -> None:
    layer, latent, found, _ = first_of(domain, None)
    distance = np.abs(latent.weights[0][..., None] - layer.grid.nodes).min(axis=-1)
    assert np.array_equal(np.abs(latent.weights[0] - found.weights), distance)
    assert np.isin(found.weights, layer.grid.nodes).all()


@pytest.mark.parametrize("biases", [Integers(-99, 99), Interval(-99.0, 99.0), None], ids=str)
def test_neurons_decide_as_their_hyperplanes_do(biases: WeightDomain | None) -> None:
    """Exactly, on a lattice: with whole biases as with real ones, which become whole there."""
    layer, latent, found, x = first_of(SIGNS, biases)
    expected = x @ found.weights.T + wished(layer, latent, found) >= 0
    assert np.array_equal(x @ found.weights.T + found.biases >= 0, expected)
    assert 0 < expected.mean() < 1
    assert np.array_equal(found.biases, np.rint(found.biases))


def test_a_real_bias_lies_between_two_values_of_a_lattice_of_parts() -> None:
    """There no rounding can decide whether a neuron fires."""
    layer, latent, found, x = first_of(SIGNS, None, part=0.1)
    a = x @ found.weights.T + found.biases
    assert np.abs(a).min() == pytest.approx(0.05)
    assert np.array_equal(a >= 0, x @ found.weights.T + wished(layer, latent, found) >= 0)


@pytest.mark.parametrize(
    ("biases", "members"),
    [(Integers(-1, 1), [-1.0, 0.0, 1.0]), (Values((-0.5, 0.25)), [-0.5, 0.25]), (Interval(-0.25, 0.5), None)],
)
def test_a_bias_stays_within_its_domain(biases: WeightDomain, members: list[float] | None) -> None:
    _, _, found, _ = first_of(SIGNS, biases)
    if members is None:
        assert ((found.biases >= -0.25) & (found.biases <= 0.5)).all()
    else:
        assert np.isin(found.biases, members).all()
    assert len(set(found.biases.tolist())) > 1


def test_neurons_share_a_bias_or_have_none() -> None:
    assert len(set(first_of(SIGNS, Integers(-9, 9), "per_layer")[2].biases.tolist())) == 1
    none = first_of(SIGNS, None, "zero")[2].biases
    assert none.tolist() == [0.0] * 8
    assert not np.signbit(none).any()


def test_a_real_weight_near_0_becomes_0_where_others_have_their_price() -> None:
    layers, _ = layers_of(Interval(-1.0, 1.0), None)
    weights = np.tile(np.array([0.01, -0.01, 122 / 4096], dtype=np.float32), (8, 1))
    biases = np.zeros(8, dtype=np.float32)
    assert rounded(replace(layers[0], dead=2.0**-6), weights, biases).weights[0].tolist() == [0.0, 0.0, 122 / 4096]
    assert np.count_nonzero(rounded(layers[0], weights, biases).weights) == 24


@pytest.mark.parametrize("biases", [Integers(-99, 99), Interval(-99.0, 99.0), Values((-0.35, 0.02, 0.16))], ids=str)
@pytest.mark.parametrize("part", [1.0, 0.1, 0.3])
def test_thresholds_are_those_of_the_exact_layer(biases: WeightDomain, part: float) -> None:
    """In units and without the centre, in single precision, wherever on or off the lattice of the features the biases are."""
    layer, _, found, x = first_of(SIGNS, biases, part=part)
    inputs = ((x - layer.centre) / layer.unit).astype(np.float32)
    bits = inputs @ found.weights.astype(np.float32).T >= threshold(layer, found)
    assert np.array_equal(bits, x @ found.weights.T + found.biases >= -1e-9)
