"""Training against a perturbation set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import L1, L2, BudgetSet, Interval, Linf, Perturbation, RobustSet, RobustSpec, WeightDomain
from bdnnlang.network.network import Network
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.sure_and_possible import sure_and_possible
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield import MeanFieldSettings, train
from bdnnlang.search.meanfield.forward import LayerPass, forward
from bdnnlang.search.meanfield.inputs import Batch
from bdnnlang.search.meanfield.latent import LatentNumbers
from bdnnlang.search.meanfield.layers import TrainedLayer
from bdnnlang.search.meanfield.losses import probabilities, slope
from bdnnlang.search.meanfield.rounding import rounded
from bdnnlang.search.meanfield.worst_case import (
    Frozen,
    first_ends,
    randomly_changed,
    worst_changes,
    worst_directions,
    worst_slopes,
)
from search.meanfield.smooth import in_doubles, plain_loss

train_module = import_module("bdnnlang.search.meanfield.train")  # the package has a function of that name
REAL = Interval(-1.0, 1.0)


def robust(
    around: RobustSet, hidden: tuple[int, ...] = (6, 5), weights: WeightDomain = SIGNS, classes: int = 3
) -> TrainingProblem:
    """Clouds of whole numbers on the axes."""
    rng = np.random.default_rng(0)
    y = np.arange(60) % classes
    x = rng.integers(-3, 4, (60, 3)) + 9 * np.eye(3, dtype=int)[y]
    whole = spec(network_spec(hidden, weights))
    method = RobustSpec(Perturbation(around), method="certified")
    return TrainingProblem(replace(whole, robust=method), dataset(x.astype(float).tolist(), y.tolist(), classes))


@pytest.mark.parametrize("around", [Linf(0.7), L1(1.3)])
def test_what_surely_and_possibly_fires_is_what_certificates_say(around: RobustSet) -> None:
    of = robust(around)
    assert of.perturbation is not None
    layers, latent, batch = in_doubles(of)
    found = [rounded(*one) for one in zip(layers, latent.weights, latent.biases, strict=True)]
    first, second = (Frozen.of(*one) for one in zip(layers[:2], found[:2], strict=True))
    ends = first_ends(of.perturbation, first, batch.inputs)
    above = second.ends(*(end - layers[1].centre[0] for end in ends))
    order = np.lexsort(np.rint(batch.inputs @ np.eye(3) * layers[0].unit + layers[0].centre).T)
    pairs = sure_and_possible(Network(tuple(found)), of.perturbation, of.samples)
    mine = np.lexsort(of.samples.x.T)
    for ours, theirs in zip((*ends, *above), (*pairs[0], *pairs[1]), strict=True):
        assert np.array_equal(ours[order], theirs[mine])
    assert (pairs[0][0] != pairs[0][1]).any()


def test_the_worst_changes_are_worse_than_the_sample_and_than_any_other() -> None:
    of = robust(Linf(0.4), (6,))
    layers, latent, batch = in_doubles(of)
    passes = forward(layers, latent, batch.inputs)
    rises = worst_directions(layers, latent, passes, slope(passes[-1].scores, batch, of.loss))
    loss = worst_loss(of, layers, latent, batch, rises)
    assert loss > loss_of(of, passes, batch)
    rng = np.random.default_rng(0)
    for _ in range(20):
        change = rng.choice([-0.4, 0.4], batch.inputs.shape) / layers[0].unit
        assert loss > loss_of(of, forward(layers, latent, batch.inputs + change), batch)


def delta_of(of: TrainingProblem) -> PerturbationSet:
    assert of.perturbation is not None
    return of.perturbation


def loss_of(of: TrainingProblem, passes: list[LayerPass], batch: Batch) -> float:
    return plain_loss(probabilities(passes[-1].scores), batch.classes, batch.costs, of.loss)


def worst_loss(
    of: TrainingProblem, layers: tuple[TrainedLayer, ...], latent: LatentNumbers, batch: Batch, rises: np.ndarray
) -> float:
    first = forward(layers, latent, batch.inputs)[0]
    return loss_of(of, worst_changes(delta_of(of), layers, latent, first, rises), batch)


@pytest.mark.parametrize("weights", [SIGNS, Interval(-1.0, 1.0)], ids=str)
@pytest.mark.parametrize("hidden", [(), (5,), (3, 4)], ids=str)
@pytest.mark.parametrize("around", [Linf(0.7), L1(1.3), L2(0.9), BudgetSet(0.8, 2)], ids=str)
def test_slopes_are_those_of_the_worst_loss(around: RobustSet, hidden: tuple[int, ...], weights: WeightDomain) -> None:
    """Those by the weights of the first layer follow how far its pre-activations may move."""
    of = robust(around, hidden, weights)
    layers, latent, batch = in_doubles(of)
    passes = forward(layers, latent, batch.inputs)
    found = LatentNumbers.zeros(layers, np.float64)
    worst_slopes(delta_of(of), layers, latent, passes, batch, of.loss, found)
    rises = worst_directions(layers, latent, passes, slope(passes[-1].scores, batch, of.loss))
    expected = differences(latent.flat, lambda: worst_loss(of, layers, latent, batch, rises))
    assert np.abs(expected).max() > 0.01
    assert np.allclose(found.flat, expected, rtol=2e-5, atol=2e-5)


def differences(numbers: np.ndarray, f: Callable[[], float], step: float = 1e-6) -> np.ndarray:
    """Of f by each of the numbers, which it reads."""
    slopes = []
    for i, here in enumerate(numbers.copy()):
        values = []
        for way in (step, -step):
            numbers[i] = here + way
            values.append(f())
        numbers[i] = here
        slopes.append((values[0] - values[1]) / (2 * step))
    return np.array(slopes)


def test_training_against_a_set_leaves_less_uncertified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every set less than plain training, judged by the same certificates; in sum less than the worst changes alone."""
    sets = (Linf(1.5), L1(2.5), L2(2.0), BudgetSet(1.5, 2))
    problems = [robust(around, (8,), weights) for around in sets for weights in (SIGNS, REAL)]
    problems.append(robust(Linf(1.5), (8, 8), REAL))
    by_turns = [certified_loss(of, of) for of in problems]
    plain = [certified_loss(TrainingProblem(replace(of.spec, robust=None), of.data), of) for of in problems]
    monkeypatch.setattr(train_module, "TURNS", 1_000)
    worst = [certified_loss(of, of) for of in problems]
    assert all(sum(by_turns[i : i + 2]) < sum(plain[i : i + 2]) for i in range(0, 8, 2)), (by_turns, plain)
    assert sum(by_turns) < sum(worst) < sum(plain), (by_turns, worst, plain)


