"""Stage `local_search { method = coordinate }`: never worse, inside the domains, the same for the same seed, within its time."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Biases, OracleLayer, least_loss
from problems import SIGNS, Case, cases, dataset, inside, network_spec, plain_loss, plain_rows, spec
from staged import staged

from bdnnlang import cli
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import (
    Integers,
    Interval,
    Linf,
    LocalSearch,
    NetworkSpec,
    Penalty,
    Perturbation,
    RobustSpec,
    Spec,
    Thresholds,
)
from bdnnlang.model.build import build_spec
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.network import Network
from bdnnlang.problem.certificate import certify
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.schedule import prepare, run
from bdnnlang.run.solving import make_model
from bdnnlang.run.stages.local_search import RESTARTS
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.search.certified_descent import state_of
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.search.hyperplanes import random_weights
from bdnnlang.search.multistart import Search as MultiStart
from bdnnlang.search.search_problem import search_problem_of

XOR = dataset([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
ROW = dataset([[float(v)] for v in range(8)], [0, 1, 1, 0, 0, 1, 0, 1])
REAL = Interval(-1.0, 1.0)
coordinate = partial(LocalSearch, method="coordinate")


def noise(rows: int, features: int, classes: int = 2, seed: int = 0) -> Dataset:
    rng = np.random.default_rng(seed)
    return dataset(rng.integers(0, 9, (rows, features)).astype(float).tolist(), rng.integers(0, classes, rows).tolist(), classes)


def training(data: Dataset, network: NetworkSpec, loss: Loss | None = None, **more: object) -> TrainingProblem:
    own = spec(network, loss)
    own = replace(own, train=replace(own.train, **more))  # type: ignore[arg-type]
    return TrainingProblem(own, data)


class Search:
    """Runs the stage from the constant network and keeps what happened."""

    def __init__(
        self,
        of: TrainingProblem,
        stage: LocalSearch = coordinate(restarts=10),  # noqa: B008  (it is frozen)
        seconds: float | None = None,
        interrupt: Interrupt | None = None,
        start: Network | None = None,
    ) -> None:
        first = constant_incumbent(build_spec(of), of)
        self.start: Incumbent = first if start is None else of.incumbent(start)
        self.done = staged(stage, of, self.start, Budget(seconds, interrupt or Interrupt()))
        self.best, self.record = self.done.best, self.done.record
        assert self.best == of.incumbent(self.best.network)
        assert self.best.objective <= self.start.objective
        assert inside(self.best.network, of.spec.network) or self.best is self.start
        told = [incumbent.objective for incumbent in self.done.better]
        assert told == sorted(set(told), reverse=True)

    @property
    def loss(self) -> object:
        return self.best.loss


@pytest.mark.parametrize("weights", [SIGNS, REAL, Integers(-100, 100)], ids=str)
@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer"])
def test_it_finds_what_a_single_layer_cannot(weights: Integers | Interval, thresholds: Thresholds) -> None:
    search = Search(training(XOR, network_spec((2,), weights, thresholds=thresholds)), coordinate(restarts=60))
    assert search.loss == 0
    assert search.record.status is StageStatus.OPTIMAL
    assert (search.record.solver, search.record.columns, search.record.claimed_loss) == ("", 0, None)


@given(case=cases(), seed=st.integers(0, 99))
@settings(max_examples=examples(60))
def test_whatever_it_is_given_it_keeps_the_domains_and_its_word(case: Case, seed: int) -> None:
    """From a network out of the domains; all losses, depths, encodings, thresholds and domains."""
    own = TrainingProblem(spec(case.network_spec, case.loss), case.data)
    own = replace(own, spec=replace(own.spec, train=replace(own.spec.train, seed=seed)))
    search = Search(own, coordinate(restarts=2, sweeps=2), start=case.network)
    assert plain_loss(search.best.network, case.data, case.true_loss) == search.loss
    assert inside(search.best.network, case.network_spec)


# ---- against brute force


@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer", "zero"])
@pytest.mark.parametrize(
    ("hidden", "classes", "loss"), [((2,), 2, "zero_one"), ((2, 1), 2, "zero_one"), ((2,), 3, "hamming"), ((1,), 3, "pattern")]
)
def test_it_finds_the_optimum_of_tiny_networks(hidden: tuple[int, ...], classes: int, loss: Loss, thresholds: Thresholds) -> None:
    rng = np.random.default_rng(len(hidden) + classes)
    rows = rng.integers(-2, 3, (6, 2)).astype(float).tolist()
    data = dataset(rows, rng.integers(0, classes, 6).tolist(), classes)
    widths = (*hidden, 1 if classes == 2 else classes)
    layers = [OracleLayer(width, (-1, 0, 1), Biases((-1, 0, 1))) for width in widths]
    least = least_loss(plain_rows(data), data.train.y.tolist(), layers, thresholds, loss)
    own = network_spec(hidden, SIGNS, None if thresholds == "zero" else SIGNS, thresholds)
    found = [Search(training(data, own, loss, seed=seed), coordinate(restarts=40)).loss for seed in range(3)]
    assert all(value >= least for value in found)
    assert found.count(least) >= 2


# ---- seeds, limits, interrupts


@pytest.mark.parametrize("weights", [SIGNS, REAL], ids=str)
def test_equal_seeds_find_equal_networks(weights: Integers | Interval) -> None:
    data = noise(60, 4)
    first, second, other = (Search(training(data, network_spec((3,), weights), seed=seed)) for seed in (1, 1, 2))
    assert first.best == second.best
    assert [step.loss for step in first.record.steps] == [step.loss for step in second.record.steps]
    assert first.record.notes == second.record.notes
    assert other.best.network != first.best.network


def test_more_starts_are_never_worse() -> None:
    of = training(noise(80, 5), network_spec((3,), REAL))
    losses = [Search(of, coordinate(restarts=n)).loss for n in (0, 3, 30)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(("width", "begins_anew"), [(2, True), (6, False)])
def test_a_chain_that_leads_no_further_ends_where_the_network_is_narrow(
    width: int, begins_anew: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next begins with another network, however bad; the best one is kept."""
    monkeypatch.setattr("bdnnlang.search.multistart.PATIENCE", 3)
    of = training(noise(30, 3), network_spec((width,), SIGNS))
    search = MultiStart(coordinate(), of, Budget(None, Interrupt()), lambda found: None, constant_incumbent(build_spec(of), of))
    rises = 0
    for _ in range(60):
        before = search.base.objective
        search.explore()
        rises += search.base.objective > before
        assert search.best.objective <= search.base.objective
    assert (rises > 0) == begins_anew


