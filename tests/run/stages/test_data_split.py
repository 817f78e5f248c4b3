"""Stage `data_split`: tied models against brute force, subsets, selection, and what is kept when it ends early."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from examples import examples
from fakes import Call, FakeSolver, install, says
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import OracleLayer, least_loss
from problems import SIGNS, dataset, inside, network_spec, part, plain_loss, plain_rows, spec
from staged import staged

from bdnnlang.arrays import Floats, Ints
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.data.dataset import Dataset, equal_rows
from bdnnlang.language.spec import DataSplit, Interval, Solver, WeightDomain
from bdnnlang.model.build import build
from bdnnlang.model.model import Model
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.solving import Watch, limits, make_model, solve_and_verify
from bdnnlang.run.stages import data_split
from bdnnlang.run.stages.data_split import own_patterns, renumbered, split_worst
from bdnnlang.run.status import StageStatus
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.solve.outcome import FoundSolution, Outcome, Status

SIGNED = (-1, 0, 1)
XOR = dataset([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
LINE = dataset([[float(v)] for v in (1, 2, 3, 4, 5, 6)], [0, 0, 1, 0, 1, 1])
TWINS = dataset([[1.0], [1.0], [2.0], [2.0]], [0, 1, 1, 1])


def training(
    data: Dataset, hidden: tuple[int, ...] = (2,), weights: WeightDomain = SIGNS, solver: Solver = "cpsat"
) -> TrainingProblem:
    return TrainingProblem(spec(network_spec(hidden, weights), solver=solver), data)


def constant(of: TrainingProblem) -> Incumbent:
    return constant_incumbent(build(of.spec.network, of.loss, of.data), of)


class Split:
    """Runs the stage and keeps what happened."""

    def __init__(
        self,
        of: TrainingProblem,
        seconds: float | None = None,
        interrupt: Interrupt | None = None,
        start: Network | None = None,
        **stage: object,
    ) -> None:
        best = constant(of) if start is None else of.incumbent(start)
        budget = Budget(seconds, interrupt or Interrupt())
        own = DataSplit(**stage)  # type: ignore[arg-type]
        self.done = staged(own, of, best, budget)
        self.best, self.record, selected = self.done.best, self.done.record, self.done.selected
        assert selected is not None
        self.selected = selected
        for one in (self.best, self.selected):
            assert plain_loss(one.network, of.data, of.loss) == one.loss
            assert inside(one.network, of.spec.network)
        assert self.best.loss <= min(best.loss, self.selected.loss)
        assert self.record.verified_loss == self.selected.loss
        told = [incumbent.loss for incumbent in self.done.better]
        assert told == sorted(set(told), reverse=True)
        assert tuple(step.record for step in self.done.steps) == self.record.steps


def least(data: Dataset, hidden: int = 2) -> int:
    layers = [OracleLayer(hidden, SIGNED), OracleLayer(1 if len(data.classes) == 2 else len(data.classes), SIGNED)]
    loss = "zero_one" if len(data.classes) == 2 else "hamming"
    return least_loss(plain_rows(data), data.train.y.tolist(), layers, "per_neuron", loss)


# ---- tied models


def tiny(seed: int, classes: int = 2) -> Dataset:
    rng = np.random.default_rng(seed)
    return dataset(rng.integers(0, 3, (6, 2)).astype(float).tolist(), rng.integers(0, classes, 6).tolist(), classes)


@pytest.mark.parametrize("seed", range(4))
def test_a_tied_optimum_is_an_upper_bound_and_the_loss_of_a_network(seed: int) -> None:
    of = training(tiny(seed, 2 + seed % 2))
    optimum = least(of.data)
    for groups in ([0, 0, 0, 1, 1, 1], [0, 1, 0, 2, 1, 2], [3, 0, 1, 5, 4, 2]):
        model = make_model(of, "cpsat", groups=renumbered(np.array(groups)))
        watch = Watch(of, model, Budget(None, Interrupt()), lambda event: None, constant(of), "cpsat")
        answer = solve_and_verify(of, "cpsat", model, None, limits(of, of.spec.train.stages[0], None), watch)
        assert answer.found is not None
        assert answer.claim is not None
        assert answer.found.loss <= answer.claim
        assert optimum <= answer.found.loss
        if len(set(groups)) == 6:
            assert answer.claim == optimum


def test_where_no_loss_is_less_there_is_nothing_to_solve() -> None:
    split = Split(training(TWINS, (1,)))
    assert split.best.loss == least(TWINS, 1) == split.record.bound == 1
    assert (split.record.status, split.record.steps, split.record.claimed_loss) == (StageStatus.OPTIMAL, (), None)


@pytest.mark.parametrize("data", [XOR, LINE], ids=["xor", "line"])
def test_with_a_subset_for_each_sample_it_is_the_exact_model(data: Dataset) -> None:
    split = Split(training(data, (1,)))
    assert split.best.loss == least(data, 1) == split.record.bound == split.record.claimed_loss
    assert split.record.status is StageStatus.OPTIMAL
    subsets = [step.subsets for step in split.record.steps]
    assert subsets == list(range(2, 2 + len(subsets)))
    assert subsets[-1] == data.merged_rows  # equal samples share their activations anyway


@pytest.mark.parametrize("solver", ["scip", "highs"])
def test_continuous_weights(solver: Solver) -> None:
    split = Split(training(XOR, (1,), weights=Interval(-1.0, 1.0), solver=solver))
    assert split.best.loss == 1
    assert (split.record.bound, split.record.margin) == (1, 1e-4)


def test_it_ends_when_no_network_can_be_better() -> None:
    split = Split(training(LINE, ()), splits=9, start=GOOD)
    assert len(split.record.steps) == 5
    twins = Split(training(TWINS, ()), splits=9, start=Network((Layer(np.array([[1.0]]), np.array([-1.0])),)))
    assert (twins.record.steps, twins.record.solver, twins.record.status, twins.best.loss) == ((), "", StageStatus.OPTIMAL, 1)
    assert twins.record.notes == ("no network has a lesser loss: there was nothing to solve",)


# ---- the patterns of the best network

BETWEEN = Network(  # 1 between 3 and 5, and from 6 on: three patterns, one error
    (Layer(np.array([[1.0], [-1.0]]), np.array([-3.0, 5.0])), Layer(np.array([[1.0, 0.0]]), np.array([-1.0])))
)


def test_a_subset_for_each_pattern_where_they_are_few() -> None:
    train = LINE.train
    assert own_patterns(BETWEEN, train, 2).tolist() == [0, 0, 2, 2, 2, 1]
    assert own_patterns(BETWEEN, train, 1).tolist() == [0] * 6
    assert own_patterns(GOOD, train, 9).tolist() == [0] * 6  # no hidden layer, no patterns


def test_the_first_model_is_solved_from_the_best_network(monkeypatch: pytest.MonkeyPatch) -> None:
    of = training(LINE, solver="scip")
    assert of.incumbent(BETWEEN).loss > 0
    fake = install(monkeypatch, lambda call: says(StageStatus.NO_SOLUTION))
    split = Split(of, splits=4, start=BETWEEN)
    assert [step.subsets for step in split.record.steps] == [3, 4, 5]
    for call in fake.calls:
        assert call.start is not None
        assert call.milp.objective(call.start) == of.incumbent(BETWEEN).loss
    assert split.best.network == BETWEEN


def test_of_many_patterns_none_is_kept_but_the_network_is(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(StageStatus.NO_SOLUTION))
    split = Split(training(LINE, solver="scip"), splits=1, start=BETWEEN)
    assert [step.subsets for step in split.record.steps] == [2]
    assert split.best.network == BETWEEN


def test_before_that_there_is_no_bound() -> None:
    split = Split(training(LINE), splits=2)
    assert split.record.bound is None
    assert split.record.status is StageStatus.FEASIBLE
    assert split.record.claimed_loss is not None


def test_a_minibatch_weighs_classes_as_the_whole_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of balanced classes 2 : 8 an error on the rare one costs four times as much, in every minibatch."""
    data = dataset([[float(v)] for v in range(10)], [0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    of = training(data, (1,), solver="scip")
    of = replace(of, spec=replace(of.spec, train=replace(of.spec.train, class_weight="balanced")))
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    asked: list[TrainingProblem] = []

    def made(few: TrainingProblem, target: str, groups: Ints | None = None) -> Model:
        asked.append(few)
        return make_model(few, target, groups=groups)

    monkeypatch.setattr(data_split, "make_model", made)
    staged(DataSplit(splits=4, minibatch=3), of, constant(of), Budget(None, Interrupt()))
    assert [len(few.samples) for few in asked] == [3] * 4
    assert {few.costs for few in asked} == {of.costs}
    assert of.costs.classes == (Fraction(5, 2), Fraction(5, 8))


def test_a_minibatch_claims_nothing_about_the_whole() -> None:
    split = Split(training(LINE), splits=3, minibatch=4)
    assert (split.record.bound, split.record.claimed_loss) == (None, None)
    assert [step.samples for step in split.record.steps] == [4, 4, 4]
    assert all(step.loss is not None for step in split.record.steps)


def test_equal_seeds_find_equal_networks() -> None:
    first, second = (Split(training(tiny(5)), splits=2, minibatch=5, by="loss") for _ in range(2))
    assert first.best == second.best
    assert [step.loss for step in first.record.steps] == [step.loss for step in second.record.steps]


# ---- subsets


@given(st.integers(1, 12), st.integers(0, 99), st.sampled_from(["kmeans", "loss"]))
@settings(max_examples=examples(25))
def test_splitting_ends_with_the_different_samples(samples: int, seed: int, by: str) -> None:
    rng = np.random.default_rng(seed)
    data = dataset(rng.integers(0, 3, (samples, 2)).astype(float).tolist(), rng.integers(0, 2, samples).tolist())
    losses, equal = rng.integers(0, 2, samples), equal_rows(data.train)
    stage = DataSplit(n_init=1, by=by)  # type: ignore[arg-type]
    groups = np.zeros(samples, dtype=np.int64)
    for count in range(2, data.merged_rows + 1):
        finer = split_worst(groups, equal, losses, data.train.x, stage, seed)
        assert sorted(set(finer.tolist())) == list(range(count))
        assert refines(finer, groups)
        groups = finer
    assert refines(equal, groups)
    assert refines(groups, equal)
    assert np.array_equal(split_worst(groups, equal, losses, data.train.x, stage, seed), groups)


def refines(finer: Ints, coarser: Ints) -> bool:
    return len(set(zip(finer.tolist(), coarser.tolist(), strict=True))) == len(set(finer.tolist()))


def test_the_subset_with_the_largest_loss_is_split() -> None:
    x = np.array([[0.0], [1.0], [5.0], [10.0], [11.0], [12.0]])
    groups, equal = np.array([0, 0, 0, 1, 1, 1]), np.arange(6)
    split = split_worst(groups, equal, np.array([1, 0, 0, 0, 0, 0]), x, DataSplit(), 0)
    assert refines(split, np.array([0, 0, 2, 1, 1, 1]))
    split = split_worst(groups, equal, np.array([0, 0, 0, 0, 1, 1]), x, DataSplit(by="loss"), 0)
    assert refines(split, np.array([0, 0, 0, 1, 2, 2]))


def test_groups_are_numbered_without_gaps() -> None:
    assert renumbered(np.array([7, 2, 7])) is not None
    assert np.array_equal(renumbered(np.array([7, 2, 7])), [1, 0, 1])  # type: ignore[arg-type]
    assert renumbered(np.array([7, 2, 3])) is None


# ---- selection

GOOD = Network((Layer(np.array([[1.0]]), np.array([-3.0])),))  # one error on LINE
LATE = Network((Layer(np.array([[1.0]]), np.array([-5.0])),))  # one error too
LAZY = Network((Layer(np.array([[1.0]]), np.array([-6.0])),))  # two errors, and right on the validation part


def validated() -> TrainingProblem:
    data = replace(LINE, validation=part([[5.0], [5.5], [6.0]], [0, 0, 1], LINE.recipe))
    return training(data, ())


@pytest.fixture
def networks(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets solvers find these networks, one after another, whatever the model."""

    def find(*found: Network) -> None:
        install(monkeypatch, *(partial(finds, network) for network in found))
        monkeypatch.setattr("bdnnlang.run.solving.verified_incumbent", unpolished)

    return find


def finds(network: Network, call: Call) -> Outcome:
    return says(Status.FEASIBLE, answer_point(network, call), 9.0, 0.0)


def unpolished(of: TrainingProblem, model: Model, x: Floats, claim: int) -> Incumbent:
    return of.incumbent(model.decode(x))


def answer_point(network: Network, call: Call) -> Floats:
    x = np.zeros(call.milp.columns)
    x[:2] = [network.layers[0].weights[0, 0], network.layers[0].biases[0]]
    return x


def test_validation_selects_and_the_least_training_loss_is_handed_on(networks: Callable[..., None]) -> None:
    networks(GOOD, LAZY, LATE)
    split = Split(validated(), splits=3)
    assert [step.loss for step in split.record.steps] == [1, 2, 1]
    assert (split.selected.loss, split.best.loss) == (2, 1)
    assert split.record.validation_accuracy == 1.0
    assert split.record.notes[0] == "selected by validation accuracy; a network of less training loss, 1, is handed on"


def test_training_loss_selects_when_asked(networks: Callable[..., None]) -> None:
    networks(LAZY, GOOD)
    split = Split(validated(), splits=2, select="training")
    assert split.selected is split.best
    assert split.record.validation_accuracy is None
    assert split.record.steps[0].validation_accuracy == 1.0


def test_among_equals_the_training_loss_decides(networks: Callable[..., None]) -> None:
    networks(LATE, GOOD)
    of = validated()
    same = replace(of, data=replace(of.data, validation=part([[6.0]], [1], LINE.recipe)))
    assert Split(same, splits=2).selected.loss == 1


# ---- starts


def test_a_network_that_splits_subsets_is_no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The constant network is, and the last tied one."""
    fake: FakeSolver = install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    of = training(LINE, ())
    Split(of, splits=5, start=GOOD)
    starts = [call.start for call in fake.calls]
    assert all(start is not None for start in starts)
    objectives = [call.milp.objective(call.start) for call in fake.calls if call.start is not None]
    assert objectives[0] == 3
    assert objectives[-1] == 1  # each sample its own subset: any network fits


def test_biases_of_more_samples_are_cut_to_the_box() -> None:
    of = training(LINE, ())
    few = replace(of, data=LINE.train_on(np.array([0, 1])))
    model = make_model(few, "cpsat")
    silent = Network((Layer(np.array([[1.0]]), np.array([-6.5])),))
    point = model.encode(silent)
    assert model.milp.feasible(point)
    cut = model.decode(point)
    assert cut.layers[0].biases[0] > -6.5
    assert np.array_equal(cut.layers[0].weights, silent.layers[0].weights)
    assert few.evaluate(cut) == few.evaluate(silent)


def test_some_of_the_samples() -> None:
    few = TWINS.train_on(np.array([3, 0, 1]))
    assert few.train.y.tolist() == [1, 0, 1]
    assert few.train.rows.tolist() == [3, 0, 1]
    assert (few.merged_rows, few.irreducible_errors) == (2, 1)
    assert few.train.exact_row(0) == TWINS.train.exact_row(3)


# ---- ends


def test_an_interrupt_ends_the_stage_and_keeps_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt = Interrupt()

    def solve(call: Call) -> Outcome:
        call.on_event(FoundSolution(0.1, 9.0, answer_point(GOOD, call)))
        interrupt.request()
        return says(Status.INTERRUPTED if call.stop() else Status.OPTIMAL)

    fake = install(monkeypatch, solve)
    split = Split(training(LINE, ()), 60.0, interrupt)
    assert len(fake.calls) == 1
    assert split.record.status is StageStatus.INTERRUPTED
    assert split.best.loss == 1


@pytest.mark.parametrize("status", [Status.NO_SOLUTION, Status.FAILED])
def test_without_solutions_the_start_stays(monkeypatch: pytest.MonkeyPatch, status: Status) -> None:
    install(monkeypatch, lambda call: says(status, reason="it fell over"))
    split = Split(training(LINE, ()), 60.0, start=GOOD, splits=2)
    assert split.best.network == GOOD
    assert (split.record.status is StageStatus.FAILED) is (status is Status.FAILED)
    assert split.record.notes == (("it fell over",) if status is Status.FAILED else ())


def test_claims_that_networks_do_not_keep_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.OPTIMAL, answer_point(LAZY, call), 0.0, 0.0))
    split = Split(training(LINE, ()), 60.0, splits=2)
    assert split.record.notes == ("2 of 2 claims not kept by the network",)
    assert split.best.loss == 2


def test_the_time_is_shared_among_the_splits(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    Split(training(LINE, ()), 40.0, splits=4)
    assert fake.calls[0].limits.seconds == pytest.approx(9.5, abs=0.5)
    fake = install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    Split(training(LINE, ()), 40.0, splits=2, step_time=3.0)
    assert [call.limits.seconds for call in fake.calls] == [3.0, 3.0]


def test_the_time_of_the_stage_is_kept() -> None:
    rng = np.random.default_rng(1)
    data = dataset(rng.integers(0, 9, (60, 12)).astype(float).tolist(), rng.integers(0, 2, 60).tolist())
    began = time.monotonic()
    split = Split(training(data, (6, 5)), 4.0, n_init=1)
    assert time.monotonic() - began < 6.0
    assert len(split.record.steps) < 20