def test_every_second_step_is_on_random_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the first layer learns, for which the worst changes have slopes of their own, or is rounded."""
    told = []
    for name in ("worst_slopes", "worst_bits", "randomly_changed"):
        monkeypatch.setattr(train_module, name, partial(_telling, told, name, getattr(train_module, name)))
    network = train(robust(Linf(1.5), (6,)), MeanFieldSettings(steps=20), 0, lambda: False)
    assert told == ["worst_slopes", "randomly_changed"] * 8 + ["worst_bits", "randomly_changed"] * 2
    assert network == train(robust(Linf(1.5), (6,)), MeanFieldSettings(steps=20), 0, lambda: False)


def _telling(told: list[str], name: str, call: Callable[..., object], *given: object) -> object:
    told.append(name)
    return call(*given)


def test_random_changes_are_those_of_the_set() -> None:
    of = robust(BudgetSet(0.8, 2), (6,))
    layers, _, batch = in_doubles(of)
    moved = randomly_changed(delta_of(of), layers[0], batch.inputs, RandomStream(0))
    changes = np.sort(np.abs(moved - batch.inputs) * layers[0].unit, axis=1)
    assert changes == pytest.approx(np.tile([0.0, 0.8, 0.8], (60, 1)))


def certified_loss(of: TrainingProblem, judge: TrainingProblem) -> int:
    networks = [train(of, MeanFieldSettings(steps=200, noise=0.1), seed, lambda: False) for seed in (0, 1)]
    return sum(int(judge.evaluate(network).loss) for network in networks if network is not None)


def test_a_set_of_the_sample_alone_changes_nothing() -> None:
    of = robust(Linf(0.0), (6,))
    layers, latent, batch = in_doubles(of)
    passes = forward(layers, latent, batch.inputs)
    moved = worst_changes(delta_of(of), layers, latent, passes[0], np.ones(passes[0].scores.shape, dtype=bool))
    assert np.array_equal(moved[-1].scores, passes[-1].scores)


def test_patterns_that_have_to_stay_are_trained_as_without_a_set() -> None:
    """Their loss is that of the samples themselves."""
    of = robust(Linf(1.5), (6,))
    assert of.spec.robust is not None
    pattern = replace(of.spec, robust=replace(of.spec.robust, method="pattern"))
    settings = MeanFieldSettings(steps=30)
    networks = [
        train(TrainingProblem(spec, of.data), settings, 0, lambda: False) for spec in (pattern, replace(of.spec, robust=None))
    ]
    assert networks[0] is not None
    assert networks[0] == networks[1]
