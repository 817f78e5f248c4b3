"""One start of mean-field training: inside the domains, the same for the same seed, and able to learn."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from problems import SIGNS, dataset, inside, network_spec, spec

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import (
    Integers,
    Interval,
    LayerSpec,
    NetworkSpec,
    Penalty,
    PenaltyKind,
    Thresholds,
    Values,
    WeightDomain,
)
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.network import Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield import MeanFieldSettings, train
from bdnnlang.search.meanfield.inputs import CHUNK

SHORT = MeanFieldSettings(steps=60)


def clouds(classes: int, rows: int = 60, features: int = 3) -> Dataset:
    """A cloud of whole numbers for each class, on the axes."""
    rng = np.random.default_rng(0)
    y = np.arange(rows) % classes
    x = (
        rng.integers(-3, 4, (rows, features))
        + 9 * np.eye(features, dtype=int)[y % features] * np.where(y < features, 1, -1)[:, None]
    )
    return dataset(x.astype(float).tolist(), y.tolist(), classes)


def problem(data: Dataset, network: NetworkSpec, loss: Loss | None = None) -> TrainingProblem:
    return TrainingProblem(spec(network, loss), data)


def trained(of: TrainingProblem, settings: MeanFieldSettings = SHORT, seed: int = 0, start: Network | None = None) -> Network:
    network = train(of, settings, seed, lambda: False, start)
    assert network is not None
    return network


DOMAINS: tuple[tuple[WeightDomain, WeightDomain | None], ...] = (
    (SIGNS, None),
    (SIGNS, Integers(-5, 5)),
    (Integers(0, 1), Integers(-4, 0)),
    (Integers(-7, 9), Values((-3.5, 0.25, 8.0))),
    (Integers(2, 2), None),
    (Integers(-1_000_000, 1_000_000), Integers(-(10**12), 10**12)),
    (Values((-1.5, -0.25, 0.0, 0.1, 4.0)), Interval(-2.0, 2.0)),
    (Values((-1.0, 1.0)), Values((0.5,))),
    (Values((0.3, 0.7)), Interval(0.1, 0.2)),
    (Interval(-1.0, 1.0), None),
    (Interval(0.2, 0.7), Integers(3, 9)),
    (Interval(0.5, 0.5), None),
)


@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer", "zero"])
@pytest.mark.parametrize(("weights", "biases"), DOMAINS)
def test_weights_and_biases_are_members_of_their_domains(
    weights: WeightDomain, biases: WeightDomain | None, thresholds: Thresholds
) -> None:
    for hidden in ((), (4,), (3, 4)):
        of = problem(clouds(3), network_spec(hidden, weights, biases, thresholds))
        network = trained(of)
        assert of.contains(network)
        assert inside(network, of.spec.network)


def test_each_layer_has_its_own_domain() -> None:
    layers = (LayerSpec(5, Interval(-1.0, 1.0), Integers(-3, 3)), LayerSpec(4, SIGNS), LayerSpec(None, Values((0.5, 2.5)), None))
    of = problem(clouds(3), NetworkSpec(layers))
    assert of.contains(trained(of))


@pytest.mark.parametrize("loss", ["zero_one", "hamming", "pattern"])
@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("hidden", [(12,), (12, 12), (12, 12, 12)], ids=str)
def test_separable_classes_are_learned(hidden: tuple[int, ...], classes: int, loss: Loss) -> None:
    of = problem(clouds(classes), network_spec(hidden), loss)
    networks = [trained(of, MeanFieldSettings(steps=400, noise=0.3), seed) for seed in range(3)]
    assert min(of.evaluate(network).loss for network in networks) == 0


@pytest.mark.parametrize("weights", [Interval(-1.0, 1.0), Values((-1.0, -0.25, 0.25, 1.0)), Integers(-3, 3)])
def test_separable_classes_are_learned_with_other_weights(weights: WeightDomain) -> None:
    of = problem(clouds(3), network_spec((8,), weights))
    networks = [trained(of, MeanFieldSettings(steps=400, noise=0.3), seed) for seed in range(3)]
    assert min(of.evaluate(network).loss for network in networks) == 0


def test_a_network_without_hidden_layer_is_learned() -> None:
    of = problem(clouds(2), network_spec())
    assert of.evaluate(trained(of, MeanFieldSettings(steps=200))).loss == 0


def test_the_same_seed_gives_the_same_network_and_another_one_another() -> None:
    of = problem(clouds(3), network_spec((6, 5), Interval(-1.0, 1.0)))
    first, again, other = trained(of), trained(of), trained(of, seed=1)
    for a, b in zip(first.layers, again.layers, strict=True):
        assert a.weights.tobytes() == b.weights.tobytes()
        assert a.biases.tobytes() == b.biases.tobytes()
    assert first != other


def test_an_unfinished_start_is_dropped() -> None:
    calls = iter([False] * 30 + [True])
    assert train(problem(clouds(2), network_spec((4,))), SHORT, 0, lambda: next(calls)) is None


def test_a_start_goes_on_from_a_network() -> None:
    """A few steps leave most of it as it is."""
    of = problem(clouds(3), network_spec((8,)))
    good = trained(of, MeanFieldSettings(steps=400, noise=0.3))
    after = trained(of, MeanFieldSettings(steps=10, noise=0.0), start=good)
    same = [np.mean(a.weights == b.weights) for a, b in zip(good.layers, after.layers, strict=True)]
    assert min(same) > 0.7
    assert of.evaluate(after).loss <= of.evaluate(good).loss + 5


def test_class_weights_decide_where_samples_contradict_each_other() -> None:
    data = dataset([[0.0]] * 5 + [[1.0]] * 5, [0, 0, 0, 1, 1, 0, 0, 0, 1, 1])
    of = problem(data, network_spec((2,)))
    for weights, loss in (((1.0, 1.0), 4), ((1.0, 3.0), 6)):
        weighted = TrainingProblem(replace(of.spec, train=replace(of.spec.train, class_weight=weights)), data)
        assert weighted.evaluate(trained(weighted, MeanFieldSettings(steps=300))).loss == loss


@pytest.mark.parametrize("kind", ["l1", "l2", "sparsity"])
@pytest.mark.parametrize("weights", [SIGNS, Interval(-1.0, 1.0)], ids=str)
def test_a_price_makes_weights_fewer_or_less(weights: WeightDomain, kind: PenaltyKind) -> None:
    of = problem(clouds(3), network_spec((8,), weights))
    priced = TrainingProblem(replace(of.spec, train=replace(of.spec.train, penalties=(Penalty(kind, 1.0),))), of.data)
    settings = MeanFieldSettings(steps=300, noise=0.3)
    with_price, without = (priced.evaluate(trained(one, settings)) for one in (priced, of))
    assert with_price.penalty < 0.7 * without.penalty
    assert with_price.objective < without.objective


def test_inputs_are_not_copied_as_a_whole() -> None:
    """What is allocated does not grow with the number of samples."""
    rng = np.random.default_rng(0)
    rows = 4_000
    of = problem(
        dataset(rng.integers(0, 9, (rows, 50)).astype(float).tolist(), (np.arange(rows) % 2).tolist()), network_spec((4,))
    )
    tracemalloc.start()
    trained(of, MeanFieldSettings(steps=5))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.5 * of.samples.x.nbytes + 2 * CHUNK * 50 * 8
