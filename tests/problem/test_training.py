"""What a training problem asks, and what networks come to in it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from problems import SIGNS, Case, cases, dataset, network_spec, plain_loss, spec, with_loss

from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Box, Column, Linf, Penalty, Perturbation, RobustSpec, Spec
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.certificate import certify
from bdnnlang.problem.perturbation import BoxSet
from bdnnlang.problem.training import Evaluation, TrainingProblem

DATA = dataset([[1.0], [2.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1, 1])
FROM_3 = Network((Layer(np.array([[1.0]]), np.array([-3.0])),))  # fires from 3 on: wrong on one sample of class 1
SILENT = Network((Layer(np.array([[0.0]]), np.array([-1.0])),))


def own(**train: object) -> Spec:
    plain = spec(network_spec())
    return replace(plain, train=replace(plain.train, **train))  # type: ignore[arg-type]


def robust(radius: float, method: str = "pattern") -> TrainingProblem:
    around = RobustSpec(Perturbation(Linf(radius)), method)  # type: ignore[arg-type]
    return TrainingProblem(replace(own(), robust=around), DATA)


def test_a_problem_says_what_is_asked() -> None:
    of = TrainingProblem(spec(network_spec((3, 2))), dataset([[1.0, 2.0], [3.0, 4.0]], [0, 2], 3))
    assert (of.widths, of.outputs, of.loss, of.perturbation, of.irreducible) == ((2, 3, 2, 3), 3, "hamming", None, 0)
    assert len(of.samples) == 2
    assert TrainingProblem(own(), DATA).irreducible == 1
    assert robust(0.5).perturbation == BoxSet((Fraction(1, 2),))


def test_a_set_of_columns_that_are_not_there_is_rejected_at_once() -> None:
    around = RobustSpec(Perturbation(Box(((Column("g"), 1.0),))))
    with pytest.raises(Rejected):
        TrainingProblem(replace(own(), robust=around), DATA)


def test_an_evaluation_is_exact() -> None:
    of = TrainingProblem(own(class_weight=(1.0, 0.1), penalties=(Penalty("l1", 0.2), Penalty("sparsity", 1.0))), DATA)
    found = of.evaluate(FROM_3)
    assert found == Evaluation(Fraction(1, 10), Fraction(6, 5), True, (0, Fraction(1, 10)))
    assert found.objective == Fraction(13, 10)
    assert of.incumbent(FROM_3).stated == (Fraction(1, 10), Fraction(13, 10))


@given(cases())
@settings(max_examples=examples(60))
def test_the_losses_of_the_classes_add_up(case: Case) -> None:
    found = TrainingProblem(spec(case.network_spec, case.loss), case.data).evaluate(case.network)
    assert len(found.per_class) == len(case.data.classes)
    assert sum(found.per_class) == found.loss == plain_loss(case.network, case.data, case.true_loss)


def test_some_of_the_samples_are_a_problem_too() -> None:
    few = TrainingProblem(own(), DATA).on(np.array([1, 2]))
    assert (len(few.samples), few.irreducible, few.evaluate(SILENT).per_class) == (2, 1, (0, 1))


def test_an_error_costs_on_some_samples_what_it_costs_on_all() -> None:
    """Balanced weights are 5 / (2 · 2) and 5 / (2 · 3), however many samples of a class are among the few, or none."""
    whole = TrainingProblem(own(class_weight="balanced"), DATA)
    assert whole.costs.classes == (Fraction(5, 4), Fraction(5, 6))
    for rows in ([0, 1, 2], [0, 3], [3, 4]):
        few = whole.on(np.array(rows))
        assert few.costs == whole.costs
        assert few.on(np.array([1])).costs == whole.costs
    assert whole.on(np.array([0, 2])).evaluate(SILENT).loss == Fraction(5, 6)


@pytest.mark.parametrize("radius", [0.5, 0.99, 1.0, 1.5])
@pytest.mark.parametrize("method", ["pattern", "certified"])
def test_who_has_the_certificate(radius: float, method: str) -> None:
    """A change by less than 1 moves no sample across the threshold: 2 + 1 is on it, 3 − 0.5 below."""
    of = robust(radius, method)
    assert of.spec.robust is not None
    assert of.perturbation is not None
    for network, keeps in ((FROM_3, False), (SILENT, True)):
        certificate = certify(network, of.spec.robust, of.perturbation, DATA.train)
        assert of.evaluate(network).certified == certificate.complete == (keeps or method == "certified")


def test_a_network_without_its_certificate_comes_after_all_that_have_it() -> None:
    """However little it loses; it reaches no bound and states nothing."""
    bare, sure = with_loss(FROM_3, 0, certified=False), with_loss(SILENT, 10**15)
    assert sure.rank < bare.rank
    assert min((bare, sure), key=lambda one: one.rank) is sure
    assert (bare.reaches(10**20), sure.reaches(10**15), sure.reaches(10**15 - 1)) == (False, True, False)
    assert (bare.accepted, bare.stated, bare.loss) == (None, (None, None), 0)
    assert sure.accepted is sure
    assert with_loss(FROM_3, 1, certified=False).rank > bare.rank


def test_only_networks_of_the_spec_belong_to_it() -> None:
    of = TrainingProblem(spec(network_spec((), SIGNS)), DATA)
    assert of.contains(FROM_3)
    assert not of.contains(Network((Layer(np.array([[2.0]]), np.array([-3.0])),)))
    assert not of.contains(Network((Layer(np.array([[1.0, 1.0]]), np.array([-3.0])),)))
