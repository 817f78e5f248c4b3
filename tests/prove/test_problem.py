"""What is proved: merged samples in whole numbers, and when nothing can be."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.language.spec import ClassWeight, Integers, Interval, Values, WeightDomain
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove.parts import parts
from bdnnlang.prove.problem import MergedSample, ProofProblem, inapplicable, output_sizes, proof_problem

REAL = Interval(-1.0, 1.0)
ROWS = [[0.0, 10.0], [0.5, 30.0], [0.0, 10.0], [0.0, 10.0], [0.5, 30.0], [2.0, 20.0]]
LABELS = [0, 1, 1, 0, 0, 1]


def training(
    weights: WeightDomain = REAL, hidden: tuple[int, ...] = (2,), class_weight: ClassWeight | None = None
) -> TrainingProblem:
    own = spec(network_spec(hidden, weights))
    own = replace(own, train=replace(own.train, class_weight=class_weight))
    return TrainingProblem(own, dataset(ROWS, LABELS))


def test_equal_samples_are_one_and_opposite_ones_cancel() -> None:
    of = proof_problem(training())
    assert of.samples == (MergedSample(0, 1, (0, 0), (0, 2, 3)), MergedSample(1, 1, (4, 1), (5,)))
    assert (of.unit, of.irreducible, of.neurons, of.hidden, of.output) == (1, 2, 2, None, None)
    assert of.loss(3) == 5


def test_classes_that_cost_more_stay() -> None:
    """Three samples of class 0 at 1/2 each, three of class 1 at 3 each: units of 1/2."""
    of = proof_problem(training(class_weight=(0.5, 3.0)))
    assert of.unit == Fraction(1, 2)
    assert [(s.label, s.weight) for s in of.samples] == [(1, 4), (1, 5), (1, 6)]
    assert of.irreducible == Fraction(3, 2) == training(class_weight=(0.5, 3.0)).irreducible


def test_whole_features_say_how_they_were_made() -> None:
    of, given = proof_problem(training()), training()
    for sample in of.samples:
        exact = given.samples.exact_row(sample.rows[0])
        assert sample.x == tuple(f * x + s for x, (f, s) in zip(exact, of.scale, strict=True))
    factor, shift = of.to_unit
    floats = [given.samples.x[s.rows[0]] * factor + shift for s in of.samples]
    assert [row.tolist() for row in floats] == of.x.tolist() == [[-1, -1], [1, 1]]


def test_integer_weights_ask_for_one_scale_of_all_features() -> None:
    of = proof_problem(training(SIGNS))
    assert of.hidden == (-1, 0, 1)
    assert of.output == (1,)
    assert [s.x for s in of.samples] == [(0, 0), (4, 20)]
    assert {factor for factor, _ in of.scale} == {2}


def test_too_many_directions_are_any_weights() -> None:
    assert proof_problem(training(Integers(-1000, 1000))).hidden is None
    assert proof_problem(training(Values((0.5, 2.0)))).hidden == (-2, Fraction(-1, 2), Fraction(1, 2), 2)


@pytest.mark.parametrize(
    ("domain", "sizes"),
    [
        (REAL, None),
        (Integers(-1, 1), ((1,), 1)),
        (Integers(0, 3), ((1, 2, 3), 1)),
        (Values((-1.5, 0.5)), ((1, 3), Fraction(1, 2))),
        (Integers(0, 0), ((), 1)),
        (Integers(-9, 9), None),
    ],
)
def test_sizes_of_output_weights(domain: WeightDomain, sizes: object) -> None:
    assert output_sizes(domain) == sizes


def test_what_nothing_can_be_proved_of() -> None:
    assert inapplicable(training()) is None
    assert inapplicable(training(hidden=(2, 2))) == "the network has 2 hidden layers, and proofs are for one"
    assert inapplicable(training(hidden=(5,))) == "the network has 5 hidden neurons, and proofs are for at most 4"
    assert inapplicable(training(Integers(0, 0))) == "no output weight can be other than 0"
    three = TrainingProblem(spec(network_spec((2,), REAL)), dataset([[0.0], [1.0], [2.0]], [0, 1, 2], 3))
    assert inapplicable(three) == "the network has 3 outputs, and proofs are for one"


def test_parts_have_each_sample_once_and_both_classes() -> None:
    samples = tuple(MergedSample(i % 2, 1, (i,), (i,)) for i in range(20))
    of = ProofProblem(2, None, None, Fraction(1), Fraction(1), Fraction(3), ((Fraction(1), Fraction(0)),), samples)
    made = parts(of, 3, seed=7)
    assert sorted(i for part in made for i in part) == list(range(20))
    assert [len(part) for part in made] == [7, 7, 6]
    assert all(part == sorted(part) and {i % 2 for i in part} == {0, 1} for part in made)
    assert parts(of, 3, seed=8) != made == parts(of, 3, seed=7)
    assert len(parts(of, 50, seed=1)) == 20
    assert of.part(made[0]).irreducible == 0