def test_restarts_and_sweeps_are_limits() -> None:
    of = training(noise(80, 5), network_spec((3,), REAL))
    assert Search(of, coordinate(restarts=4)).record.notes[0].startswith("5 starts")
    assert Search(of, coordinate()).record.notes[0].startswith(f"{RESTARTS + 1} starts")
    of = training(noise(80, 5), network_spec((3,), SIGNS))  # of real weights a new best network is widened, and followed
    few, many = (Search(of, coordinate(restarts=4, sweeps=n)).record.notes[0] for n in (1, 2))
    assert few == f"5 starts, {5 * (3 * 6 + 4)} lines searched"  # three neurons of five weights and a bias, and the output
    assert many == f"5 starts, {2 * 5 * (3 * 6 + 4)} lines searched"


@pytest.mark.parametrize("method", [None, "pattern", "certified"])
def test_lines_that_no_time_was_left_for_do_not_count(method: Literal["pattern", "certified"] | None) -> None:
    """Time is up when a neuron is to move; before, it has as many lines as weights and a bias."""
    of = training(noise(40, 5), network_spec((3,), SIGNS))
    around = None if method is None else RobustSpec(Perturbation(Linf(0.25)), method)
    problem = search_problem_of(TrainingProblem(replace(of.spec, robust=around), of.data))
    is_over = False
    state = state_of(problem, random_weights(problem, (3, 1), RandomStream(1)), lambda: is_over)
    assert state.improve(0, 1, RandomStream(0)) == 6
    is_over = True
    assert state.improve(0, 1, RandomStream(0)) == 0


