"""`exact { by_function = true }` against brute force, and where it does not apply."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from oracle import Biases, OracleLayer, least_loss
from problems import SIGNS, dataset, network_spec, plain_rows, spec
from proofs import OnALine

from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Exact, FixedOutput, Integers, Interval, LayerSpec, NetworkSpec, Penalty, Values, WeightDomain
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.run.solving import make_model
from bdnnlang.run.status import RunStatus
from bdnnlang.run.ways.by_function import NO_FUNCTIONS, functions_of

REALS = Interval(-1.0, 1.0)


def asked(network: NetworkSpec, data: Dataset, **train: object) -> TrainingProblem:
    own = spec(network, None, "scip", (Exact(by_function=True),))
    return training_problem(replace(own, train=replace(own.train, **{"without": ("guide_solver",), **train})), data)  # type: ignore[arg-type]


def solved(training: TrainingProblem) -> Run:
    return run(training, emit=lambda fact: None, interrupt=Interrupt())


def samples(seed: int, count: int, features: int, unit: float = 1.0) -> Dataset:
    chance = random.Random(seed)
    rows = [[round(chance.randint(-2, 2) * unit, 1) for _ in range(features)] for _ in range(count)]
    return dataset(rows, [chance.randint(0, 1) for _ in rows])


WHOLE: dict[str, tuple[WeightDomain, Dataset, int]] = {
    "one neuron": (SIGNS, samples(1, 8, 2), 1),
    "two": (SIGNS, samples(3, 9, 2), 2),
    "two, of more weights": (Integers(-2, 2), samples(4, 9, 1), 2),
    "two, of halves and tenths": (Values((-0.5, 0.0, 0.5)), samples(5, 8, 2, 0.1), 2),
    "three": (SIGNS, samples(24, 8, 1), 3),
    "three, of more weights": (Integers(-2, 2), samples(7, 6, 1), 3),
}


@pytest.mark.parametrize("which", WHOLE)
def test_the_optimum_is_that_of_brute_force(which: str) -> None:
    domain, data, neurons = WHOLE[which]
    weights = [*range(domain.lower, domain.upper + 1)] if isinstance(domain, Integers) else [-0.5, 0, 0.5]
    layers = [OracleLayer(width, weights, Biases()) for width in (neurons, 1)]  # type: ignore[arg-type]
    least = least_loss(plain_rows(data), data.train.y.tolist(), layers, "per_neuron", "zero_one")
    done = solved(asked(network_spec((neurons,), domain), data))
    assert done.best is not None
    assert (done.status, done.best.loss, done.bound) == (RunStatus.OPTIMAL, least, least)
    assert done.stages[0].notes[0].startswith("by function of the output: ") or least == data.irreducible_errors


@pytest.mark.parametrize("seed", range(2))
def test_real_weights_on_a_line(seed: int) -> None:
    chance = random.Random(seed)
    x = tuple(chance.sample(range(-9, 10), 7))
    of = OnALine(x, tuple(chance.randint(0, 1) for _ in x), (1,) * 7, 2)
    done = solved(asked(network_spec((2,), REALS), dataset([[v] for v in x], of.labels)))
    assert done.best is not None
    assert (done.best.loss, done.bound) == (of.optimum(), of.optimum())
    assert done.status is (RunStatus.OPTIMAL_AT_MARGIN if of.optimum() else RunStatus.OPTIMAL)


def layered(hidden: WeightDomain, last: WeightDomain, biases: tuple[WeightDomain | None, WeightDomain | None]) -> NetworkSpec:
    return NetworkSpec((LayerSpec(2, hidden, biases[0]), LayerSpec(None, last, biases[1])))


FREE = (None, None)
DATA = samples(3, 9, 2)
REFUSED = {
    "no biases": asked(network_spec((2,), thresholds="zero"), DATA),
    "a bias for all": asked(network_spec((2,), thresholds="per_layer"), DATA),
    "neurons that cannot be constant": asked(layered(SIGNS, Integers(0, 1), (Integers(-1, 1), None)), DATA),
    "thresholds that the output cannot have": asked(layered(SIGNS, Integers(0, 1), (None, Integers(-1, 1))), DATA),
    "weights that cannot be negated": asked(layered(Values((-2.0, 1.0)), SIGNS, FREE), DATA),
    "output weights that cannot be negated": asked(layered(SIGNS, Values((-2.0, 1.0)), FREE), DATA),
    "output weights of one size": asked(layered(REALS, Interval(0.5, 1.0), FREE), DATA),
    "weights with a price": asked(network_spec((2,)), DATA, penalties=(Penalty("l1", 0.25),)),
    "two hidden layers": asked(network_spec((2, 2)), DATA),
    "two outputs": asked(network_spec((2,), encoding="one_hot"), DATA),
    "five neurons": asked(network_spec((5,)), DATA),
    "the published model": asked(network_spec((2,)), DATA, formulation="paper"),
    "neurons as they are": asked(network_spec((2,)), DATA, without=("orient_neurons",)),
    "an output that is fixed": asked(network_spec((2,), output=FixedOutput("any")), DATA),
}


@pytest.mark.parametrize("which", REFUSED)
def test_where_it_does_not_apply_there_are_no_functions(which: str) -> None:
    assert functions_of(make_model(REFUSED[which], "scip")) == ()


TAKEN = {
    "weights of one sign": (asked(layered(Values((-2.0, 1.0)), Integers(0, 1), FREE), DATA), 2),
    "real weights": (asked(network_spec((3,), REALS), DATA), 5),
    "real weights of one sign": (asked(layered(REALS, Interval(0.0, 5.0), FREE), DATA), 2),
    "signs": (asked(network_spec((4,)), DATA), 4),
    "whole weights": (asked(network_spec((4,), Integers(-3, 3)), DATA), 17),
}


@pytest.mark.parametrize("which", TAKEN)
def test_where_it_applies_there_are_so_many(which: str) -> None:
    training, count = TAKEN[which]
    assert len(functions_of(make_model(training, "scip"))) == count


def test_where_it_does_not_apply_all_is_one_program() -> None:
    done = solved(REFUSED["a bias for all"])
    assert done.status is RunStatus.OPTIMAL
    assert NO_FUNCTIONS in done.stages[0].notes
