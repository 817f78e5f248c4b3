"""Margins: their columns hold what they should, and a network that wavers is no point of any pipeline."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from perturbed import deltas, keeps_pattern
from problems import FINITE, Case, cases, dataset, network_spec, plain, plain_rows
from scipy.optimize import linprog

from bdnnlang.language.spec import Interval
from bdnnlang.model.blocks import Linear, Margin, Problem, Role, Step
from bdnnlang.model.build import build
from bdnnlang.model.passes import PAPER, PAPER_IMPLICATIONS, lower
from bdnnlang.model.passes.margins_to_rows import MarginsToRows
from bdnnlang.model.point import encode_built
from bdnnlang.model.stack import stack
from bdnnlang.model.text import show, show_milp
from bdnnlang.model.verify import verify
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.perturbation import BoxSet, BudgetedSet, L1Set, L2Set, PerturbationSet

PIPELINES = [pytest.param(PAPER, id="paper"), pytest.param(PAPER_IMPLICATIONS, id="paper_implications")]


@pytest.mark.parametrize("pipeline", PIPELINES)
@given(case=cases(), data=st.data())
@settings(max_examples=examples(60))
def test_robust_problems_are_valid_before_and_after_every_pass(case: Case, pipeline: tuple, data: st.DataObject) -> None:  # type: ignore[type-arg]
    problem = build(case.network_spec, case.loss, case.data, delta=data.draw(deltas(case.data.train.x.shape[1])))
    for one in pipeline:
        verify(problem)
        problem = one(problem)
    verify(problem)
    assert stack(problem).is_finite


@given(case=cases(FINITE), data=st.data())
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.filter_too_much])
def test_a_network_that_wavers_is_infeasible(case: Case, data: st.DataObject) -> None:
    """On a lattice nothing is left to a tolerance."""
    delta = data.draw(deltas(case.data.train.x.shape[1]))
    assume(not all(all(keeps_pattern(plain(case.network), delta, row)) for row in plain_rows(case.data)))
    problem = build(case.network_spec, case.loss, case.data, delta=delta)
    assume(all(c.integer for c in problem.columns))
    point = encode_built(problem, case.network, case.data.train)
    for pipeline in (PAPER, PAPER_IMPLICATIONS):
        assert stack(lower(problem, pipeline)).violation(point) > 1e-5


def one_neuron(delta: PerturbationSet, weights: tuple[float, ...]) -> tuple[Problem, np.ndarray]:
    n = len(weights)
    problem = build(network_spec((), Interval(-1.0, 1.0)), None, dataset([[0.5] * n], [0]), delta=delta)
    return problem, encode_built(
        problem, Network((Layer(np.array([weights]), np.array([-3.5])),)), dataset([[0.5] * n], [0]).train
    )


WEIGHTS = (0.5, -1.0, 0.25, 0.75)
HALVES = (Fraction(1, 2),) * 4


@pytest.mark.parametrize(
    ("around", "margin"),
    [
        (BoxSet(HALVES), 1.25),
        (L1Set(HALVES), 0.5),
        *((BudgetedSet(HALVES, gamma=gamma), rho) for gamma, rho in ((1, 0.5), (2, 0.875), (3, 1.125), (9, 1.25))),
    ],
)
def test_the_least_rho_that_rows_allow_is_the_margin(around: PerturbationSet, margin: float) -> None:
    """By LP over the margin's rows with these weights: for a budget, duality gives the sum of the largest."""
    problem, point = one_neuron(around, WEIGHTS)
    rho, weights = problem.find(Role.MARGIN, 1).index.ravel(), problem.weights(1).index.ravel()
    assert point[rho[0]] == pytest.approx(margin)
    margins = tuple(b for b in problem.blocks if isinstance(b, Margin))
    (rows,) = (b for b in MarginsToRows()(problem.with_blocks(margins)).blocks if isinstance(b, Linear))
    matrix = np.zeros((rows.affine.rows, problem.size))
    matrix[rows.affine.row, rows.affine.column] = rows.affine.value
    lower, upper = problem.box()
    lower[weights] = upper[weights] = WEIGHTS
    cost = np.zeros(problem.size)
    cost[rho] = 1.0
    assert linprog(cost, -matrix, np.zeros(len(matrix)), bounds=list(zip(lower, upper, strict=True))).fun == pytest.approx(margin)


def test_a_cone_stays_and_reaches_the_program() -> None:
    problem, point = one_neuron(L2Set((Fraction(1, 2),) * 4), WEIGHTS)
    milp = stack(lower(problem, PAPER))
    (cone,) = milp.cones
    length = 0.5 * float(np.linalg.norm(WEIGHTS))
    assert point[cone.bound] == pytest.approx(length)
    assert milp.violation(point) <= 1e-9
    point[cone.bound] = length - 0.01
    assert cone.violation(point) == pytest.approx(0.01)
    assert milp.violation(point) >= 0.01 - 1e-9
    assert "cone rho1_0_0 >= length of 0.5 W1_0_0 0.5 W1_0_1" in show_milp(milp)


def test_margins_are_printed() -> None:
    text = show(build(network_spec((1,)), None, dataset([[1.0, 2.0]], [0]), delta=BoxSet((Fraction(1, 2), Fraction(0)))))
    assert "margin 1: sum\n  rho1_0_0, xi1_0_0: sum of |W1_0_0|" in text
    assert "at worst W1_0_0 + 2 W1_0_1 - 0.5 rho1_0_0" in text


def test_m_includes_the_margin() -> None:
    """The authors' M does not, and their rows cut networks off."""
    data = dataset([[1.0]], [0])
    wide = {}
    for radius in (Fraction(0), Fraction(3)):
        problem = build(network_spec((), Interval(-1.0, 1.0), Interval(-1.0, 1.0)), None, data, delta=BoxSet((radius,)))
        wide[radius] = -stack(lower(problem, PAPER)).row_lower.min(
            where=np.isfinite(stack(lower(problem, PAPER)).row_lower), initial=0
        )
    assert wide[Fraction(3)] == wide[Fraction(0)] + 3


def test_radius_0_adds_nothing() -> None:
    data = dataset([[1.0]], [0])
    same = [show(build(network_spec((1,)), None, data, delta=delta)) for delta in (None, L1Set((Fraction(0),)))]
    assert same[0] == same[1]


def test_a_radius_on_no_lattice_of_use_gives_up_the_lattice() -> None:
    built = build(network_spec((1,)), None, dataset([[1.0]], [0]), delta=BoxSet((Fraction(1, 10**7),)))
    assert next(b for b in built.blocks if isinstance(b, Step)).unit is None
    assert not built.find(Role.MARGIN, 1).integer
