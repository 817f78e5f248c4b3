"""Penalties and class weights: solvers against brute force, exact objectives, and what the model asks of a network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from penalised import Price, least_objective
from problems import CONTINUOUS, FINITE, SIGNS, Case, cases, dataset, inside, network_spec, plain, plain_rows, spec

from bdnnlang import solve
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import (
    ClassWeight,
    Integers,
    Interval,
    LocalSearch,
    Penalty,
    PenaltyKind,
    Solver,
    Spec,
    Values,
    WeightDomain,
)
from bdnnlang.model.blocks import Pass
from bdnnlang.model.build import build
from bdnnlang.model.milp import Milp
from bdnnlang.model.passes import PAPER, PAPER_IMPLICATIONS, lower
from bdnnlang.model.point import encode_built
from bdnnlang.model.stack import stack
from bdnnlang.model.text import show, show_milp
from bdnnlang.model.verify import verify
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.costs import Costs, costs_of
from bdnnlang.problem.irreducible import irreducible_loss
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.choose import check_linear, check_ratio
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import prepare, run
from bdnnlang.run.status import RunStatus

FEW = Integers(-2, 2)
KINDS: tuple[PenaltyKind, ...] = ("l1", "l2", "sparsity", "bytes")


@dataclass(frozen=True)
class Instance:
    rows: tuple[tuple[float, ...], ...]
    labels: tuple[int, ...]
    hidden: tuple[int, ...] = ()
    weights: WeightDomain = SIGNS
    biases: WeightDomain = FEW
    penalties: tuple[Penalty, ...] = ()
    class_weight: ClassWeight | None = None
    classes: int = 2
    loss: Loss | None = None

    def spec(self, solver: Solver) -> Spec:
        base = spec(network_spec(self.hidden, self.weights, self.biases), self.loss, solver)
        return replace(base, train=replace(base.train, penalties=self.penalties, class_weight=self.class_weight))

    def run(self, solver: Solver) -> Run:
        data = dataset(self.rows, self.labels, self.classes)
        return run(training_problem(self.spec(solver), data), emit=lambda fact: None, interrupt=Interrupt())

    @property
    def price(self) -> Price:
        factors = {p.kind: Fraction(str(p.factor)) for p in self.penalties}
        counts = [self.labels.count(c) for c in range(self.classes)]
        if self.class_weight == "balanced":
            weights = [Fraction(len(self.labels), self.classes * n) for n in counts]
        else:
            weights = [Fraction(str(w)) for w in self.class_weight or [1] * self.classes]
        signs = (self.weights == SIGNS,) * (len(self.hidden) + 1)
        return Price(**factors, signs=signs, classes=weights)  # type: ignore[arg-type]

    def least(self) -> Fraction:
        outputs = 1 if self.classes == 2 else self.classes
        widths = (len(self.rows[0]), *self.hidden, outputs)
        domains = members(self.weights), members(self.biases)
        return least_objective(self.rows, self.labels, widths, domains, self.measure, self.price)

    @property
    def measure(self) -> Loss:
        return self.loss or ("zero_one" if self.classes == 2 else "hamming")


def only_signs(domain: WeightDomain) -> bool:
    return not isinstance(domain, Interval) and set(members(domain)) <= {-1, 0, 1}


def members(domain: WeightDomain) -> list[Fraction]:
    if isinstance(domain, Values):
        return [Fraction(str(v)) for v in domain.values]
    assert isinstance(domain, Integers)
    return [Fraction(v) for v in range(domain.lower, domain.upper + 1)]


def penalty(**factors: float) -> tuple[Penalty, ...]:
    return tuple(Penalty(kind, factor) for kind, factor in factors.items())  # type: ignore[arg-type]


LINE = ((-2.0,), (-1.0,), (0.0,), (1.0,), (2.0,), (2.0,))
PLANE = ((1.0, -1.0), (2.0, 1.0), (-1.0, 2.0), (0.0, -2.0), (1.0, 1.0), (-2.0, 0.0))
HALVES = Values((-1.0, -0.5, 0.0, 1.0))

INSTANCES = {
    "l1": Instance(PLANE, (0, 1, 1, 0, 1, 0), penalties=penalty(l1=0.3)),
    "l1_dear": Instance(PLANE, (0, 1, 1, 0, 1, 0), penalties=penalty(l1=2.5)),
    "l1_wide": Instance(LINE, (0, 1, 1, 0, 0, 1), (1,), Integers(-2, 2), penalties=penalty(l1=0.125)),
    "l1_signed": Instance(PLANE, (0, 1, 1, 0, 1, 0), weights=Integers(0, 2), penalties=penalty(l1=0.5)),
    "l1_negative": Instance(PLANE, (1, 0, 0, 1, 0, 1), weights=Integers(-2, 0), penalties=penalty(l1=0.5)),
    "l1_values": Instance(PLANE, (0, 1, 1, 0, 0, 1), weights=HALVES, penalties=penalty(l1=0.4)),
    "sparsity": Instance(PLANE, (0, 1, 1, 0, 1, 0), penalties=penalty(sparsity=0.7)),
    "sparsity_hidden": Instance(LINE, (0, 1, 1, 0, 0, 0), (2,), biases=Integers(-1, 1), penalties=penalty(sparsity=0.4)),
    "sparsity_no_zero": Instance(PLANE, (0, 1, 1, 0, 1, 1), weights=Values((-1.0, 1.0)), penalties=penalty(sparsity=0.5)),
    "bytes": Instance(PLANE, (0, 1, 1, 0, 1, 0), penalties=penalty(bytes=0.12)),
    "bytes_hidden": Instance(LINE, (0, 1, 1, 0, 0, 0), (2,), biases=Integers(-1, 1), penalties=penalty(bytes=0.07)),
    "bytes_wide": Instance(LINE, (0, 1, 1, 0, 0, 1), (1,), Integers(-2, 2), penalties=penalty(bytes=0.0625, l1=0.125)),
    "both": Instance(PLANE, (0, 1, 1, 0, 0, 1), weights=Integers(-2, 2), penalties=penalty(l1=0.25, sparsity=0.5)),
    "weights": Instance(LINE, (0, 1, 0, 1, 0, 1), class_weight=(1.0, 2.5)),
    "balanced": Instance(LINE, (0, 1, 0, 0, 1, 0), class_weight="balanced"),
    "balanced_l1": Instance(LINE, (0, 1, 0, 0, 1, 0), penalties=penalty(l1=0.2), class_weight="balanced"),
    "three_weights": Instance(LINE, (0, 1, 2, 2, 1, 0), biases=Integers(-1, 1), class_weight=(1.0, 0.5, 3.0), classes=3),
    "three_zero_one": Instance(
        LINE, (0, 1, 2, 2, 1, 0), biases=Integers(-1, 1), class_weight="balanced", classes=3, loss="zero_one"
    ),
    "l2_integers": Instance(PLANE, (0, 1, 1, 0, 1, 0), weights=Integers(-2, 2), penalties=penalty(l2=0.05)),
}  # fmt: skip


@pytest.mark.parametrize("solver", ["cpsat", "scip", "highs"])
@pytest.mark.parametrize("name", INSTANCES)
def test_the_optimum_is_that_of_brute_force(name: str, solver: Solver) -> None:
    instance = INSTANCES[name]
    squares = any(p.kind == "l2" for p in instance.penalties)
    if not solve.available(solver) or (squares and solver != "scip"):
        pytest.skip(f"{solver} is not installed, or takes no squares")
    least, done = instance.least(), instance.run(solver)
    assert done.best is not None
    assert done.status is RunStatus.OPTIMAL
    assert done.best.objective == least
    if not squares:
        assert (done.claimed_objective, done.bound) == (least, least)
    layers = plain(done.best.network)
    assert instance.price.penalty(layers) == done.best.penalty
    assert instance.price.loss(layers, instance.rows, instance.labels, instance.measure) == done.best.loss
    assert done.claimed_loss == (None if instance.penalties else least)


def test_the_instances_are_worth_solving() -> None:
    """Penalties and weights change what is best."""
    for name in ("l1_dear", "both", "sparsity_hidden", "bytes", "bytes_hidden", "balanced"):
        instance = INSTANCES[name]
        assert instance.least() > replace(instance, penalties=(), class_weight=None).least()


# ---- a solver that cannot take it


def test_squares_are_for_scip_alone() -> None:
    instance = Instance(PLANE, (0, 1, 1, 0, 1, 0), penalties=penalty(l2=0.1))
    data = dataset(PLANE, instance.labels)
    for solver in ("highs", "cpsat"):
        with pytest.raises(Rejected) as caught:
            prepare(training_problem(instance.spec(solver), data))  # type: ignore[arg-type]
        assert [d.code for d in caught.value.diagnostics] == ["E207"]
    choice = prepare(training_problem(instance.spec("auto"), data))[0]
    assert (choice.solver, choice.reason) == ("scip", "auto: the penalty `l2` is quadratic")
    with pytest.raises(Rejected) as caught:
        check_linear(instance.spec("auto"))
    assert [d.code for d in caught.value.diagnostics] == ["E204"]


def test_factors_without_a_common_measure_go_to_scip() -> None:
    instance = Instance(PLANE, (0, 1, 1, 0, 1, 0), penalties=penalty(l1=0.1234567891))
    assert prepare(training_problem(instance.spec("auto"), dataset(PLANE, instance.labels)))[0].solver == "scip"
    done = instance.run("auto")
    assert done.best is not None
    assert done.status is RunStatus.OPTIMAL
    assert done.best.objective == instance.least()


def test_a_weight_for_each_class() -> None:
    instance = Instance(PLANE, (0, 1, 1, 0, 1, 0), class_weight=(1.0, 2.0, 3.0))
    with pytest.raises(Rejected) as caught:
        instance.run("scip")
    assert [d.code for d in caught.value.diagnostics] == ["E231"]


# ---- real weights


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_no_network_of_a_grid_is_cheaper(kind: PenaltyKind, seed: int) -> None:
    """One neuron with two real weights against 9³ networks, of those with the margin that the model asks for."""
    rng = np.random.default_rng(seed)
    rows = tuple(map(tuple, rng.integers(-2, 3, size=(6, 2)).astype(float).tolist()))
    labels = tuple(rng.integers(0, 2, size=6).tolist())
    own = Instance(rows, labels, weights=Interval(-1.0, 1.0), biases=Interval(-2.0, 2.0), penalties=penalty(**{kind: 0.2}))
    done = own.run("scip")
    assert done.best is not None
    assert done.status is (RunStatus.OPTIMAL_AT_MARGIN if done.margin else RunStatus.OPTIMAL)
    slack = Fraction(1, 10_000)
    assert done.claimed_objective is None or done.best.objective <= done.claimed_objective + slack
    assert inside(done.best.network, own.spec("scip").network)
    layers = plain(done.best.network)
    assert done.best.objective == own.price.objective(layers, rows, labels, "zero_one")
    steps = [Fraction(n, 4) for n in range(-4, 5)]
    for w, v, b in product(steps, steps, [2 * s for s in steps]):
        assert done.best.objective <= own.price.objective([([[w, v]], [b])], rows, labels, "zero_one") + slack


def test_weights_are_short_where_nearly_as_good() -> None:
    rows = ((0.1, 0.9), (0.7, 0.3), (0.2, 0.4), (0.9, 0.8), (0.3, 0.1), (0.6, 0.6))
    own = Instance(rows, (0, 1, 0, 1, 0, 1), weights=Interval(-1.0, 1.0), biases=Interval(-2.0, 2.0), penalties=penalty(l1=0.2))
    done = own.run("scip")
    assert done.best is not None
    layer = done.best.network.layers[0]
    assert all(float(v * 2**30).is_integer() for v in (*layer.weights.ravel(), *layer.biases))


def test_zero_stays_zero() -> None:
    """A weight that is not paid for is exactly 0, although the greatest margin would use it."""
    rows = ((1.0, 0.9), (2.0, 2.1), (3.0, 2.9), (4.0, 4.1))
    own = Instance(rows, (0, 0, 1, 1), weights=Interval(-1.0, 1.0), biases=Interval(-5.0, 5.0), penalties=penalty(sparsity=0.3))
    done = own.run("scip")
    assert done.best is not None
    assert (done.best.loss, done.best.penalty) == (0, Fraction(3, 10))


# ---- what the model says of a network


@st.composite
def costs(draw: st.DrawFn, classes: int) -> Costs:
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=3, unique=True))
    factors = st.sampled_from([0.25, 1.0, 0.3, 2.0])
    weights = draw(st.none() | st.lists(factors.map(lambda f: Fraction(str(f))), min_size=classes, max_size=classes).map(tuple))
    return Costs(weights, tuple(Penalty(kind, draw(factors)) for kind in kinds))


@pytest.mark.parametrize("pipeline", [PAPER, PAPER_IMPLICATIONS], ids=["paper", "implications"])
@given(data=st.data(), case=cases((*FINITE, *CONTINUOUS)))
@settings(max_examples=examples(80))
def test_complete_is_feasible_with_the_true_objective(data: st.DataObject, case: Case, pipeline: tuple[Pass, ...]) -> None:
    own = data.draw(costs(len(case.data.classes))).of(case.network_spec, len(case.data.features))
    problem = build(case.network_spec, case.loss, case.data, costs=own)
    verify(problem)
    point = encode_built(problem, case.network, case.data.train)
    for one in pipeline:
        before, problem = problem, one(problem)
        point = one.represent(before, problem, point)
    milp: Milp = stack(problem)
    assert milp.violation(point) <= 1e-9
    factors = {p.kind: Fraction(str(p.factor)) for p in own.penalties}
    signs = [only_signs(layer.weights) for layer in case.network_spec.layers]
    price = Price(**factors, signs=signs, classes=own.classes or [Fraction(1)] * 3)  # type: ignore[arg-type]
    layers = plain(case.network)
    true = price.objective(layers, plain_rows(case.data), case.data.train.y.tolist(), case.true_loss)
    assert float(problem.unit) * milp.objective(point) == pytest.approx(float(true), abs=1e-9)
    assert own.penalty(case.network) == price.penalty(layers)
    if problem.has_integral_objective:
        assert milp.objective(point) == true / problem.unit


def test_what_is_minimised_is_shown() -> None:
    data = dataset([[1.0], [2.0]], [0, 1])
    own = Costs((Fraction(1, 2), Fraction(2)), (Penalty("l1", 0.25), Penalty("l2", 3.0), Penalty("sparsity", 1.0)))
    problem = build(network_spec((), Integers(-2, 1), Integers(-1, 1)), None, data, costs=own)
    text = show(problem)
    assert "  in units of 1/4: 2 u1_0_0 - 8 u1_1_0 + l1_W1_0_0 + 4 nz_W1_0_0 + 8\n  + 12 W1_0_0^2\n  + 12 b1_0^2\n" in text
    assert "l1_W1_above_0_0: - W1_0_0 + l1_W1_0_0 >= 0" in text
    assert "l1_W1_below_0_0: W1_0_0 + l1_W1_0_0 >= 0" in text
    assert "nz_W1_most_0_0: - W1_0_0 + nz_W1_0_0 >= 0" in text
    assert "nz_W1_least_0_0: W1_0_0 + 2 nz_W1_0_0 >= 0" in text
    assert "  + 12 W1_0_0^2\n" in show_milp(stack(lower(problem, PAPER)))


def test_weights_of_classes_in_numbers() -> None:
    data = dataset(LINE, (0, 1, 0, 0, 1, 0))
    base = Instance(LINE, (0, 1, 0, 0, 1, 0))
    assert costs_of(replace(base, class_weight="balanced").spec("scip"), data).classes == (Fraction(3, 4), Fraction(3, 2))
    assert costs_of(replace(base, class_weight=(0.1, 3.0)).spec("scip"), data).classes == (Fraction(1, 10), Fraction(3))


@given(case=cases(), weights=st.lists(st.integers(1, 5), min_size=3, max_size=3))
@settings(max_examples=examples(60))
def test_no_network_is_below_the_floor(case: Case, weights: list[int]) -> None:
    own = Costs(tuple(Fraction(w, 2) for w in weights[: len(case.data.classes)]))
    irreducible = irreducible_loss(case.data.train, case.true_loss, case.outputs, own)
    rows, labels, layers = plain_rows(case.data), case.data.train.y.tolist(), plain(case.network)
    assert irreducible <= Price(classes=own.classes or ()).loss(layers, rows, labels, case.true_loss)


def test_the_floor_counts_the_cheaper_label() -> None:
    data = dataset([[1.0], [1.0], [1.0], [2.0]], [0, 0, 1, 1])
    assert irreducible_loss(data.train, "zero_one", 1, Costs((Fraction(1), Fraction(5)))) == 2
    assert irreducible_loss(data.train, "zero_one", 1, Costs((Fraction(1), Fraction(1, 2)))) == Fraction(1, 2)


def test_a_network_is_judged_by_all_that_it_costs() -> None:
    own = Instance(LINE, (0, 0, 0, 1, 1, 1), penalties=penalty(l1=0.25, l2=0.5, sparsity=1.0), class_weight=(2.0, 3.0))
    training = TrainingProblem(own.spec("scip"), dataset(LINE, own.labels))
    found = training.incumbent(Network((Layer(np.array([[1.0]]), np.array([-2.0])),)))
    assert (found.loss, found.penalty) == (3, Fraction(1, 4) + Fraction(5, 2) + 1)


# ---- costs of very different sizes


FAR = Instance(LINE, (0, 1, 0, 0, 1, 0))


@pytest.mark.parametrize("solver", ["cpsat", "scip", "highs"])
@pytest.mark.parametrize(
    "changed",
    [
        {"class_weight": (1e-9, 1.0)},
        {"class_weight": (1.0, 1e-6)},
        {"class_weight": (3e-7, 0.5)},
        {"penalties": penalty(sparsity=1e-9)},
        {"penalties": penalty(l1=1e-7)},
        {"penalties": penalty(l1=1e-6, sparsity=2e-9)},
        {"class_weight": (0.3333333333333333, 1.0)},
        {"class_weight": (1.0, 0.1428571428571428), "penalties": penalty(l1=1e-4)},
    ],
    ids=str,
)
def test_the_least_cost_counts(changed: dict[str, object], solver: Solver) -> None:
    """Scaled so that it is not lost among the tolerances of solvers."""
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    instance = replace(FAR, **changed)  # type: ignore[arg-type]
    if solver == "cpsat" and costs_of(instance.spec(solver), dataset(LINE, FAR.labels)).unit is None:
        pytest.skip("CP-SAT takes whole costs only")
    done, least = instance.run(solver), instance.least()
    assert done.best is not None
    assert done.best.objective == least
    assert done.bound is not None
    assert least * (1 - Fraction(1, 10**8)) <= done.bound <= least
    own = costs_of(instance.spec(solver), dataset(LINE, FAR.labels))
    told_apart = own.unit is None or least < own.unit * 10**8  # a bound of 2e9 units is exact to some units only
    assert done.status is (RunStatus.OPTIMAL if told_apart else RunStatus.FEASIBLE)


def test_costs_further_apart_are_refused_where_a_solver_is_asked() -> None:
    far = replace(FAR, class_weight=(1e-10, 1.0))
    for refused in (far, replace(FAR, penalties=penalty(sparsity=1e-12))):
        with pytest.raises(Rejected) as caught:
            refused.run("scip")
        assert [d.code for d in caught.value.diagnostics] == ["E232"]
    with pytest.raises(Rejected) as caught:
        check_ratio(far.spec("scip"), dataset(LINE, FAR.labels))
    search = replace(far.spec("scip").train, stages=(LocalSearch(time=1.0, restarts=3),))
    training = training_problem(replace(far.spec("scip"), train=search), dataset(LINE, FAR.labels))
    done = run(training, emit=lambda fact: None, interrupt=Interrupt())
    assert done.best is not None
    assert done.status is (RunStatus.OPTIMAL if done.best.objective == done.bound else RunStatus.FEASIBLE)
