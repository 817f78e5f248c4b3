"""What requirements come to: exact values, by hand and against plain counting, and what their inequalities say of predictions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from problems import dataset, network_spec, spec

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import (
    Accuracy,
    Bytes,
    Column,
    Decreasing,
    Errors,
    Features,
    Increasing,
    Inputs,
    Label,
    Neurons,
    Nonzeros,
    Precision,
    RateGap,
    Recall,
    RecallGap,
    Requirement,
    RequireSpec,
    Specificity,
)
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.requirement.base import Limit
from bdnnlang.problem.requirement.gaps import Gap
from bdnnlang.problem.requirement.predictions import Rate
from bdnnlang.problem.training import TrainingProblem

C0, C1 = Label("c0"), Label("c1")
SEX = np.array(["f", "f", "f", "m", "m", "m", "m"], dtype=object)


def grouped(labels: list[int], classes: int = 2) -> Dataset:
    """Seven samples, three of group f and four of group m."""
    data = dataset([[float(i), float(i % 3)] for i in range(7)], labels, classes)
    recipe = replace(data.recipe, header=(*data.recipe.header, "sex"))
    return replace(data, recipe=recipe, train=replace(data.train, recipe=recipe, groups=(("sex", SEX),)))


def problem(data: Dataset, *statements: Requirement, never: tuple[str, ...] = ()) -> TrainingProblem:
    require = RequireSpec(statements, tuple(map(Column, never)))
    return TrainingProblem(replace(spec(network_spec((2,))), require=require), data)


def value(one: Rate | Gap, data: Dataset, predicted: list[int]) -> Any:
    return one.measure(np.array(predicted), data.train)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        (Recall(C1, 0.5), Fraction(2, 3)),
        (Precision(C1, 0.5), Fraction(2, 4)),
        (Specificity(C1, 0.5), Fraction(2, 4)),
        (Accuracy(0.5), Fraction(4, 7)),
        (Errors(C1, 1), 1),
        (Errors(None, 1), 3),
        (RateGap(Column("sex"), C1, 0.5), Fraction(3, 4) - Fraction(1, 3)),
        (RateGap(Column("sex"), None, 0.5), Fraction(3, 4) - Fraction(1, 3)),
        (RecallGap(Column("sex"), C1, 0.5), Fraction(1, 2)),
        (RecallGap(Column("sex"), None, 0.5), 1),
    ],
    ids=lambda one: type(one).__name__,
)
def test_values_by_hand(statement: Requirement, wanted: Fraction) -> None:
    data = grouped([1, 0, 0, 1, 1, 0, 0])
    (one,) = problem(data, statement).requirements.of_predictions
    assert value(one, data, [1, 0, 0, 1, 0, 1, 1]) == wanted


def test_nothing_of_nothing() -> None:
    """A class that is never said has a precision of 0; a recall, or a gap, of no samples is nothing that could be too small."""
    data = grouped([1, 0, 0, 1, 1, 0, 0])
    precision, recall, gap = problem(
        data, Precision(C1, 0.1), Recall(C1, 0.1), RecallGap(Column("sex"), C1, 0.1)
    ).requirements.of_predictions
    assert value(precision, data, [0] * 7) == 0
    only = replace(data, train=data.train.take(np.array([1, 2, 5, 6])))
    assert value(recall, only, [0] * 4) is None
    assert value(gap, only, [0] * 4) is None
    assert value(gap, replace(data, train=replace(data.train, groups=())), [0] * 7) is None


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("limit", [0.0, 0.3, 0.34, 0.5, 0.99, 1.0])
def test_inequalities_say_the_same(classes: int, limit: float) -> None:
    rng = np.random.default_rng(0)
    data = grouped([*range(classes), *rng.integers(0, classes, 7 - classes).tolist()], classes)
    statements = [
        Recall(C1, limit),
        Precision(C1, limit),
        Specificity(C0, limit),
        Accuracy(limit),
        Errors(C1, round(3 * limit)),
        Errors(None, round(3 * limit)),
        RateGap(Column("sex"), None, limit),
        RecallGap(Column("sex"), C1, limit),
        RateGap(Column("f1"), C0, limit),
    ]
    requirements = problem(data, *statements).requirements
    for predicted in rng.integers(0, classes, (60, 7)):
        for one, inequalities in requirements.inequalities(data.train):
            measured = one.measure(predicted, data.train)
            holds = measured is None or one.limit.met_by(measured)
            assert holds == all(row.at(predicted) <= row.most for row in inequalities), one


def network(first: list[list[float]], second: list[list[float]]) -> Network:
    return Network(tuple(Layer(np.array(w), np.zeros(len(w))) for w in (first, second)))


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [(Features(1), 1), (Inputs(1), 1), (Nonzeros(1), 3), (Neurons(1), 1), (Bytes(1), 22)],
    ids=lambda one: type(one).__name__,
)
def test_sizes_by_hand(statement: Requirement, wanted: int) -> None:
    """The second neuron has no input, the third no output; bytes: 4 + 1 + 5 + 4 · 2 + 4."""
    of = problem(grouped([0, 1] * 3 + [0]), statement)
    (found,) = of.requirements.measured(network([[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]], [[1.0, 1.0, 0.0]]), of.samples)
    assert found.value == wanted


@pytest.mark.parametrize(
    ("statement", "first", "second", "holds"),
    [
        (Increasing(Column("f0")), [[1.0, 0.0], [-1.0, 1.0]], [[1.0, -1.0]], True),
        (Increasing(Column("f0")), [[1.0, 0.0], [-1.0, 1.0]], [[1.0, 1.0]], False),
        (Increasing(Column("f0")), [[1.0, 0.0], [-1.0, 1.0]], [[1.0, 0.0]], True),
        (Decreasing(Column("f0")), [[1.0, 0.0], [0.0, 1.0]], [[-1.0, 1.0]], True),
        (Decreasing(Column("f1")), [[1.0, 0.0], [0.0, 1.0]], [[-1.0, 1.0]], False),
        (Increasing(Column("f0")), [[1.0, 0.0]], [[-1.0], [1.0]], True),
        (Increasing(Column("f0")), [[1.0, 0.0]], [[1.0], [1.0]], False),
        (Decreasing(Column("f0")), [[1.0, 0.0]], [[1.0], [0.0]], True),
        (Increasing(Column("f0")), [[1.0, 0.0]], [[-1.0], [0.0], [1.0]], True),
        (Increasing(Column("f0")), [[1.0, 0.0]], [[-1.0], [1.0], [1.0]], False),
    ],
)
def test_paths(statement: Requirement, first: list[list[float]], second: list[list[float]], holds: bool) -> None:
    of = problem(grouped([0, 1] * 3 + [0]), statement)
    assert (of.requirements.broken(network(first, second), of.samples) == ()) == holds


def test_never() -> None:
    of = problem(grouped([0, 1] * 3 + [0]), never=("f1",))
    assert of.evaluate(network([[1.0, 0.0]], [[1.0]])).acceptable
    (found,) = of.evaluate(network([[1.0, -1.0]], [[1.0]])).broken
    assert (found.text, found.value, found.words) == ('never = ["f1"]', 1, "1 weights that are not 0")


def test_a_network_that_breaks_a_requirement_comes_last() -> None:
    """But a broken one has its loss all the same."""
    of = problem(grouped([0] * 5 + [1] * 2), Recall(C1, 1.0))
    silent, loud = network([[0.0, 0.0]], [[-1.0]]), network([[0.0, 0.0]], [[1.0]])
    worse, better = of.incumbent(silent), of.incumbent(loud)
    assert (worse.loss, better.loss) == (2, 5)
    assert worse.rank > better.rank
    assert (worse.accepted, worse.stated, worse.reaches(9)) == (None, (None, None), False)
    assert worse.evaluation.fault == 'it breaks `recall("c1") >= 100%`: 0.0 %'
    assert better.accepted is better


def test_some_samples_ask_for_nothing_that_all_must_satisfy() -> None:
    of = problem(grouped([0, 1] * 3 + [0]), Accuracy(1.0), Features(1)).on(np.array([0, 1]))
    assert [type(one).__name__ for one in of.requirements.all] == ["Size"]


def test_a_share_is_not_rounded_onto_its_limit() -> None:
    limit = Limit(Fraction(95, 100), is_least=True, is_share=True)
    assert [limit.words(share) for share in (Fraction(95, 100), Fraction(9496, 10000), Fraction(2, 3))] == [
        "95.0 %",
        "94.96 %",
        "66.7 %",
    ]
