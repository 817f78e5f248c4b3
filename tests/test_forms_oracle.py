"""Optima of both formulations, and of `tight` without each of its passes: by brute force, and by each other."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from forms import PARTS, WHOLE, Form
from problems import SIGNS, dataset, network_spec, plain_loss, spec
from test_oracle import HALVES, INSTANCES, least

from bdnnlang import solve
from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Integers, Interval, NetworkSpec, Penalty, Solver, Spec, TrainSpec
from bdnnlang.model import passes
from bdnnlang.model.build import build_spec
from bdnnlang.model.model import Model
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational
from bdnnlang.polish.acceptance import verified_incumbent
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.solving import modelled
from bdnnlang.solve.outcome import Limits, Status

REALS = Interval(-1.0, 1.0)
SMALL = 1e-3  # of data on a grid of quarters: what can be told apart at all can be told apart by more


def training(own: Spec, data: Dataset, form: Form, solver: Solver, **train: object) -> TrainingProblem:
    without = (form.without,) if form.without else ()
    changed: TrainSpec = replace(own.train, formulation=form.formulation, without=without, solver=solver, **train)  # type: ignore[arg-type]
    return TrainingProblem(replace(own, train=changed), data)


def model_of(of: TrainingProblem, groups: Ints | None = None) -> Model:
    return modelled(of, of.spec.train.solver, build_spec(of, groups=groups))


def optimum(of: TrainingProblem, groups: Ints | None = None) -> tuple[Rational, Network]:
    """The proved optimum of the model, and the network that the verdict makes of it, which keeps it."""
    model = model_of(of, groups)
    limits = Limits(seconds=30.0)
    outcome = solve.solve(of.spec.train.solver, model.milp, limits, None, on_event=lambda event: None, stop=lambda: False)
    assert outcome.status is Status.OPTIMAL, outcome.reason
    assert outcome.x is not None
    claim = model.claim(outcome.objective)
    assert claim is not None
    goal = claim + of.costs.slack(claim)
    found = verified_incumbent(of, model, outcome.x, goal)
    assert found.objective <= goal
    return claim, found.network


# ---- whole numbers: brute force

FEW = ("hidden_tenths", "deep", "three_zero_one", "hidden_with_zero")
PER_FORM = [
    pytest.param(form, name, id=f"{form}-{name}")
    for form in (*(f for f in WHOLE if f.formulation == "paper"), *PARTS)
    for name in FEW
    if not (form.implications and form.without == "lattice_gap")  # which it needs, and keeps
]


@pytest.mark.parametrize(("form", "name"), PER_FORM)
def test_every_form_has_the_optimum_of_brute_force(form: Form, name: str) -> None:
    solver: Solver = "cpsat" if form.implications else "scip"
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    instance = INSTANCES[name]
    own = spec(network_spec(instance.hidden, instance.weights, instance.biases, instance.thresholds), instance.loss)
    found, network = optimum(training(own, instance.data(), form, solver))
    assert found == plain_loss(network, instance.data(), instance.measure) == least(name)


# ---- class weights and penalties on a lattice: the forms by each other


def grid(seed: int, rows: int, features: int, classes: int, quarters: bool = False) -> Dataset:
    chance = np.random.default_rng(seed)
    raw = chance.integers(-4, 5, (rows, features)) / (4 if quarters else 1)
    return dataset(raw.tolist(), chance.integers(0, classes, rows).tolist(), classes)


PRICED: dict[str, tuple[NetworkSpec, Dataset, dict[str, object]]] = {
    "weights of classes": (network_spec((2,), SIGNS), grid(1, 7, 2, 2), {"class_weight": (1.0, 2.5)}),
    "number of weights": (network_spec((2,), SIGNS), grid(2, 6, 2, 2), {"penalties": (Penalty("sparsity", 0.25),)}),
    "sizes of three": (network_spec((1,), HALVES), grid(3, 6, 2, 3), {"penalties": (Penalty("l1", 0.125),)}),
    "all of two layers": (
        network_spec((1, 2), Integers(-1, 1), Integers(-2, 2)),
        grid(4, 5, 2, 2),
        {"penalties": (Penalty("l1", 0.25), Penalty("sparsity", 0.5)), "class_weight": (2.0, 3.0)},
    ),
}


@cache
def priced(name: str, form: Form) -> Rational:
    network, data, train = PRICED[name]
    return optimum(training(spec(network), data, form, "scip", **train))[0]


@pytest.mark.parametrize("name", PRICED)
@pytest.mark.parametrize("form", [Form("tight"), *(form for form in PARTS if not form.implications)], ids=str)
def test_priced_networks_cost_the_same_in_every_form(form: Form, name: str) -> None:
    assert priced(name, form) == pytest.approx(float(priced(name, Form("paper"))), abs=1e-6)


# ---- samples that share their activations: what is tied in `paper` is tied as far as it matters in `tight`


@pytest.mark.parametrize("seed", range(6))
def test_a_tied_optimum_is_between_that_of_the_paper_and_the_least_loss(seed: int) -> None:
    """Its network keeps it (`optimum`), although rows of directions that nothing asks for are not there."""
    data = grid(seed, 6, 2, 2 + seed % 2)
    groups = np.unique(np.random.default_rng(seed).integers(0, 3, 6), return_inverse=True)[1]
    own = spec(network_spec((2,) if seed % 3 else (), SIGNS))
    least_of_all, _ = optimum(training(own, data, Form("paper", implications=True), "cpsat"))
    paper, _ = optimum(training(own, data, Form("paper"), "scip"), groups)
    for solver in ("scip", "cpsat"):
        tight, network = optimum(training(own, data, Form("tight", implications=solver == "cpsat"), solver), groups)  # type: ignore[arg-type]
        assert least_of_all <= plain_loss(network, data, "zero_one" if len(data.classes) == 2 else "hamming") <= tight <= paper


# ---- continuous weights, at the same margin

CONTINUOUS: dict[str, tuple[NetworkSpec, Dataset]] = {
    "one layer": (network_spec((), REALS), grid(11, 8, 2, 2, quarters=True)),
    "hidden": (network_spec((2,), REALS), grid(12, 6, 2, 2, quarters=True)),
    "hidden shared": (network_spec((2,), REALS, thresholds="per_layer"), grid(13, 5, 2, 2, quarters=True)),
    "zero": (network_spec((1,), REALS, thresholds="zero"), grid(14, 6, 2, 2, quarters=True)),
    "three": (network_spec((1,), REALS), grid(15, 5, 1, 3, quarters=True)),
    "deep": (network_spec((1, 2), REALS), grid(16, 4, 2, 2, quarters=True)),
    "narrow": (network_spec((2,), REALS, Interval(-0.5, 0.25)), grid(17, 5, 2, 2, quarters=True)),
    "one-sided": (network_spec((2,), Interval(-0.25, 1.0)), grid(18, 5, 2, 2, quarters=True)),
}
PLAIN = [Form("tight", without=one) for one in passes.optional() if one != "unit_rows"]


@cache
def continuous(name: str, form: Form, solver: Solver) -> Rational:
    network, data = CONTINUOUS[name]
    own = training(spec(network), data, form, solver, margin=SMALL)
    with_pass = (*own.spec.train.without, "unit_rows")
    return optimum(replace(own, spec=replace(own.spec, train=replace(own.spec.train, without=with_pass))))[0]


@pytest.mark.parametrize("solver", ["scip", "highs"])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_at_one_margin_both_formulations_have_one_optimum(name: str, solver: Solver) -> None:
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    assert continuous(name, Form("tight"), solver) == continuous(name, Form("paper"), solver)


@pytest.mark.parametrize("name", ["hidden", "three"])
@pytest.mark.parametrize("form", PLAIN, ids=str)
def test_so_has_every_part_of_tight(form: Form, name: str) -> None:
    assert continuous(name, form, "scip") == continuous(name, Form("paper"), "scip")


@pytest.mark.parametrize("name", CONTINUOUS)
def test_a_network_of_one_formulation_is_accepted_by_the_other(name: str) -> None:
    """Unit rows measure the margin otherwise, so each is asked for less than the other's network has."""
    network, data = CONTINUOUS[name]
    found = {}
    for form in (Form("paper"), Form("tight")):
        claim, best = optimum(training(spec(network), data, form, "scip", margin=SMALL))
        found[form] = claim
        for other in WHOLE:
            if not other.implications:
                of = training(spec(network), data, other, "scip", margin=SMALL / 1000)
                point = model_of(of).start(best)
                assert point is not None
                assert model_of(of).milp.objective(point) <= claim
    assert len(set(found.values())) == 1
