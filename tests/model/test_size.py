"""How large a model will be, and its outline: what a few samples say of all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from problems import SIGNS, Case, cases, dataset, network_spec, spec

from bdnnlang.language.spec import Linf, Perturbation, RobustSpec, Values
from bdnnlang.model.blocks import Columns, Problem, Role, Step
from bdnnlang.model.build import build_spec, outline
from bdnnlang.model.size import Extent, nonzeros, whole
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.constant_networks import constant_incumbent

SMALL = dataset([[float(v), 1.0] for v in range(5)], [0, 0, 1, 0, 1])


def test_rows_of_layer_1_count_samples_and_those_above_count_patterns() -> None:
    own = spec(network_spec((3, 4)))
    deeper = 12 * (3 * 4 + 4)
    assert whole(SMALL) == Extent(5, 5)
    assert nonzeros(own, SMALL) == 5 * (2 * 2 * 3 + deeper)
    assert nonzeros(own, SMALL, Extent(5, 2)) == 5 * 2 * 2 * 3 + 2 * deeper
    assert nonzeros(own, SMALL, Extent(3, 1)) == 3 * 2 * 2 * 3 + deeper


@pytest.mark.parametrize("groups", [None, [0, 1, 0, 2, 1]], ids=str)
def test_a_tied_model_has_rows_so(groups: list[int] | None) -> None:
    own = spec(network_spec((3, 2)))
    own = replace(own, train=replace(own.train, formulation="paper"))
    problem = build_spec(TrainingProblem(own, SMALL), groups=None if groups is None else np.array(groups))
    first, *deeper = [block for block in problem.blocks if isinstance(block, Step)]
    assert len(first.activations) == 5
    assert {len(step.activations) for step in deeper} == {5 if groups is None else 3}


def networks_of(problem: Problem) -> list[Columns]:
    return [c for c in problem.columns if c.role in (Role.WEIGHTS, Role.BIASES)]


@given(cases())
@settings(max_examples=examples(200))
def test_an_outline_has_the_domains_the_units_and_the_margins_of_the_whole(case: Case) -> None:
    of = TrainingProblem(spec(case.network_spec, case.loss), case.data)
    built, few = build_spec(of), outline(of)
    for one, other in zip(networks_of(built), networks_of(few), strict=True):
        assert (one.name, one.shape, one.integer, one.unit) == (other.name, other.shape, other.integer, other.unit)
        assert np.allclose(one.lower, other.lower, rtol=1e-12)
        assert np.allclose(one.upper, other.upper, rtol=1e-12)
    steps, outlined = ([b for b in problem.blocks if isinstance(b, Step)] for problem in (built, few))
    assert [(b.layer, b.unit) for b in steps] == [(b.layer, b.unit) for b in outlined]
    assert [b.threshold for b in steps] == pytest.approx([b.threshold for b in outlined])
    assert few.has_integral_objective == built.has_integral_objective
    assert constant_incumbent(few, of).evaluation == constant_incumbent(built, of).evaluation


def test_an_outline_of_many_samples_is_small() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.integers(-9, 10, (400, 3)), rng.integers(0, 3, 400)
    of = TrainingProblem(spec(network_spec((2,), Values((-1.0, 0.0, 3.0)))), dataset(x.tolist(), y.tolist(), 3))
    assert len(outline(of).samples) <= 6


def test_a_radius_too_fine_for_the_largest_feature_is_on_no_lattice_in_the_outline_either() -> None:
    rows = [[0.0], [1.0], [-300000.0], [2.0]]
    own = replace(spec(network_spec((1,), SIGNS)), robust=RobustSpec(Perturbation(Linf(0.001))))
    of = TrainingProblem(own, dataset(rows, [0, 1, 0, 1]))
    for problem in (build_spec(of), outline(of)):
        assert problem.step(1) is not None
        assert problem.step(1).unit is None  # type: ignore[union-attr]