def test_the_time_of_the_stage_is_kept() -> None:
    began = time.monotonic()
    search = Search(training(noise(300, 12), network_spec((5, 4), REAL)), coordinate(), 0.5)
    assert time.monotonic() - began < 3.0
    assert search.record.status is StageStatus.FEASIBLE


class InterruptLater(Interrupt):
    """Asked for within a descent."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    def __getattribute__(self, name: str) -> object:
        if name == "count":
            self.looks -= 1
            return int(object.__getattribute__(self, "looks") < 0)
        return super().__getattribute__(name)


def test_an_interrupt_ends_the_stage_and_keeps_what_was_found() -> None:
    search = Search(training(noise(80, 5), network_spec((3,), REAL)), coordinate(), 30.0, InterruptLater(150))
    assert search.record.status is StageStatus.INTERRUPTED
    assert search.best.loss < search.start.loss
    assert search.record.seconds < 10


def test_it_stops_at_the_loss_that_equal_samples_leave() -> None:
    data = dataset([[1.0], [1.0], [1.0], [2.0]], [0, 1, 1, 0])
    search = Search(training(data, network_spec((2,), REAL)), coordinate(), 60.0)
    assert search.loss == 1
    assert search.record.status is StageStatus.OPTIMAL
    assert search.record.seconds < 10


def test_starts_that_help_are_steps() -> None:
    search = Search(training(noise(80, 5), network_spec((3,), REAL)))
    told = search.done.steps
    assert [step.number for step in told] == list(range(1, len(told) + 1))
    assert tuple(step.record for step in told) == search.record.steps
    assert search.record.steps[-1].loss == search.loss
    starts = [step.start for step in search.record.steps]
    assert starts == sorted(starts)  # type: ignore[type-var]


# ---- what is minimised


@pytest.mark.parametrize("kind", ["l1", "l2", "sparsity"])
@pytest.mark.parametrize("weights", [SIGNS, REAL], ids=str)
@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer", "zero"])
def test_penalties_are_part_of_it(kind: str, weights: Integers | Interval, thresholds: Thresholds) -> None:
    data, own = noise(40, 4), network_spec((2,), weights, thresholds=thresholds)
    dear = Search(training(data, own, penalties=(Penalty(kind, 0.5),)))  # type: ignore[arg-type]
    free = Search(training(data, own), coordinate(restarts=30))
    price = training(data, own, penalties=(Penalty(kind, 0.5),)).costs.penalty  # type: ignore[arg-type]
    assert dear.best.penalty == price(dear.best.network)
    assert dear.best.penalty < price(free.best.network)
    assert dear.best.loss >= free.best.loss - 2


def test_errors_count_by_their_class() -> None:
    data, own = noise(40, 2), network_spec((1,), REAL)
    found = Search(training(data, own, class_weight=(1.0, 50.0))).best
    assert found.loss < 50  # no error on the second class


@pytest.mark.parametrize("seed", range(3))
def test_a_solver_can_start_from_what_it_finds(seed: int) -> None:
    """Its margins are those that the model asks for, where they can be had."""
    rng = np.random.default_rng(seed)
    data = dataset(rng.random((60, 3)).round(3).tolist(), rng.integers(0, 2, 60).tolist())
    of = training(data, network_spec((2,), REAL), seed=seed)
    found = Search(of).best
    model = make_model(of, "scip")
    assert model.start(found.network) is not None


# ---- robust training


def robust(data: Dataset, radius: float, network: NetworkSpec) -> tuple[TrainingProblem, Spec]:
    own = replace(spec(network, stages=(coordinate(restarts=150),)), robust=RobustSpec(Perturbation(Linf(radius))))
    return training_problem(own, data), own


@pytest.mark.parametrize("weights", [SIGNS, REAL], ids=str)
@pytest.mark.parametrize("thresholds", ["per_neuron", "per_layer"])
def test_robust_networks_have_their_certificate(weights: Integers | Interval, thresholds: Thresholds) -> None:
    data = dataset([[1.0, 0.0], [2.0, 1.0], [6.0, 2.0], [7.0, 9.0], [12.0, 8.0], [13.0, 9.0]], [0, 0, 1, 1, 0, 0])
    of, own = robust(data, 1.0, network_spec((2,), weights, thresholds=thresholds))
    search = Search(of, coordinate(restarts=150))
    assert search.best.certified
    assert of.perturbation is not None
    assert own.robust is not None
    assert certify(search.best.network, own.robust, of.perturbation, data.train).complete
    assert search.best.loss == (1 if thresholds == "per_layer" and weights == SIGNS else 0)
    done = run(training_problem(own, data), emit=lambda fact: None, interrupt=Interrupt())
    assert (done.best, done.status is RunStatus.OPTIMAL) == (search.best, search.best.loss == 0)


def test_what_no_robust_network_can_do_is_not_claimed() -> None:
    """The classes lie within reach of one another: the constant network stays."""
    data = dataset([[float(v)] for v in range(8)], [0, 1] * 4)
    search = Search(robust(data, 3.0, network_spec((2,), REAL))[0])
    assert search.best.loss == 4


def test_without_any_robust_network_there_is_none() -> None:
    data = dataset([[1.0], [2.0]], [0, 1])
    own = robust(data, 10.0, network_spec((), Integers(1, 1), thresholds="zero"))[1]
    done = run(training_problem(own, data), emit=lambda fact: None, interrupt=Interrupt())
    assert (done.status, done.best) == (RunStatus.NO_NETWORK, None)


# ---- in a schedule


def test_a_run_without_a_solver_is_proved_by_counting() -> None:
    own = spec(network_spec((2,), REAL), stages=(coordinate(10.0),), time=None)
    done = run(training_problem(own, XOR), emit=lambda fact: None, interrupt=Interrupt())
    assert (done.status, done.bound, done.margin, done.solver) == (RunStatus.OPTIMAL, 0, None, "none")
    assert done.reason == "no stage asks one"


def test_a_solver_that_is_not_asked_need_not_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from bdnnlang import solve
    from bdnnlang.diagnostics import Rejected

    monkeypatch.setattr(solve, "available", lambda name: False)
    own = spec(network_spec((2,), REAL), solver="highs", stages=(coordinate(restarts=1),))
    assert prepare(training_problem(own, XOR))[0].name == "none"
    with pytest.raises(Rejected):
        prepare(training_problem(replace(own, train=replace(own.train, stages=(LocalSearch(method="alternate"),))), XOR))


SPEC = """bdnn 1
data iris { classes = ["versicolor", "virginica"] }
network { hidden 2 }
train { local_search { method = coordinate, restarts = 5 } }
"""


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, folder = tmp_path / "own.bdnn", tmp_path / "run"
    path.write_text(SPEC)
    assert cli.main(["check", str(path), "--strict"]) == 0
    assert cli.main(["plan", str(path)]) == 0
    assert "solver      none (no stage asks one)" in capsys.readouterr().out
    assert cli.main(["run", str(path), "--out", str(folder)]) == 0
    told = capsys.readouterr()
    assert "recomputed from the network in exact arithmetic" in told.out
    assert "solver   none (no stage asks one)" in told.out
    assert "local_search: no time limit" in told.err
    stage = json.loads((folder / "run.json").read_text())["stages"][0]
    assert (stage["solver"], stage["rows"], stage["bound"]) == ("", 0, None)
    assert cli.main(["verify", str(folder)]) == 0
