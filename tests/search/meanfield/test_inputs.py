"""Minibatches: each sample once in a pass, in units, with noise of the size that is asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Integers, Thresholds, WeightDomain
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield.inputs import CHUNK, Batch, Minibatches, input_scale

ROWS, CLASSES = 50, 3


def problem(
    biases: WeightDomain | None = None, thresholds: Thresholds = "per_neuron", rows: int = ROWS, spread: int = 9
) -> TrainingProblem:
    rng = np.random.default_rng(0)
    x = np.column_stack([np.arange(rows) + 100, rng.integers(0, spread, rows)]).astype(float)  # the first tells which row it is
    whole = spec(network_spec((4,), SIGNS, biases, thresholds))
    costs = replace(whole.train, class_weight=(1.0, 2.0, 4.0))
    return TrainingProblem(replace(whole, train=costs), dataset(x.tolist(), (np.arange(rows) % CLASSES).tolist(), CLASSES))


def minibatches(of: TrainingProblem, count: int, noise: float = 0.0, batch: int = 16, seed: int = 0) -> list[Batch]:
    return list(islice(Minibatches(of, input_scale(of), RandomStream(seed), noise, batch), count))


def test_inputs_are_centred_where_biases_make_up_for_it() -> None:
    of = problem()
    x = of.samples.x
    scale = input_scale(of)
    assert np.allclose(scale.centre, x.mean(axis=0))
    assert scale.size == pytest.approx(np.sqrt(((x - x.mean(axis=0)) ** 2).mean()))
    assert input_scale(problem(Integers(-999, 999))).centre.any()


@pytest.mark.parametrize(("biases", "thresholds"), [(None, "zero"), (None, "per_layer"), (Integers(-3, 3), "per_neuron")])
def test_inputs_stay_where_biases_cannot_make_up_for_it(biases: WeightDomain | None, thresholds: Thresholds) -> None:
    of = problem(biases, thresholds)
    scale = input_scale(of)
    assert scale.centre.tolist() == [0.0, 0.0]
    assert scale.size == pytest.approx(np.sqrt((of.samples.x**2).mean()))


def test_the_size_counts_every_chunk_and_is_1_where_nothing_varies() -> None:
    of = problem(rows=2 * CHUNK + 5)
    assert input_scale(of).size == pytest.approx(np.sqrt(of.samples.x.var(axis=0).mean()))
    same = TrainingProblem(spec(network_spec((4,))), dataset([[7.0, 7.0]] * 3, [0, 1, 0]))
    assert input_scale(same).size == 1.0


def test_each_sample_comes_once_in_a_pass_with_its_class() -> None:
    of = problem()
    scale = input_scale(of)
    batches = minibatches(of, 8)
    assert [len(one.classes) for one in batches] == [16, 16, 16, 2] * 2
    for own in (batches[:4], batches[4:]):
        inputs = np.concatenate([one.inputs for one in own])
        rows = np.rint(inputs[:, 0] * scale.size + scale.centre[0] - 100).astype(int)
        assert sorted(rows) == list(range(ROWS))
        assert np.allclose(inputs, (of.samples.x[rows] - scale.centre) / scale.size, atol=1e-5)
        y = np.concatenate([one.classes for one in own])
        assert np.array_equal(y, rows % CLASSES)
        assert np.array_equal(np.concatenate([one.bits for one in own]), np.eye(CLASSES)[y])
        assert np.array_equal(np.concatenate([one.costs for one in own])[:, 0], 2.0**y)
    assert not np.array_equal(batches[0].inputs, batches[4].inputs)


def test_noise_is_even_and_in_proportion_to_the_spread_of_each_feature() -> None:
    of = problem(rows=4_000, spread=200)
    clear, noisy = (minibatches(of, 1, noise, 4_000)[0].inputs for noise in (0.0, 0.5))
    noise = (noisy - clear) / clear.std(axis=0)
    assert noise.std(axis=0) == pytest.approx([0.5, 0.5], rel=0.03)
    assert noise.mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.03)
    assert np.abs(noise).max(axis=0) == pytest.approx([0.5 * np.sqrt(3)] * 2, rel=0.01)


def test_the_same_seed_gives_the_same_minibatches_to_the_bit() -> None:
    of = problem()
    first, again, other = (minibatches(of, 5, 0.3, seed=seed) for seed in (0, 0, 1))
    assert [one.inputs.tobytes() for one in first] == [one.inputs.tobytes() for one in again]
    assert [one.inputs.tobytes() for one in first] != [one.inputs.tobytes() for one in other]
