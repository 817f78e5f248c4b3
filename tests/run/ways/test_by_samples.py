"""`exact { parts = k }`: parts are disjoint and whole, and their bounds are never above the least loss."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from fakes import Call, install, says
from oracle import Biases, OracleLayer, least_loss
from problems import SIGNS, dataset, network_spec, plain_rows, spec

from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset, equal_rows
from bdnnlang.language.spec import ClassWeight, Exact, Interval, Penalty
from bdnnlang.network.loss_words import Loss
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.run.status import RunStatus
from bdnnlang.run.ways.by_samples import parts_of
from bdnnlang.solve.outcome import Outcome, Status


def samples(seed: int, count: int, classes: int = 2) -> Dataset:
    chance = random.Random(seed)
    rows = [[float(chance.randint(0, 2)) for _ in range(2)] for _ in range(count)]
    return dataset(rows, [chance.randrange(classes) for _ in range(count - classes)] + list(range(classes)), classes)


def asked(
    data: Dataset,
    parts: int,
    loss: Loss | None = None,
    class_weight: ClassWeight | None = None,
    penalties: tuple[Penalty, ...] = (),
    hidden: tuple[int, ...] = (1,),
) -> TrainingProblem:
    own = spec(network_spec(hidden, SIGNS), loss, "scip", (Exact(parts=parts),))
    train = replace(own.train, without=("guide_solver",), class_weight=class_weight, penalties=penalties)
    return training_problem(replace(own, train=train), data)


def solved(training: TrainingProblem) -> Run:
    return run(training, emit=lambda fact: None, interrupt=Interrupt())


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_parts_are_disjoint_and_keep_equal_samples_together(count: int) -> None:
    of = asked(samples(0, 24), count)
    parts = parts_of(of, count)
    rows = [tuple(row) for part in parts for row in part.samples.raw.tolist()]
    assert sorted(rows) == sorted(tuple(row) for row in of.samples.raw.tolist())
    assert sum(len(set(map(tuple, part.samples.raw.tolist()))) for part in parts) == int(equal_rows(of.samples).max()) + 1
    assert len(parts) <= count
    assert all(len(part.samples) for part in parts)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("loss", ["zero_one", "hamming"])
def test_the_sum_is_what_brute_force_says_of_the_parts(seed: int, loss: Loss) -> None:
    """And it never is above the least loss of the whole."""
    data = samples(seed, 14, 2 if loss == "zero_one" else 3)
    of = asked(data, 3, loss, hidden=())
    outputs = of.outputs
    layers = [OracleLayer(outputs, [-1, 0, 1], Biases())]

    def least(rows: Dataset) -> int:
        return int(least_loss(plain_rows(rows), rows.train.y.tolist(), layers, "per_neuron", loss))

    whole, total = least(data), sum(least(part.data) for part in parts_of(of, 3))
    done = solved(of)
    assert done.bound == total <= whole
    assert done.best is not None
    assert done.status == (RunStatus.OPTIMAL if done.best.loss == total else RunStatus.FEASIBLE)


def test_class_weights_are_those_of_the_whole_and_penalties_count_once() -> None:
    data = samples(5, 16)
    costs = asked(data, 2, class_weight="balanced").costs.classes
    assert all(part.costs.classes == costs for part in parts_of(asked(data, 2, class_weight="balanced"), 2))
    done = solved(asked(data, 2, class_weight="balanced", penalties=(Penalty("sparsity", 0.25),)))
    plain = solved(asked(data, 1, class_weight="balanced", penalties=(Penalty("sparsity", 0.25),)))
    assert done.bound is not None
    assert plain.best is not None
    assert done.bound <= plain.best.objective
    assert plain.status is RunStatus.OPTIMAL


def test_a_bound_that_the_best_network_refutes_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that claims more of each part than any network can need."""

    def liar(call: Call) -> Outcome:
        return says(Status.FEASIBLE, None, None, 100.0)

    install(monkeypatch, liar)
    done = solved(asked(samples(1, 12), 2))
    assert done.bound == samples(1, 12).irreducible_errors
    assert done.status in (RunStatus.FEASIBLE, RunStatus.OPTIMAL)


def test_real_weights_keep_one_margin_for_all_parts() -> None:
    data = samples(2, 12)
    own = asked(data, 2)
    real = training_problem(replace(own.spec, network=network_spec((1,), Interval(-1.0, 1.0))), data)
    done = solved(real)
    assert done.bound is not None
    assert done.best is not None
    assert done.bound <= done.best.loss
    assert (done.margin is None) == (done.bound == data.irreducible_errors)
    assert not done.relative_margin


def test_balanced_parts_have_both_classes() -> None:
    for part in parts_of(asked(samples(3, 40), 3), 3):
        assert set(np.unique(part.samples.y)) == {0, 1}
